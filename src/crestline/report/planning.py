"""The sentences of a staffing plan: what it costs, how it is proven, its shifts, and how far demand may rise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crestline.report import words
from crestline.units import format_level

Run = Mapping[str, Any]


def remarks(run: Run) -> Iterator[tuple[str, str]]:
    """What there is to say of a roster as a whole."""
    made = run.get("plan") or {}
    if made.get("breaking"):
        yield "LEVEL", breaking_sentence(made["breaking"])
    if not made.get("cells"):
        return
    cost = f", {words.quantity(made['cost'], 'currency', run.get('currency') or '')}" if made.get("cost") else ""
    yield "ROSTER", f"{made['person_hours']:,.1f} hours on duty{cost}{_one_less(made.get('one_less'))}"
    yield "PROVEN", _proven(made["verified"], what=" what agents can hold" if made["beyond"] else "")
    if made.get("shifts"):
        yield "SHIFTS", _shifts(run, made["shifts"])
    yield "BASIS", f"{made['days']} days of usual demand, without faults and without standby"


def _one_less(tried: Mapping[str, int] | None) -> str:
    """Over all cells of the roster; nothing of a run that was written before they were counted."""
    if tried is None:
        return ""
    if not tried["of"]:
        return "; the minimum stands everywhere"
    return f"; one agent less breaks an objective at once in {tried['breaks']} of {tried['of']} places"


def _proven(verified: Mapping[str, Any], what: str) -> str:
    held = f"{verified['held']} of {verified['intervals']} intervals hold{what} on {verified['days']} fresh days"
    return f"{held} (seed {verified['seed']}); stated risk: {verified['may_miss']} of them may miss"


def _shifts(run: Run, shifts: Mapping[str, Any]) -> str:
    cost = f", {words.quantity(shifts['cost'], 'currency', run.get('currency') or '')}" if shifts["cost"] else ""
    persons = sum(each["persons"] for each in shifts["worked"])
    proven = "" if shifts["least_cost"] else "; there may be a cheaper cover"
    over = f"{shifts['over_hours']:,.1f} hours more than needed"
    return f"{persons} persons, {shifts['paid_hours']:,.1f} paid hours{cost}; {over}{proven}"


def breaking_sentence(found: Mapping[str, Any]) -> str:
    """How far demand may rise, and what breaks first."""
    if found["breaks"] is None:
        return f"everything holds up to {format_level(found['holds'])} of demand, the highest that was tried"
    breaks = f"at {_level(found['breaks'])} {found['objective']} breaks first, at {found['start']}: {found['said']}"
    if found["holds"] is None:
        return f"no level holds; {breaks}"
    return f"the roster holds up to {_level(found['holds'])} of demand; {breaks}"


def _level(level: float) -> str:
    return f"{level * 100:.1f}".removesuffix(".0") + " %"
