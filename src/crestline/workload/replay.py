"""A recorded day at any level: arrivals are left out, or come more than once, and each as near as it can to its time.

At 100 % every arrival comes at the very instant at which it was recorded. Below, each stays with the probability of
the level; above, each comes as many times as the level says, and the copies come within three minutes before or after
it: calls are Poisson within six minutes (Brown et al. 2005), so that a burst of minutes keeps its form.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crestline.scenario import Demand, Scenario
from crestline.scenario.replay import BIN_S, Recorded
from crestline.tables import Floats, Ints
from crestline.workload.levels import factor
from crestline.workload.span import Span
from crestline.workload.streams import Draws

JITTER_S = BIN_S / 2


class Came(NamedTuple):
    """Arrivals in order of time."""

    at_s: Floats  # since the day's start
    contact: Ints  # which of the scenario's contact types each came for, -1 where that was not recorded


class _Due(NamedTuple):
    """The recorded arrivals of a span, and how many times each comes on average."""

    number: Ints  # in the whole recorded day
    at_s: Floats
    contact: Ints
    factor: Floats


def replay(scenario: Scenario, recorded: Recorded, span: Span, seed: int, replication: int) -> Came:
    """The recorded arrivals up to the span's horizon, at its level.

    Which of them are left out or come again, and when, is drawn for each by its number in the recorded day.
    """
    due = _due(scenario.demand, recorded, scenario.day.start, span, span.horizon_s)
    whole = np.floor(due.factor)
    drawn = Draws.at(seed, replication, due.number).uniform("replay copies") < due.factor - whole
    times = whole.astype(np.int64) + drawn
    source = np.repeat(np.arange(len(times)), times)
    copy = np.arange(len(source)) - np.repeat(np.cumsum(times) - times, times)
    drift = Draws.at(seed, replication, due.number[source], copy).uniform("replay jitter") * 2 - 1
    at_s = np.where(copy == 0, due.at_s[source], _inside(due.at_s[source] + drift * JITTER_S, due.at_s))
    order = np.argsort(at_s, kind="stable")
    types = list(scenario.contacts)
    kinds = np.array([*(types.index(name) for name in recorded.names), -1])
    return Came(at_s[order], kinds[due.contact[source][order]])


def expected_by_name(demand: Demand, recorded: Recorded, start: float, span: Span) -> Floats:
    """Expected first contacts from the start to the end of the span, by recorded contact type; unknown ones last."""
    due, many = _due(demand, recorded, start, span, span.end_s), len(recorded.names)
    return np.asarray(np.bincount(due.contact % (many + 1), due.factor, minlength=many + 1), np.float64)


def _due(demand: Demand, recorded: Recorded, start: float, span: Span, until_s: float) -> _Due:
    at_s = recorded.at_s - start
    number = np.flatnonzero((at_s >= span.start_s) & (at_s < until_s))
    at_s = at_s[number]
    return _Due(number, at_s, recorded.contact[number], factor(demand, start, span, at_s, "right"))


def _inside(at_s: Floats, recorded_s: Floats) -> Floats:
    """Copies beyond the first or the last recorded arrival, turned back: nobody comes before a service opens."""
    if not len(recorded_s):
        return at_s
    first, last = recorded_s[0], recorded_s[-1]
    turned = np.where(at_s < first, 2 * first - at_s, np.where(at_s > last, 2 * last - at_s, at_s))
    return np.clip(turned, first, last)
