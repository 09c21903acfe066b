"""What staff and pools did over time: slots staffed, slots busy, occupancy, cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crestline.measures.values import NOTHING, Value
from crestline.scenario import Scenario
from crestline.tables import Floats, Ints, Pools, Timeline


def steps_at(time_s: Floats, level: Ints, at_s: Floats) -> Ints:
    """The level of a step function at instants; 0 before its first step, and of two at one instant the last."""
    index = np.searchsorted(time_s, at_s, side="right") - 1
    return np.where(index >= 0, level[np.maximum(index, 0)], 0) if len(time_s) else np.zeros(len(at_s), np.int64)


def area_between(time_s: Floats, level: Ints, edges_s: Floats) -> Floats:
    """Level x time of a step function between each two neighbouring edges."""
    if not len(time_s):
        return np.zeros(len(edges_s) - 1)
    so_far = np.concatenate(([0.0], np.cumsum(level[:-1] * np.diff(time_s))))
    index = np.maximum(np.searchsorted(time_s, edges_s, side="right") - 1, 0)
    upto = so_far[index] + level[index] * np.maximum(edges_s - time_s[index], 0.0)
    return np.diff(upto)


def slots_staffed(pools: Pools, timeline: Timeline, at_s: Floats) -> Ints:
    """Slots of all groups together at instants, standby included; the plan stands in where no pool was recorded."""
    total = np.zeros(len(at_s), np.int64)
    for plan in timeline.staffing:
        seen = pools.of(plan.group)
        if len(seen):
            total += steps_at(seen.time_s, seen.ready, at_s)
        else:
            total += steps_at(np.array(plan.time_s), np.array(plan.slots), at_s)
    return total


def occupancy(pools: Pools, groups: Sequence[str], edges_s: Floats) -> list[Value]:
    """Busy slot time / max(staffed, busy) slot time of the groups, between each two neighbouring edges."""
    busy, there = np.zeros(len(edges_s) - 1), np.zeros(len(edges_s) - 1)
    for group in groups:
        pool = pools.of(group)
        busy += area_between(pool.time_s, pool.busy, edges_s)
        there += area_between(pool.time_s, np.maximum(pool.ready, pool.busy), edges_s)
    return [Value(float(b / t)) if t > 0 else NOTHING for b, t in zip(busy, there, strict=True)]


def persons_staffed(pools: Pools, scenario: Scenario, edges_s: Floats) -> dict[str, Floats]:
    """Mean persons of each group, standby included, between each two neighbouring edges."""
    made = {}
    for name, group in scenario.agents.items():
        pool = pools.of(name)
        made[name] = area_between(pool.time_s, pool.ready, edges_s) / np.diff(edges_s) / group.chats
    return made


def staffed_cost(pools: Pools, scenario: Scenario, from_s: float, to_s: float) -> float | None:
    """What the staff cost, standby included; None where no group says what an hour costs."""
    if not any(group.cost_per_hour for group in scenario.agents.values()):
        return None
    persons = persons_staffed(pools, scenario, np.array([from_s, to_s]))
    hours = (to_s - from_s) / 3600
    return sum(float(persons[name][0]) * hours * group.cost_per_hour for name, group in scenario.agents.items())
