"""Is the fit right? The first half of the dates is fitted alone, and its forecast is held against the second half."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from crestline.errors import UsageError
from crestline.fit.availability import Played, fit_availability, play_days, with_availability
from crestline.fit.calls import Calls
from crestline.fit.document import document
from crestline.fit.history import History, measure_history
from crestline.fit.outages import cut_out
from crestline.fit.roster import Roster, seen_roster
from crestline.fit.service import ServiceFit, fit_service
from crestline.scenario import Scenario

DAYS = 10
FEWEST_DATES = 4  # in each half


class Backtest(NamedTuple):
    """Dates that were fitted, dates that were forecast, what was forecast and what really was."""

    fitted: tuple[int, ...]
    later: tuple[int, ...]
    forecast: Played
    history: History


def backtest(calls: Calls, fit: ServiceFit, roster: Roster | None) -> Backtest | str:
    """The test, or in words why there is none. Without a roster each half has the agents that the log shows in it."""
    days = fit.day_type.days
    half = len(days) // 2
    if half < FEWEST_DATES:
        return f"none: {len(days)} dates are too few to hold half of them back"
    early, late = days[:half], days[half:]
    before = calls.take(calls.day <= early[-1])
    first, second = replace(fit.day_type, days=early), replace(fit.day_type, days=late)
    try:
        then = fit_service(before, first, fit.outages)
        scenario = _scenario(then, roster or seen_roster(calls, first, fit.outages))
        availability = fit_availability(scenario, then.history.abandonment, DAYS).value.value
    except UsageError as error:
        return f"none: half of the dates cannot be fitted alone: {error}"
    later = _scenario(then, roster or seen_roster(calls, second, fit.outages))
    history = measure_history(calls, second, cut_out(calls, fit.outages))
    return Backtest(early, late, play_days(with_availability(later, availability), DAYS), history)


def _scenario(fit: ServiceFit, roster: Roster) -> Scenario:
    return Scenario.model_validate(document(fit, roster, 1.0, "backtest", "", None).data)
