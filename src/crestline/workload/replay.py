"""A recorded day at any level: arrivals are left out, or come again within a few minutes.

At 100 % every arrival comes at the very instant at which it was recorded. Below, each comes with the probability of
the level at that instant. Above, each comes again as many times as the level says where it comes again, which is within
three minutes before or after: calls are Poisson within six minutes (Brown et al. 2005), so that a rush keeps its form,
and a spike or a surge begins and ends when it should.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from crestline.scenario import Demand, Scenario
from crestline.scenario.replay import BIN_S, Recorded
from crestline.tables import Bools, Floats, Ints
from crestline.workload.levels import factor, largest_factor
from crestline.workload.span import Span
from crestline.workload.streams import Draws

DRIFT_S = BIN_S / 2
GRID_S = 1.0  # how finely the level is looked at for what is expected of those who come again


class Came(NamedTuple):
    """Arrivals in order of time."""

    at_s: Floats  # since the day's start
    contact: Ints  # which of the scenario's contact types each came for, -1 where that was not recorded


def replay(scenario: Scenario, recorded: Recorded, span: Span, seed: int, replication: int) -> Came:
    """The recorded arrivals up to the span's horizon, at its level.

    What is drawn for each goes by its number in the recorded day: who comes at a level comes at every higher one.
    """
    demand, start = scenario.demand, scenario.day.start
    at_s = recorded.at_s - start
    near = np.flatnonzero((at_s >= span.start_s - DRIFT_S) & (at_s < span.horizon_s + DRIFT_S))
    share = Draws.at(seed, replication, near).uniform("replay share")
    came_s, source = list[Floats](), list[Ints]()
    for copy in range(math.ceil(largest_factor(demand, span))):
        instants = at_s[near]
        if copy:
            drift = 2 * Draws.at(seed, replication, near, copy).uniform("replay drift") - 1
            instants = _turned(instants + drift * DRIFT_S, at_s)
        comes = share < factor(demand, start, span, instants, "right") - copy
        comes &= _within(instants, span.start_s, span.horizon_s)
        came_s.append(instants[comes])
        source.append(near[comes])
    instants, rows = np.concatenate(came_s), np.concatenate(source)
    order = np.argsort(instants, kind="stable")
    types = list(scenario.contacts)
    kinds = np.array([*(types.index(name) for name in recorded.names), -1])
    return Came(instants[order], kinds[recorded.contact[rows[order]]])


def expected_by_name(demand: Demand, recorded: Recorded, start: float, span: Span) -> Floats:
    """Expected first contacts from the start to the end of the span, by recorded contact type; unknown ones last."""
    at_s, many = recorded.at_s - start, len(recorded.names)
    once = np.minimum(factor(demand, start, span, at_s, "right"), 1.0) * _within(at_s, span.start_s, span.end_s)
    expected = once + _expected_again(demand, start, span, at_s)
    return np.asarray(np.bincount(recorded.contact % (many + 1), expected, minlength=many + 1), np.float64)


def _expected_again(demand: Demand, start: float, span: Span, at_s: Floats) -> Floats:
    """How many times each arrival is expected to come again: the mean, over its drift, of the level beyond 100 %."""
    grid_s = np.arange(span.start_s - 2 * DRIFT_S, span.end_s + 2 * DRIFT_S, GRID_S)
    middle_s = _turned(grid_s + GRID_S / 2, at_s)
    beyond = np.maximum(factor(demand, start, span, middle_s, "right") - 1, 0.0)
    beyond *= _within(middle_s, span.start_s, span.end_s)
    total = np.concatenate(([0.0], np.cumsum(beyond) * GRID_S))
    edges_s = np.append(grid_s, grid_s[-1] + GRID_S)
    later, earlier = (np.interp(at_s + way * DRIFT_S, edges_s, total) for way in (1, -1))
    return np.asarray((later - earlier) / (2 * DRIFT_S))


def _within(at_s: Floats, from_s: float, to_s: float) -> Bools:
    return (at_s >= from_s) & (at_s < to_s)


def _turned(at_s: Floats, recorded_s: Floats) -> Floats:
    """Instants beyond the first or the last recorded arrival, turned back: nobody comes before a service opens."""
    first, last = recorded_s[0], recorded_s[-1]
    turned = np.where(at_s < first, 2 * first - at_s, np.where(at_s > last, 2 * last - at_s, at_s))
    return np.clip(turned, first, last)
