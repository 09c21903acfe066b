"""From a name, a path or a dict to a checked scenario, or to every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from crestline.errors import Problem, ScenarioError
from crestline.scenario.block import Place, nearest, spelled
from crestline.scenario.checks import CHECKS
from crestline.scenario.model import Scenario
from crestline.scenario.overrides import Overridden, override
from crestline.scenario.reading import Document, read_yaml, spell_path

Wrong = tuple[str, str, Place]  # kind, words, place

# Stands where a part is missing or wrong, so that what does not depend on it can still be checked.
_STAND_IN: dict[str, Any] = {
    "name": "stand-in",
    "demand": {"rate": "1/h"},
    "contacts": {"any": {"share": 1, "handle_time": {"constant": "1s"}, "patience": "never"}},
    "agents": {"any": {"skills": ["any"], "on_duty": 1}},
}


class _Input(NamedTuple):
    """What is to be read: how messages call it, where its files lie, and its content."""

    source: str
    folder: Path
    document: Document


def shipped() -> dict[str, Any]:
    """The scenarios that come with the package, by name."""
    entries = files("crestline.scenarios").iterdir()
    return {e.name.removesuffix(".yaml"): e for e in sorted(entries, key=lambda e: e.name) if e.name.endswith(".yaml")}


def load(scenario: str | Path | Mapping[str, Any], sets: Sequence[str] = ()) -> Scenario:
    """The scenario of a shipped name, a YAML file or a dict, with changes such as ``agents.general.on_duty=20``.

    Raises ScenarioError with every problem at once, each with its place and what was expected.
    """
    given = _open(scenario)
    changed = override(given.document.data, sets)
    made, wrong = _validate(changed.data, given.folder)
    problems = [*changed.problems, *(_placed(each, given.document, changed) for each in wrong)]
    if problems or made is None:
        raise ScenarioError(given.source, list(dict.fromkeys(problems)))
    return made


def changed(scenario: Scenario, sets: Sequence[str]) -> Scenario:
    """Another scenario: this one with changes such as ``agents.general.on_duty=20``."""
    return load(spelled(scenario), sets)


def _open(scenario: str | Path | Mapping[str, Any]) -> _Input:
    if isinstance(scenario, Mapping):
        return _Input("scenario", Path(), Document(dict(scenario), None))
    name = str(scenario)
    if Path(name).name == name and not name.endswith((".yaml", ".yml")) and not Path(name).is_file():
        return _open_shipped(name)
    try:
        text = Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else f"not UTF-8 text: {error}"
        words = f"cannot be read: {reason}; expected a YAML file, or one of {', '.join(shipped())}"
        raise ScenarioError(name, [Problem(None, None, words)]) from None
    return _Input(name, Path(name).parent, _read(text, name))


def _open_shipped(name: str) -> _Input:
    known = shipped()
    if name not in known:
        words = f"no shipped scenario and no file of this name; {nearest(name, known)}"
        raise ScenarioError(name, [Problem(None, None, words)])
    source = f"{name}.yaml"
    return _Input(source, Path(), _read(known[name].read_text(encoding="utf-8"), source))


def _read(text: str, source: str) -> Document:
    document = read_yaml(text, source)
    if document.data is None:
        words = "is empty, expected a scenario; crestline init writes one to start from"
        raise ScenarioError(source, [Problem(1, 1, words)])
    return document


def _validate(data: Any, folder: Path) -> tuple[Scenario | None, list[Wrong]]:
    """The scenario, and what is wrong with it; parts are checked against each other as far as they are sound."""
    context = {"folder": folder}
    wrong: list[Wrong] = []
    made: Scenario | None = None
    try:
        made = Scenario.model_validate(data, context=context)
    except ValidationError as error:
        wrong = [(e["type"], e["msg"], e["loc"]) for e in error.errors()]
        made = _sound_parts(data, {str(place[0]) for _, _, place in wrong if place}, context)
    unsound = {str(place[0]) for _, _, place in wrong if place}
    for check in CHECKS:
        if made is not None and not check.needs & unsound:
            wrong += [("wrong", words, place) for place, words in check.run(made)]
    return (None if wrong else made), wrong


def _sound_parts(data: Any, unsound: set[str], context: dict[str, Any]) -> Scenario | None:
    if not isinstance(data, Mapping):
        return None
    known = {field.alias or name for name, field in Scenario.model_fields.items()}
    sound = {key: value for key, value in data.items() if key in known - unsound}
    return Scenario.model_validate({**_STAND_IN, **sound}, context=context)


def _placed(wrong: Wrong, document: Document, changed: Overridden) -> Problem:
    kind, words, place = wrong
    path = _path_in(changed.data, place, keep_last=kind == "absent")
    message = f"{spell_path(path)}: {words}" if path else words
    number = changed.origin(path)
    if number is not None:
        return Problem(None, None, f"--set {number}: {message}")
    if document.tree is None:
        return Problem(None, None, message)
    return Problem(*document.position(path), message)


def _path_in(data: Any, place: Place, *, keep_last: bool) -> Place:
    """The part of a place that can be seen in the file: without the names of union members and inner fields."""
    path: list[str | int] = []
    node = data
    for number, step in enumerate(place, start=1):
        if _holds(node, step):
            path.append(step)
            node = node[step]
        elif keep_last and number == len(place):
            path.append(step)
    return tuple(path)


def _holds(node: Any, step: str | int) -> bool:
    if isinstance(node, Mapping):
        return step in node
    return isinstance(node, list | tuple) and isinstance(step, int) and step < len(node)
