"""All measures of one run: the folds over its contacts, and what its pools add.

Measures cover the contacts planned from the ramp's end to the window's end, recontacts included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

import numpy as np

from crestline.measures import capacity, keys
from crestline.measures.abandonment import Abandonment
from crestline.measures.indicators import Indicators
from crestline.measures.recovery import Recovery, worst
from crestline.measures.response import Response
from crestline.measures.values import NOTHING, Value
from crestline.scenario import Objective, Scenario
from crestline.tables import Bools, Floats, Outcomes, Pools, Timeline

NOT_OF_A_SUBSET = ("occupancy", "cost_per_contact", "recovery_s", "request_errors")


@dataclass
class Tally:
    """The folds of one population of contacts together."""

    response: Response
    abandonment: Abandonment = field(default_factory=Abandonment)
    indicators: Indicators = field(default_factory=Indicators)

    def add(self, chunk: Outcomes) -> None:
        """Count these contacts."""
        self.response.add(chunk)
        self.abandonment.add(chunk)
        self.indicators.add(chunk)

    def merge(self, other: Self) -> None:
        """Count everything that ``other`` has counted."""
        self.response.merge(other.response)
        self.abandonment.merge(other.abandonment)
        self.indicators.merge(other.indicators)

    def result(self, *, intervals: bool = True) -> dict[str, Value]:
        """Every measure that contacts alone can tell."""
        return (
            self.response.result(intervals=intervals)
            | self.abandonment.result(intervals=intervals)
            | self.indicators.result(intervals=intervals)
        )


def tally(scenario: Scenario, timeline: Timeline, resolution_s: float = 0.0) -> Tally:
    """An empty tally for a run of ``scenario``, with the service levels that its objectives ask for."""
    seen_until = timeline.stop_s + timeline.drain_s
    limits = tuple(o.within for o in scenario.objectives if o.within is not None)
    return Tally(Response(seen_until, seen_until - timeline.measured_from_s, limits, resolution_s))


def in_scope(outcomes: Outcomes, timeline: Timeline) -> Bools:
    """Which contacts the measures cover."""
    return (outcomes.planned_s >= timeline.measured_from_s) & (outcomes.planned_s < timeline.end_s)


def measure(
    outcomes: Outcomes,
    pools: Pools,
    scenario: Scenario,
    timeline: Timeline,
    *,
    intervals: bool = True,
    recoveries: Sequence[Recovery] = (),
    request_errors: int | None = None,
    resolution_s: float = 0.0,
) -> dict[str, Value]:
    """Every measure of the fixed list, and every one that an objective asks for, by key.

    ``recoveries`` is what ``recover`` found, ``request_errors`` how many requests failed and were tried again (live
    runs). A wait up to ``resolution_s`` counts as none: 0 in simulation, what the wire costs in a live run.
    """
    run = _Run(outcomes.take(in_scope(outcomes, timeline)), pools, scenario, timeline, intervals, resolution_s)
    whole = run.between(timeline.measured_from_s, timeline.end_s, run.outcomes)
    whole["recovery_s"] = worst(recoveries)
    whole["request_errors"] = NOTHING if request_errors is None else Value(float(request_errors))
    asked = {o.key: run.asked(o, whole) for o in scenario.objectives}
    return {key: whole[key] for key in keys.FIXED} | asked


@dataclass(frozen=True)
class _Run:
    """One run in scope, measured as a whole, for some of its contacts, or interval by interval."""

    outcomes: Outcomes
    pools: Pools
    scenario: Scenario
    timeline: Timeline
    intervals: bool
    resolution_s: float

    def between(self, from_s: float, to_s: float, contacts: Outcomes) -> dict[str, Value]:
        """Every measure of some contacts and of the pools from one instant to another."""
        fold = tally(self.scenario, self.timeline, self.resolution_s)
        fold.add(contacts)
        made = fold.result(intervals=self.intervals)
        resolved = fold.indicators.counts["resolved"]
        cost = capacity.staffed_cost(self.pools, self.scenario, from_s, to_s)
        made["occupancy"] = capacity.occupancy(self.pools, list(self.scenario.agents), np.array([from_s, to_s]))[0]
        made["throughput_per_h"] = Value(resolved / (to_s - from_s) * 3600)
        made["cost_per_contact"] = Value(cost / resolved) if cost is not None and resolved else NOTHING
        return made

    def asked(self, objective: Objective, whole: dict[str, Value]) -> Value:
        """The measure that an objective is about."""
        key = keys.split(objective.key)
        if key.each_interval:
            return self.worst_interval(objective, key)
        if key.subject is None:
            return whole[key.name]
        if key.name in NOT_OF_A_SUBSET:
            return NOTHING
        window = (self.timeline.measured_from_s, self.timeline.end_s)
        return self.between(*window, self.of(key.subject))[key.name]

    def of(self, subject: str | None) -> Outcomes:
        """The contacts of a subset: VIPs, or one contact type."""
        if subject is None:
            return self.outcomes
        if subject == "vip":
            return self.outcomes.take(self.outcomes.vip)
        return self.outcomes.take(self.outcomes.contact == list(self.scenario.contacts).index(subject))

    def worst_interval(self, objective: Objective, key: keys.Key) -> Value:
        """The measure in the interval where it was worst; intervals without contacts do not count."""
        contacts = self.of(key.subject)
        edges = interval_edges(self.scenario, self.timeline)
        values = []
        for from_s, to_s in pairwise(edges.tolist()):
            inside = (contacts.planned_s >= from_s) & (contacts.planned_s < to_s)
            values.append(self.between(from_s, to_s, contacts.take(inside)).get(key.name, NOTHING))
        return _worst_of([v for v in values if v.value is not None], at_least=objective.at_least)


def interval_edges(scenario: Scenario, timeline: Timeline, step_s: float | None = None) -> Floats:
    """Where the intervals of the measured window begin and end: on the day's grid, cut off at both ends."""
    step = scenario.interval if step_s is None else step_s
    first, last = timeline.measured_from_s, timeline.end_s
    inner = np.arange(np.floor(first / step) + 1, np.ceil(last / step)) * step
    return np.concatenate(([first], inner, [last]))


def _worst_of(values: list[Value], *, at_least: bool) -> Value:
    if at_least:
        return min(values, key=lambda v: v.value or 0.0, default=NOTHING)
    return max(values, key=lambda v: (v.over, v.value or 0.0), default=NOTHING)
