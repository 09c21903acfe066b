"""Standby that is called sooner, is there sooner, or is more."""

from __future__ import annotations

from collections.abc import Iterator

from crestline.remedies.changes import Change, Family, Kind
from crestline.scenario import Scenario, Standby
from crestline.units import format_duration, spell_duration

MOST = 3  # times the agents of today, all together
SHORTER = (0.8, 0.65, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)


def standby_families(scenario: Scenario) -> list[Family]:
    """Its call, its way and its number; nothing where there is none."""
    standby = scenario.standby
    if standby is None:
        return []
    made = (_there_sooner(standby), _called_sooner(standby), _more(standby))
    return [Family(Kind.STANDBY, tuple(changes)) for changes in made]


def shorter(seconds: float) -> list[float]:
    """Shorter and shorter times down to none, as one would say them."""
    step = next(step for step, least in ((60.0, 600.0), (30.0, 120.0), (5.0, 30.0), (1.0, 0.0)) if seconds >= least)
    rounded = (seconds * share // step * step for share in SHORTER)
    return sorted({time for time in rounded if time < seconds}, reverse=True)


def _there_sooner(standby: Standby) -> Iterator[Change]:
    today = standby.call_in
    for time in shorter(today):
        when = f"{format_duration(time)} after the call" if time else "at once when called"
        words = f"standby there {when} instead of {format_duration(today)} after it"
        yield _change(words, f"call_in={spell_duration(time)}", 1 - time / today)


def _called_sooner(standby: Standby) -> Iterator[Change]:
    today = standby.call_when.limit
    for wait in shorter(today):
        words = (
            f"standby called when somebody has waited for {format_duration(wait)} instead of {format_duration(today)}"
        )
        yield _change(words, f"call_when=longest_wait > {spell_duration(wait)}", 1 - wait / today)


def _more(standby: Standby) -> Iterator[Change]:
    today = standby.agents
    for agents in range(today + 1, max(MOST * today, today + 5) + 1):
        yield _change(f"{agents} standby agents instead of {today}", f"agents={agents}", agents / today - 1)


def _change(words: str, key: str, reach: float) -> Change:
    return Change(Kind.STANDBY, words, (f"standby.{key}",), reach)
