"""Which share of the agents on duty is ready for contacts: found by playing days until people leave as in the log.

A log shows who took calls, not who sat ready. One factor on the roster stands for breaks, other work and everything
else the log is silent about; it is the one parameter that is fitted by simulation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from crestline.engine.reference import play
from crestline.fit.estimate import Estimate
from crestline.measures import in_scope
from crestline.scenario import Scenario
from crestline.scenario.objectives import SERVICE_LEVEL_S
from crestline.tables import Outcome
from crestline.workload import day, sample, timeline

SEED = 1
DAYS = 20
LOWEST = 0.3


class Played(NamedTuple):
    """What days of a scenario come to."""

    abandonment: float
    mean_wait_s: float
    service_level: float  # answered within 20 s
    recontacts: float  # per first attempt


class Availability(NamedTuple):
    """The fitted factor and what the days played with it gave."""

    value: Estimate  # n = days played
    played: Played
    at_bound: bool

    @property
    def words(self) -> str:
        """How it was found, as the scenario's comment says it."""
        low, high = (f"{100 * bound:.3g} %" for bound in (self.value.low, self.value.high))
        return f"fitted so that as many leave as in the log; 95 % [{low}, {high}], n = {self.value.n} days played"


def fit_availability(scenario: Scenario, wanted: Estimate, days: int = DAYS) -> Availability:
    """The factor at which the forecast abandonment is the log's; its interval from the abandonment's."""
    factors = _plateaus(scenario)
    seen: dict[int, Played] = {}

    def abandonment(place: int) -> float:
        if place not in seen:
            seen[place] = play_days(with_availability(scenario, factors[place]), days)
        return seen[place].abandonment

    best = _search(abandonment, len(factors) - 1, wanted.value)
    low, high = _interval([factors[p] for p in sorted(seen)], [seen[p].abandonment for p in sorted(seen)], wanted)
    value = Estimate(factors[best], min(low, factors[best]), max(high, factors[best]), days)
    return Availability(value, seen[best], at_bound=best in (0, len(factors) - 1))


def with_availability(scenario: Scenario, factor: float) -> Scenario:
    """The same scenario with this availability in every group."""
    agents = {name: group.model_copy(update={"availability": factor}) for name, group in scenario.agents.items()}
    return scenario.model_copy(update={"agents": agents})


def play_days(scenario: Scenario, days: int, *, day_factor: bool = True) -> Played:
    """Play days in the reference engine; every factor meets the same customers."""
    span = day(scenario)
    schedule = timeline(scenario, span)
    sums = np.zeros(6)
    for number in range(days):
        workload = sample(scenario, SEED, span, replication=number, day_factor=day_factor)
        table, _ = play(scenario, workload, schedule)
        due = in_scope(table, schedule)
        queued = due & ~np.isnan(table.queued_s)
        left = queued & (table.outcome == Outcome.ABANDONED)
        until_s = np.where(np.isnan(table.claimed_s), table.ended_s, table.claimed_s)
        known = queued & ~np.isnan(until_s)
        wait_s = float((until_s - table.queued_s)[known].sum())
        in_time = queued & (table.claimed_s - table.queued_s <= SERVICE_LEVEL_S)
        first = due & (table.attempt == 0)
        sums += (first.sum(), (due & ~first).sum(), queued.sum(), left.sum(), wait_s, in_time.sum())
    firsts, again, contacts, gone, waits_s, soon = np.maximum(sums, 1e-9).tolist()
    return Played(gone / contacts, waits_s / contacts, soon / contacts, again / firsts)


def _plateaus(scenario: Scenario) -> list[float]:
    """One factor for every number of persons it can come to: between the factors at which some step changes."""
    duty = {n for group in scenario.agents.values() for n in group.on_duty.persons if n > 0}
    changes = {(k + 0.5) / n for n in duty for k in range(n) if LOWEST < (k + 0.5) / n < 1.0}
    edges = np.array([LOWEST, *sorted(changes), 1.0])
    return [*np.round((edges[:-1] + edges[1:]) / 2, 4).tolist()]


def _search(abandonment: Callable[[int], float], last: int, wanted: float) -> int:
    """Bisection: more availability, fewer leave. The closer of the two neighbours is taken."""
    low, high = 0, last
    if abandonment(high) >= wanted:
        return high
    if abandonment(low) <= wanted:
        return low
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if abandonment(middle) > wanted else (low, middle)
    return min((low, high), key=lambda place: abs(abandonment(place) - wanted))


def _interval(factors: list[float], left: list[float], wanted: Estimate) -> tuple[float, float]:
    """Between the factors that were tried, the abandonment is taken as a straight line."""
    staying = np.maximum.accumulate([-share for share in left])
    low, high = np.interp([-wanted.high, -wanted.low], staying, factors)
    return float(low), float(high)
