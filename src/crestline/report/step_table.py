"""The parts of a window as a table: every step of a load that climbs, and what became of every objective in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crestline.measures import keys
from crestline.report import words
from crestline.report.figures.picture import Twin
from crestline.report.objectives import name
from crestline.units import format_level

Plain = Mapping[str, Any]


def step_table(run: Plain) -> Twin | None:
    """A row for every part: its level, its time, its result, and each objective as it was measured and forecast."""
    steps = run.get("steps")
    if not steps:
        return None
    currency = run.get("currency") or ""
    asked = [f"{name(each['name'])} {_limit(each, currency)}" for each in steps[0]["objectives"]]
    return Twin(("level", "from", "to", "result", *asked), tuple(_row(step, currency) for step in steps))


def _row(step: Plain, currency: str) -> tuple[str, ...]:
    cells = [_cell(each, currency) for each in step["objectives"]]
    explored = "" if step["asked"] else ", explored"
    result = f"{words.WORDS.get(step['result'], step['result'])}{explored}"
    return (format_level(step["level"]), step["start"], step["end"], result, *cells)


def _limit(objective: Plain, currency: str) -> str:
    return words.limit(objective["op"], objective["limit"], keys.unit(objective["measure"]), currency)


def _cell(objective: Plain, currency: str) -> str:
    unit = keys.unit(objective["measure"])
    measured, forecast = (words.value(objective[world], unit, currency) for world in ("measured", "forecast"))
    expected = "" if forecast == words.NOTHING else f" ({forecast})"
    return f"{words.SIGNS.get(objective['result'], '?')} {measured}{expected}"
