"""The three alert levels (DOMAIN row 17), as they would have been raised; recorded and shown, they decide nothing.

1: answers take too long, standby agents are due. 2: satisfaction is too low, review. 3: complaints rise, executive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from crestline.measures.guards import FEWEST, IMPROBABLE
from crestline.measures.intervals_of_day import interval_rows
from crestline.measures.response import answer_s
from crestline.measures.tally import interval_edges
from crestline.scenario import Scenario
from crestline.tables import Bools, Floats, Ints, Outcomes, Pools, Timeline

ANSWER_S = 30.0
ALLOWED = 0.10
SATISFACTION = 0.85
MORE_COMPLAINTS = 1.5


@dataclass(frozen=True)
class Alert:
    """One alert: its level, from when to when, and the worst value (a share; for level 3 a factor) with its limit."""

    level: int
    start_s: float
    end_s: float
    value: float
    limit: float
    what: str


def alerts(outcomes: Outcomes, pools: Pools, scenario: Scenario, timeline: Timeline) -> list[Alert]:
    """All alerts of the measured window, by time."""
    raised = [
        *slow_answers(outcomes, scenario.recovery.bucket, timeline),
        *low_satisfaction(outcomes, pools, scenario, timeline),
        *rising_complaints(outcomes, scenario, timeline),
    ]
    return sorted(raised, key=lambda alert: (alert.start_s, alert.level))


def slow_answers(outcomes: Outcomes, bucket_s: float, timeline: Timeline) -> list[Alert]:
    """Level 1, on every tick: of the contacts answered, ended or waiting since the last one, too many over 30 s."""
    first = np.ceil((timeline.measured_from_s - timeline.start_s) / bucket_s)
    ticks = timeline.start_s + bucket_s * np.arange(first + 1, (timeline.end_s - timeline.start_s) / bucket_s + 1e-9)
    seen, late = _answers_since(outcomes, ticks, bucket_s)
    shares = late / np.maximum(seen, 1)
    found = [
        Alert(1, tick - bucket_s, tick, share, ALLOWED, "answers over 30 s")
        for tick, share, raised in zip(ticks.tolist(), shares.tolist(), _improbable(seen, late), strict=True)
        if raised
    ]
    return _joined(found)


def _answers_since(outcomes: Outcomes, ticks: Floats, bucket_s: float) -> tuple[Ints, Ints]:
    """On every tick: contacts settled in the bucket before it or still waiting, and those of them over the limit."""
    took = answer_s(outcomes)
    never = np.isinf(took)
    settled = np.where(never, np.where(np.isnan(outcomes.ended_s), inf, outcomes.ended_s), outcomes.planned_s + took)
    seen, late = np.zeros(len(ticks), np.int64), np.zeros(len(ticks), np.int64)
    for i, tick in enumerate(ticks):
        there = (outcomes.planned_s <= tick) & (settled > tick - bucket_s)
        waited = np.minimum(settled, tick) - outcomes.planned_s
        seen[i] = there.sum()
        late[i] = (there & ((waited > ANSWER_S) | (never & (settled <= tick)))).sum()
    return seen, late


def _improbable(seen: Ints, late: Ints) -> Bools:
    """Where the count over the limit is improbable for the allowed share; never for fewer than ten contacts."""
    from scipy.stats import binom

    return np.asarray((seen >= FEWEST) & (binom.sf(late - 1, seen, ALLOWED) < IMPROBABLE), np.bool_)


def low_satisfaction(outcomes: Outcomes, pools: Pools, scenario: Scenario, timeline: Timeline) -> list[Alert]:
    """Level 2, for every interval: fewer satisfied than 85 %."""
    return [
        Alert(2, row["start_s"], row["start_s"] + row["length_s"], row["satisfaction"], SATISFACTION, "satisfaction")
        for row in interval_rows(outcomes, pools, scenario, timeline)
        if row["offered"] >= FEWEST and row["satisfaction"] is not None and row["satisfaction"] < SATISFACTION
    ]


def rising_complaints(outcomes: Outcomes, scenario: Scenario, timeline: Timeline) -> list[Alert]:
    """Level 3, for every interval: complaints came half as often again as in the one before."""
    marked = [i for i, kind in enumerate(scenario.contacts.values()) if kind.complaint]
    edges = interval_edges(scenario, timeline)
    counts, _ = np.histogram(outcomes.planned_s[np.isin(outcomes.contact, marked)], bins=edges)
    rates = counts / np.diff(edges)
    return [
        Alert(3, float(edges[i]), float(edges[i + 1]), float(rates[i] / rates[i - 1]), MORE_COMPLAINTS, "complaints")
        for i in range(1, len(counts))
        if min(counts[i - 1], counts[i]) >= FEWEST and rates[i] >= MORE_COMPLAINTS * rates[i - 1]
    ]


def _joined(found: list[Alert]) -> list[Alert]:
    """Alerts that follow each other without a gap, as one with the worst value."""
    joined: list[Alert] = []
    for alert in found:
        if joined and joined[-1].end_s >= alert.start_s:
            joined[-1] = replace(joined[-1], end_s=alert.end_s, value=max(joined[-1].value, alert.value))
        else:
            joined.append(alert)
    return joined
