"""``--set key=value``: changes to a scenario from the command line, each with its number for messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ruamel.yaml.error import YAMLError

from crestline.errors import Problem
from crestline.scenario.block import Place
from crestline.scenario.reading import read_value, spell_path
from crestline.units import show

_STEP = re.compile(r'"(?P<quoted>[^"]*)"|\'(?P<single>[^\']*)\'|\[(?P<index>\d+)\]|(?P<bare>[^.\[\]"\'=\s]+)')
_KEY = re.compile(r'(?:"[^"]*"|\'[^\']*\'|[^"\'=])*')


class Overridden(NamedTuple):
    """Data with the changes in, and which change (from 1) wrote at which path."""

    data: Any
    origins: dict[Place, int]
    problems: list[Problem]

    def origin(self, path: Place) -> int | None:
        """The number of the change that wrote what stands at a path, if one did."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        return None


def override(data: Any, sets: Sequence[str]) -> Overridden:
    """Apply changes in their order to a copy; what cannot be placed is a problem, the rest is judged as a whole."""
    done = Overridden(data, {}, [])
    for number, text in enumerate(sets, start=1):
        try:
            path, value = _parse(text)
            changed, written = _put(done.data, path, value, ())
        except (ValueError, YAMLError) as error:
            words = f"--set {number}: {' '.join(str(error).split())}"
            done.problems.append(Problem(None, None, words))
            continue
        done.origins.update(dict.fromkeys(written, number))
        done = done._replace(data=changed)
    return done


def _parse(text: str) -> tuple[Place, Any]:
    key = _KEY.match(text)
    end = key.end() if key else 0
    if text[end : end + 1] != "=":
        msg = f"got {show(text)}, expected key=value, such as agents.general.on_duty=20"
        raise ValueError(msg)
    path = _parse_path(text[:end].strip())
    try:
        return path, read_value(text[end + 1 :])
    except YAMLError as error:
        msg = f"{spell_path(path)}: {show(text[end + 1 :])} is not YAML: {getattr(error, 'problem', None) or error}"
        raise ValueError(msg) from None


def _parse_path(text: str) -> Place:
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None:
            break
        steps.append(_step(step))
        at = step.end() + (text[step.end() : step.end() + 1] == ".")
    if at < len(text) or not steps or text.endswith("."):
        msg = f'got the key {show(text)}, expected a path such as agents.general.on_duty."16:00" or faults[0].at'
        raise ValueError(msg)
    return tuple(steps)


def _step(step: re.Match[str]) -> str | int:
    if step["index"] is not None:
        return int(step["index"])
    return str(next(text for text in (step["quoted"], step["single"], step["bare"]) if text is not None))


def _put(node: Any, path: Place, value: Any, above: Place) -> tuple[Any, list[Place]]:
    """A copy of ``node`` with the value at ``path``, and every path that was written or created on the way."""
    if not path:
        return value, [above]
    step, rest = path[0], path[1:]
    if isinstance(node, list):
        return _put_item(node, step, rest, value, above)
    if node is None:
        node = {}
    if not isinstance(node, Mapping):
        msg = f"{spell_path((*above, *path))}: {spell_path(above)} is {show(node)}, which has no keys"
        raise ValueError(msg)  # noqa: TRY004 - collected with the other ValueErrors
    child, written = _put(
        node.get(step, [] if rest and isinstance(rest[0], int) else None), rest, value, (*above, step)
    )
    created = [] if step in node or not rest else [(*above, step)]
    return {**node, step: child}, [*created, *written]


def _put_item(items: list[Any], step: str | int, rest: Place, value: Any, above: Place) -> tuple[Any, list[Place]]:
    index = int(step) if str(step).isdecimal() else -1
    if not 0 <= index <= len(items):
        known = f"0 to {len(items) - 1}, or {len(items)} for a new one" if items else "0 for a new one"
        msg = f"{spell_path((*above, step, *rest))}: {spell_path(above)} is a list, expected {known}"
        raise ValueError(msg)
    child, written = _put(items[index] if index < len(items) else None, rest, value, (*above, index))
    created = [] if index < len(items) or not rest else [(*above, index)]
    return [*items[:index], child, *items[index + 1 :]], [*created, *written]
