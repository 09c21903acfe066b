"""What a change costs on a day: persons on duty x hours x ``cost_per_hour``, and standby by the hours it is present."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crestline.measures.capacity import area_between
from crestline.remedies.changes import Change, Kind
from crestline.replicate import Day
from crestline.scenario import Scenario
from crestline.workload import Span, timeline

PRICED = (Kind.AGENTS, Kind.STANDBY)


def cost_on_a_day(
    change: Change, scenario: Scenario, other: Scenario, span: Span, before: Sequence[Day], after: Sequence[Day]
) -> float | None:
    """The mean of what a change costs, as agents and as standby that comes more or less often; None without a price."""
    if change.kind not in PRICED or (change.cost is None and change.kind == Kind.AGENTS):
        return None
    paid = change.cost or 0.0
    standby = scenario.standby
    if standby is None:
        return paid
    if not scenario.agents[standby.group].cost_per_hour:
        return None
    staffed = [_staffed(day, span) for day in after], [_staffed(day, span) for day in before]
    more = [a - b for a, b in zip(*staffed, strict=False) if a is not None and b is not None]
    if not more:
        return None
    return paid + float(np.mean(more)) - _scheduled(other, span) + _scheduled(scenario, span)


def _staffed(day: Day, span: Span) -> float | None:
    """What everybody cost who was there; as a resolved contact cost, times how many were resolved."""
    each, per_h = day.measures["cost_per_contact"].value, day.measures["throughput_per_h"].value
    return None if each is None or per_h is None else each * per_h * (span.end_s - span.measured_from_s) / 3600


def _scheduled(scenario: Scenario, span: Span) -> float:
    """What those cost who are there by the roster."""
    edges = np.array([span.measured_from_s, span.end_s])
    cost = 0.0
    for plan in timeline(scenario, span).staffing:
        group = scenario.agents[plan.group]
        slot_s = area_between(np.array(plan.time_s), np.array(plan.slots), edges)[0]
        cost += float(slot_s) / group.chats / 3600 * group.cost_per_hour
    return cost
