"""Arrivals of first contacts: a Poisson process whose rate is the demand curve, by exact inversion.

The unit-rate process is drawn once and carried through the inverse of the cumulative rate (Cinlar 1975); another
level of demand therefore stretches the same customers instead of drawing others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from crestline.scenario import Demand, Replay, Scenario
from crestline.tables import Floats, Ints
from crestline.workload.inflow import Extra, excess, extras
from crestline.workload.levels import Side, factor
from crestline.workload.replay import Came, expected_by_name, replay
from crestline.workload.span import Span
from crestline.workload.streams import Draws

SIDES: tuple[Side, Side] = ("left", "right")
BLOCK = 32_768  # customers sampled at a time: their numbers stay in the cache
EXTRA_STEP_S = 60.0  # while more customers come than usual, the same
RAMP_STEP_S = 30.0  # on a ramp the rate is evaluated this often; in between it is a straight line


class Curve(NamedTuple):
    """A rate over time, joined by straight lines; two points at one instant are a jump."""

    at_s: Floats
    per_s: Floats

    @property
    def expected(self) -> Floats:
        """Expected arrivals from the first point up to each point."""
        steps = np.diff(self.at_s) * (self.per_s[1:] + self.per_s[:-1]) / 2
        return np.concatenate(([0.0], np.cumsum(steps)))

    def between(self, from_s: float, to_s: float) -> float:
        """Expected arrivals between two instants."""
        low, high = (self._expected_by(instant) for instant in (from_s, to_s))
        return high - low

    def _expected_by(self, instant: float) -> float:
        i = int(np.clip(np.searchsorted(self.at_s, instant, side="right") - 1, 0, len(self.at_s) - 2))
        x = min(max(instant - self.at_s[i], 0.0), self.at_s[i + 1] - self.at_s[i])
        width = self.at_s[i + 1] - self.at_s[i]
        slope = (self.per_s[i + 1] - self.per_s[i]) / width if width > 0 else 0.0
        return float(self.expected[i] + (self.per_s[i] + slope * x / 2) * x)


class Arrivals(NamedTuple):
    """Customers one after the other, from number ``first`` on."""

    first: int
    start_s: float  # when the customer before the first was due; the span's start where there is none
    gap_s: Floats  # since the previous customer
    contact: Ints | None = None  # the contact type each was recorded with, -1 where none was; None: to be sampled

    @property
    def last_s(self) -> float:
        """When the last of them is due: the gaps added up one by one, as every engine adds them."""
        return float(np.cumsum(np.concatenate(([self.start_s], self.gap_s)))[-1])


def demand_curve(scenario: Scenario, span: Span) -> Curve:
    """Arrivals per second over the span up to its horizon: rate x surges x level, rising from nothing on the ramp.

    Complaints that an incident adds come on top.
    """
    return _demand_curve(scenario.demand, scenario.day.start, span, extras(scenario, span))


@lru_cache(maxsize=64)  # every replication asks for it
def _demand_curve(demand: Demand, start: float, span: Span, more: tuple[Extra, ...] = ()) -> Curve:
    at = _corners(demand, start, span, more)
    before, after = (_rate(demand, start, span, at, s) * (1.0 + excess(more, at, s)) for s in SIDES)
    points_at = np.repeat(at, 2)[1:-1]
    points_per_s = np.column_stack((before, after)).ravel()[1:-1]
    return Curve(points_at, points_per_s)


def expected_arrivals(scenario: Scenario, span: Span) -> float:
    """Expected first contacts from the start to the end of the span."""
    return _expected_arrivals(scenario.demand, scenario.day.start, span, extras(scenario, span))


def expected_by_contact(scenario: Scenario, span: Span) -> dict[str, float]:
    """The same by contact type: as they were recorded, else by their shares."""
    recorded = _expected_by_name(scenario.demand, scenario.day.start, span)
    usual = _expected_arrivals(scenario.demand, scenario.day.start, span)
    beyond = [0.0] * len(scenario.contacts)
    for extra in extras(scenario, span):
        beyond[extra.contact] += _expected_arrivals(scenario.demand, scenario.day.start, span, (extra,)) - usual
    others = usual - sum(recorded.values())
    return {
        name: recorded.get(name, 0.0) + others * kind.share + more
        for (name, kind), more in zip(scenario.contacts.items(), beyond, strict=True)
    }


@lru_cache(maxsize=64)
def _expected_arrivals(demand: Demand, start: float, span: Span, more: tuple[Extra, ...] = ()) -> float:
    if isinstance(demand.rate, Replay):
        return float(expected_by_name(demand, demand.rate.recorded, start, span).sum())
    return _demand_curve(demand, start, span, more).between(span.start_s, span.end_s)


@lru_cache(maxsize=64)
def _expected_by_name(demand: Demand, start: float, span: Span) -> dict[str, float]:
    """Expected first contacts by the contact type that was recorded."""
    if not isinstance(demand.rate, Replay):
        return {}
    recorded = demand.rate.recorded
    expected = expected_by_name(demand, recorded, start, span).tolist()
    return dict(zip(recorded.names, expected, strict=False))  # the last is of unknown type


def peak_rate(scenario: Scenario, span: Span) -> float:
    """The highest rate of first contacts per second within the span."""
    curve = demand_curve(scenario, span)
    return float(curve.per_s[curve.at_s <= span.end_s].max())


def day_curve(scenario: Scenario, seed: int, replication: int, span: Span) -> Curve:
    """The demand curve of one replication, whose day is busier or calmer than the average one."""
    curve = demand_curve(scenario, span)
    return curve._replace(per_s=curve.per_s * sample_day_factor(scenario, seed, replication))


def sample_day_factor(scenario: Scenario, seed: int, replication: int) -> float:
    """How busy this day is against the average one: gamma with mean 1 and the scenario's ``day_factor_cv``."""
    cv = scenario.demand.day_factor_cv
    return _sample_factor(cv, seed, replication) if cv > 0 else 1.0


