"""YAML as it stands in a file: plain data, and where each key was written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from crestline.errors import Problem, ScenarioError
from crestline.scenario.block import Place

_VERSION = re.compile(r"^%YAML[ \t]+(\S+)", re.MULTILINE)


class Document(NamedTuple):
    """One YAML document: its plain data, and the tree that remembers lines and columns."""

    data: Any
    tree: Any

    def position(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Line and column, from 1, of the deepest key or item along a path that has a place of its own."""
        line, column, node = 0, 0, self.tree
        for step in path:
            lc = getattr(node, "lc", None)
            found = (lc.data or {}).get(step) if lc is not None else None
            if found is not None:
                line, column = found[0], found[1]
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
        return line + 1, column + 1


def read_yaml(text: str, source: str) -> Document:
    """Read one document of YAML 1.2; a syntax error, a repeated key or another version is one problem."""
    version = _VERSION.search(text.split("\n---", 1)[0])
    if version and version[1] != "1.2":
        line = text.count("\n", 0, version.start()) + 1
        words = f"got YAML {version[1]}, expected 1.2; older YAML reads 22:00 as 1320, so take this line out"
        raise ScenarioError(source, [Problem(line, 1, words)])
    try:
        tree = YAML(typ="rt", pure=True).load(text)
        return Document(_plain(tree, {}), tree)
    except YAMLError as error:
        raise ScenarioError(source, [_syntax_problem(error)]) from None
    except RecursionError:
        raise ScenarioError(source, [Problem(None, None, "not YAML: nested too deeply")]) from None


def read_value(text: str) -> Any:
    """The plain data of one YAML value, as it stands after ``--set key=``."""
    return _plain(YAML(typ="rt", pure=True).load(text), {})


def _syntax_problem(error: YAMLError) -> Problem:
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Problem(None, None, f"not YAML: {' '.join(str(error).split())}")
    mark = error.problem_mark
    if "duplicate key" in (error.problem or ""):
        key = (re.findall(r'"([^"]*)"', error.problem or "") or ["?"])[0]
        return Problem(mark.line + 1, mark.column + 1, f"{key}: stands here twice; keep one")
    words = ", ".join(part.strip() for part in (error.context, error.problem) if part)
    return Problem(mark.line + 1, mark.column + 1, f"not YAML: {words}")


def _plain(node: Any, seen: dict[int, Any]) -> Any:
    """Copy ruamel's tree into dicts, lists and scalars; aliases stay shared, a loop is refused."""
    if isinstance(node, Mapping | list):
        return _plain_container(node, seen)
    if isinstance(node, bool | None):
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _plain_container(node: Mapping[Any, Any] | list[Any], seen: dict[int, Any]) -> Any:
    if id(node) in seen:
        if seen[id(node)] is None:
            msg = "a value contains itself"
            raise YAMLError(msg)
        return seen[id(node)]
    seen[id(node)] = None
    if isinstance(node, list):
        made: Any = [_plain(item, seen) for item in node]
    else:
        made = {_plain(key, seen): _plain(value, seen) for key, value in node.items()}
    seen[id(node)] = made
    return made


def spell_path(path: Place) -> str:
    """A path as people write it: ``agents.general.on_duty."16:00"``, ``objectives[1]``.

    >>> spell_path(("faults", 0, "at"))
    'faults[0].at'
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += ("." if text else "") + (step if re.fullmatch(r"[\w-]+", step) else f'"{step}"')
    return text
