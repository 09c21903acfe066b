"""Arrivals of first contacts: a Poisson process whose rate is the demand curve, by exact inversion.

The unit-rate process is drawn once and carried through the inverse of the cumulative rate (Cinlar 1975); another
level of demand therefore stretches the same customers instead of drawing others.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

from crestline.errors import UsageError
from crestline.scenario import Scenario
from crestline.tables import Floats
from crestline.workload.span import Span
from crestline.workload.streams import BLOCK, stream

MOST = 5_000_000  # customers of one play; an engine holds about a kilobyte of each
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


def demand_curve(scenario: Scenario, span: Span) -> Curve:
    """Arrivals per second over the span up to its horizon: rate x surges x level, rising from nothing on the ramp."""
    at = _corners(scenario, span)
    before, after = (_rate(scenario, span, at, side) for side in ("left", "right"))
    points_at = np.repeat(at, 2)[1:-1]
    points_per_s = np.column_stack((before, after)).ravel()[1:-1]
    return Curve(points_at, points_per_s)


def expected_arrivals(scenario: Scenario, span: Span) -> float:
    """Expected first contacts from the start to the end of the span."""
    return demand_curve(scenario, span).between(span.start_s, span.end_s)


def peak_rate(scenario: Scenario, span: Span) -> float:
    """The highest rate of first contacts per second within the span."""
    curve = demand_curve(scenario, span)
    return float(curve.per_s[curve.at_s <= span.end_s].max())


def sample_arrivals(scenario: Scenario, seed: int, replication: int, span: Span, *, day_factor: bool) -> Floats:
    """Gaps in seconds between the first contacts up to the horizon; the first gap counts from the span's start."""
    curve = demand_curve(scenario, span)
    if day_factor:
        curve = curve._replace(per_s=curve.per_s * sample_day_factor(scenario, seed, replication))
    expected = curve.expected
    if expected[-1] > MOST:
        msg = (
            f"demand: about {expected[-1]:,.0f} customers in one play, at most {MOST:,} fit into memory; "
            f"lower the rate or the level, or take a shorter day or window"
        )
        raise UsageError(msg)
    unit = _unit_arrivals(seed, replication, float(expected[-1]))
    return np.diff(_invert(curve, expected, unit), prepend=span.start_s)


def sample_day_factor(scenario: Scenario, seed: int, replication: int) -> float:
    """How busy this day is against the average one: gamma with mean 1 and the scenario's ``day_factor_cv``."""
    cv = scenario.demand.day_factor_cv
    if cv == 0:
        return 1.0
    return float(stream(seed, replication, "day_factor").standard_gamma(cv**-2) * cv**2)


def _unit_arrivals(seed: int, replication: int, until: float) -> Floats:
    """Instants of a Poisson process of rate 1 up to ``until``."""
    parts: list[Floats] = []
    reached = 0.0
    for block in itertools.count():
        if reached > until:
            break
        draws = stream(seed, replication, "arrival", 0, block).standard_exponential(BLOCK)
        parts.append(reached + np.cumsum(draws))
        reached = float(parts[-1][-1])
    unit = np.concatenate(parts) if parts else np.empty(0)
    return unit[unit < until]


def _invert(curve: Curve, expected: Floats, unit: Floats) -> Floats:
    """The instants at which the expected arrivals reach ``unit``."""
    i = np.searchsorted(expected, unit, side="left") - 1
    width = curve.at_s[i + 1] - curve.at_s[i]
    start, rise = curve.per_s[i], curve.per_s[i + 1] - curve.per_s[i]
    slope = np.divide(rise, width, out=np.zeros_like(rise), where=width > 0)
    missing = unit - expected[i]
    root = np.sqrt(np.maximum(start**2 + 2 * slope * missing, 0.0))
    into = np.minimum(2 * missing / (start + root), width)
    return np.asarray(np.maximum.accumulate(curve.at_s[i] + into))


def _corners(scenario: Scenario, span: Span) -> Floats:
    """Every instant at which the curve may bend, ends included."""
    rate = scenario.demand.rate
    corners = [span.start_s, span.end_s, span.horizon_s, *(scenario.instant(clock) for clock in rate.at)]
    corners += np.linspace(span.start_s, span.start_s + span.ramp_s, _steps(span.ramp_s)).tolist()
    for surge in scenario.demand.surges:
        begin = scenario.instant(surge.at)
        end = begin + surge.for_
        for ramp_start in (begin, end - surge.ramp):
            corners += np.linspace(ramp_start, ramp_start + surge.ramp, _steps(surge.ramp)).tolist()
    inside = sorted({c for c in corners if span.start_s <= c <= span.horizon_s})
    return np.array(inside)


def _steps(ramp_s: float) -> int:
    return int(np.ceil(ramp_s / RAMP_STEP_S)) + 1


def _rate(scenario: Scenario, span: Span, at: Floats, side: str) -> Floats:
    """The rate just before (``left``) or just after (``right``) each instant."""
    rate = scenario.demand.rate
    clocks = np.array([scenario.instant(clock) for clock in rate.at])
    value = np.interp(at, clocks, np.array(rate.per_s)) * span.level
    for surge in scenario.demand.surges:
        begin = scenario.instant(surge.at)
        value = value * (1 + (surge.factor - 1) * _trapeze(at, begin, begin + surge.for_, surge.ramp, side))
    if span.ramp_s > 0:
        value = value * np.clip((at - span.start_s) / span.ramp_s, 0.0, 1.0)
    return np.asarray(value)


def _trapeze(at: Floats, begin: float, end: float, ramp: float, side: str) -> Floats:
    """0 outside, 1 inside, rising and falling over ``ramp`` at both ends."""
    if ramp > 0:
        return np.clip(np.minimum((at - begin) / ramp, (end - at) / ramp), 0.0, 1.0)
    inside = (at >= begin) & (at < end) if side == "right" else (at > begin) & (at <= end)
    return inside.astype(np.float64)