@lru_cache(maxsize=64)  # a day is sampled by it, and estimates allow for it
def _sample_factor(cv: float, seed: int, replication: int) -> float:
    return float(Draws.at(seed, replication, np.zeros(1, np.int64)).gamma(cv**-2, "day_factor")[0] * cv**2)


def first_contacts(scenario: Scenario, span: Span, curve: Curve, seed: int, replication: int) -> Iterator[Arrivals]:
    """The first contacts up to the span's horizon, sampled from the curve or as a recorded day has them.

    At most BLOCK at a time; at least one piece, it may be empty.
    """
    rate = scenario.demand.rate
    if isinstance(rate, Replay):
        return _in_pieces(replay(scenario, rate.recorded, span, seed, replication), span.start_s)
    return sample_arrivals(curve, seed, replication)


def _in_pieces(came: Came, start_s: float) -> Iterator[Arrivals]:
    came_s = planned_s = start_s
    for first in range(0, max(len(came.at_s), 1), BLOCK):
        at_s, contact = came.at_s[first : first + BLOCK], came.contact[first : first + BLOCK]
        arrivals = Arrivals(first, planned_s, np.diff(at_s, prepend=came_s), contact)
        yield arrivals
        came_s, planned_s = float(at_s[-1]) if len(at_s) else came_s, arrivals.last_s


def sample_arrivals(curve: Curve, seed: int, replication: int) -> Iterator[Arrivals]:
    """The first contacts up to the end of the curve, at most BLOCK at a time; at least one piece, it may be empty."""
    start_s, until = float(curve.at_s[0]), float(curve.expected[-1])
    first, reached, came_s, planned_s = 0, 0.0, start_s, start_s
    while True:
        customer = np.arange(first, first + _enough(until - reached))
        unit = Draws.at(seed, replication, customer).exponential("arrival")
        unit[0] += reached
        np.cumsum(unit, out=unit)
        reached = float(unit[-1])
        at_s = _invert(curve, unit[: unit.searchsorted(until)])
        gap_s = np.maximum(np.diff(at_s, prepend=came_s), 0.0)
        arrivals = Arrivals(first, planned_s, gap_s)
        yield arrivals
        if reached >= until:
            return
        first, came_s, planned_s = first + len(gap_s), float(at_s[-1]), arrivals.last_s


def _enough(expected: float) -> int:
    """How many customers to draw where so many are expected: seldom too few for all, never more than BLOCK."""
    return int(min(BLOCK, expected + 5 * math.sqrt(expected) + 10))


def _invert(curve: Curve, unit: Floats) -> Floats:
    """The instants at which the expected arrivals reach ``unit``, which is in order and nowhere 0."""
    expected = curve.expected
    i = np.repeat(np.arange(len(expected) - 1), np.diff(np.searchsorted(unit, expected, side="right")))
    width, rise = np.diff(curve.at_s), np.diff(curve.per_s)
    slope = np.divide(rise, width, out=np.zeros_like(rise), where=width > 0)
    start = curve.per_s[i]
    missing = unit - expected[i]
    root = np.sqrt(np.maximum(start**2 + 2 * slope[i] * missing, 0.0))
    return np.asarray(curve.at_s[i] + np.minimum(2 * missing / (start + root), width[i]))


def _corners(demand: Demand, start: float, span: Span, more: tuple[Extra, ...]) -> Floats:
    """Every instant at which the curve may bend, ends included."""
    corners = [span.start_s, span.end_s, span.horizon_s, *(clock - start for clock in demand.rate.at)]
    corners += [instant for instant, _ in span.course]
    corners += np.linspace(span.start_s, span.start_s + span.ramp_s, _steps(span.ramp_s)).tolist()
    for surge in demand.surges:
        begin = surge.at - start
        end = begin + surge.for_
        for ramp_start in (begin, end - surge.ramp):
            corners += np.linspace(ramp_start, ramp_start + surge.ramp, _steps(surge.ramp)).tolist()
    for extra in more:
        corners += [*extra.at_s, *np.arange(extra.at_s[0], extra.at_s[-1], EXTRA_STEP_S).tolist()]
    inside = sorted({c for c in corners if span.start_s <= c <= span.horizon_s})
    return np.array(inside)


def _steps(ramp_s: float) -> int:
    return int(np.ceil(ramp_s / RAMP_STEP_S)) + 1


def _rate(demand: Demand, start: float, span: Span, at: Floats, side: Side) -> Floats:
    """The rate just before (``left``) or just after (``right``) each instant."""
    clocks = np.array(demand.rate.at) - start
    usual = np.interp(at, clocks, np.array(demand.rate.per_s))
    return np.asarray(usual * factor(demand, start, span, at, side))
