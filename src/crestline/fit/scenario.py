"""Write the fitted service as a scenario file that people can read: YAML with its comments beside the lines."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from crestline.fit.document import Document

_PLAIN = re.compile(r"[A-Za-z][\w.-]*")
_RESERVED = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
_INLINE = frozenset({"day", "handle_time", "patience", "vip", "skills"})
COMMENT_AT, WIDTH = 46, 120


def compose(content: Document, header: Sequence[str]) -> str:
    """The file's text: header lines as comments, then every key of ``content`` with its comment."""
    lines = [part for line in header for part in _comment(line)]
    for key, value in content.data.items():
        lines += [""] if isinstance(value, dict | list) else []
        lines += _entry(content, (key,), value)
    return "\n".join(lines) + "\n"


def _entry(content: Document, path: tuple[str, ...], value: Any) -> list[str]:
    """One key with its value: on one line where that reads well, else indented below."""
    indent, key = "  " * (len(path) - 1), _key(path[-1])
    comment = content.comments.get(path)
    if not isinstance(value, dict | list) or path[-1] in _INLINE:
        return _commented(f"{indent}{key}: {_flow(value)}", comment)
    head = _commented(f"{indent}{key}:", comment)
    if isinstance(value, list):
        return [*head, *(f"{indent}  - {_flow(item)}" for item in value)]
    return [*head, *(line for name, inner in value.items() for line in _entry(content, (*path, name), inner))]


def _commented(line: str, comment: str | None) -> list[str]:
    """The comment beside its line, or above it where that would be too wide."""
    if comment is None:
        return [line]
    beside = f"{line:<{COMMENT_AT}}  # {comment}"
    if len(beside) <= WIDTH:
        return [beside]
    return [*_comment(comment, " " * (len(line) - len(line.lstrip()))), line]


def _comment(text: str, indent: str = "") -> list[str]:
    """Commands stay on one line, so that they can be copied."""
    if text.startswith("crestline "):
        return [f"{indent}# {text}"]
    return wrap(text, WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}#   ")


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
