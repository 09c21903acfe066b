"""Write the fitted service as a scenario file that people can read: YAML with its comments beside the lines."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from crestline.fit.document import Document

_PLAIN = re.compile(r"[A-Za-z][\w.-]*")
_RESERVED = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
_INLINE = frozenset({"day", "handle_time", "patience", "delay", "vip", "skills"})
COMMENT_AT = 46


def compose(content: Document, header: Sequence[str]) -> str:
    """The file's text: header lines as comments, then every key of ``content`` with its comment."""
    lines = [f"# {line}".rstrip() for line in header]
    for key, value in content.data.items():
        lines += [""] if isinstance(value, dict | list) else []
        lines += _entry(content, (key,), value)
    return "\n".join(lines) + "\n"


def _entry(content: Document, path: tuple[str, ...], value: Any) -> list[str]:
    """One key with its value: on one line where that reads well, else indented below."""
    indent, key = "  " * (len(path) - 1), _key(path[-1])
    comment = content.comments.get(path)
    if not isinstance(value, dict | list) or path[-1] in _INLINE:
        return [_beside(f"{indent}{key}: {_flow(value)}", comment)]
    head = _beside(f"{indent}{key}:", comment)
    if isinstance(value, list):
        return [head, *(f"{indent}  - {_flow(item)}" for item in value)]
    return [head, *(line for name, inner in value.items() for line in _entry(content, (*path, name), inner))]


def _beside(line: str, comment: str | None) -> str:
    return f"{line:<{COMMENT_AT}}  # {comment}" if comment else line


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """Quoted unless YAML 1.2 can only read it as this text."""
    if not isinstance(value, str):
        return str(value)
    quantity = re.fullmatch(r"[0-9.]+(s|min|h|%|/h)|[a-z][\w ]*(<|>=) [0-9.]+(%|s)", value)
    return value if quantity or _is_plain(value) else json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if _is_plain(name) or re.fullmatch(r"[0-9.]+%", name) else json.dumps(name, ensure_ascii=False)


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and text.lower() not in _RESERVED
