"""The objectives of a run as lines of text: what the limits table says on every screen and page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from crestline.measures import keys
from crestline.report import unseen, words

_TEXT = re.compile(r"(?P<what>[^<>=]+?)\s*(?:<=|>=|<|>).*?(?P<rest>(?:\s+for\s+\S+)?(?:\s+each\s+interval)?)\s*")


class ObjectiveLine(NamedTuple):
    """One objective, spelled out."""

    name: str
    limit: str
    measured: str
    interval: str
    same_rows: str
    forecast: str
    forecast_interval: str
    band: str
    worse: str  # one simulated day in twenty is worse than this
    held: str  # the share of simulated days that hold it
    result: str  # met, missed or inconclusive
    why: str

    @property
    def sign(self) -> str:
        """The sign beside the word of the result."""
        return words.SIGNS.get(self.result, "?")

    @property
    def word(self) -> str:
        """The word of the result."""
        return words.WORDS.get(self.result, self.result)


def objective_lines(run: Mapping[str, Any]) -> list[ObjectiveLine]:
    """Every objective of a run, in the scenario's order."""
    return [_line(run, objective) for objective in run.get("objectives") or ()]


def _line(run: Mapping[str, Any], objective: Mapping[str, Any]) -> ObjectiveLine:
    unit, currency = keys.unit(objective["measure"]), run.get("currency") or ""
    measured, same, forecast = (objective.get(world) for world in ("measured", "same_rows", "forecast"))
    at_least = objective["op"] in {">", ">="}
    worse = (forecast or {}).get("p5" if at_least else "p95")
    held = (forecast or {}).get("p_met")
    return ObjectiveLine(
        name=name(objective["name"]),
        limit=words.limit(objective["op"], objective["limit"], unit, currency),
        measured=unseen.value(run, objective["measure"], words.value(measured, unit, currency)),
        interval=words.interval(measured, unit) or _resolution(run, objective),
        same_rows=words.value(same, unit, currency),
        forecast=words.value(forecast, unit, currency),
        forecast_interval=words.interval(forecast, unit),
        band=words.band(forecast, unit),
        worse=words.quantity(worse, unit, currency),
        held=words.quantity(held, "share"),
        result=objective.get("result") or "inconclusive",
        why=objective.get("why") or "",
    )


def name(text: str) -> str:
    """An objective without its limit: ``agent_frt p90``, ``abandonment for refund each interval``."""
    found = _TEXT.fullmatch(text)
    return f"{found['what']}{found['rest']}" if found else text


def _resolution(run: Mapping[str, Any], objective: Mapping[str, Any]) -> str:
    """How finely recovery was seen, in place of an interval."""
    if objective["measure"] != "recovery_s" or (objective.get("measured") or {}).get("value") is None:
        return ""
    steps = [f["resolution_s"] for f in run.get("faults") or () if f.get("resolution_s")]
    return f"± {words.quantity(max(steps), 's')}" if steps else ""


def not_met(lines: Sequence[ObjectiveLine]) -> list[ObjectiveLine]:
    """The lines that a reader in a hurry has to see."""
    return [line for line in lines if line.result != "met"]
