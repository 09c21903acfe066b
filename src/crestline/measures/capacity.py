"""What staff and pools did over time: slots staffed, slots busy, occupancy, cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crestline.measures.area import Area
from crestline.measures.values import Value
from crestline.scenario import Scenario
from crestline.tables import Floats, Ints, Pools, Timeline


def steps_at(time_s: Floats, level: Ints, at_s: Floats) -> Ints:
    """The level of a step function at instants; 0 before its first step, and of two at one instant the last."""
    index = np.searchsorted(time_s, at_s, side="right") - 1
    return np.where(index >= 0, level[np.maximum(index, 0)], 0) if len(time_s) else np.zeros(len(at_s), np.int64)


def area_between(time_s: Floats, level: Ints, edges_s: Floats) -> Floats:
    """Level x time of a step function between each two neighbouring edges."""
    area = Area(edges_s)
    area.add(time_s, level)
    return area.between()


class Used(NamedTuple):
    """Slots of a group x time, in every interval."""

    staffed: Floats
    busy: Floats
    there: Floats  # staffed or busy: who finishes after a shift is there, too


class Slots:
    """A fold over the rows of one group: how long its slots were staffed and busy in every interval.

    What is staffed changes seldom, so every change of it is kept.
    """

    def __init__(self, edges_s: Floats) -> None:
        self._edges_s = edges_s
        self._time_s, self._ready = np.zeros(0), np.zeros(0, np.int32)
        self._busy, self._overtime = Area(edges_s), Area(edges_s)

    def add(self, time_s: Floats, ready: Ints, busy: Ints) -> None:
        """Follow these rows, which come in order of time."""
        self._busy.add(time_s, busy)
        over = busy - ready
        np.maximum(over, 0, out=over)
        staffed, more = _changes(ready, self._ready[-1:]), _changes(over, self._overtime.level)
        self._overtime.add(time_s[more], over[more])
        self._time_s = np.concatenate((self._time_s, time_s[staffed]))
        self._ready = np.concatenate((self._ready, ready[staffed]))

    def __len__(self) -> int:
        return len(self._time_s)

    def staffed_at(self, at_s: Floats) -> Ints:
        """Slots staffed at instants."""
        return steps_at(self._time_s, self._ready, at_s)

    def used(self) -> Used:
        """How they were used so far."""
        staffed = area_between(self._time_s, self._ready, self._edges_s)
        return Used(staffed, self._busy.between(), staffed + self._overtime.between())


def _changes(level: Ints, before: Ints) -> Ints:
    """Rows in which a level is not what it was; ``before`` is its last value, if there was one."""
    differs = np.empty(len(level), np.bool_)
    np.not_equal(level[1:], level[:-1], out=differs[1:])
    differs[:1] = level[:1] != before if len(before) else True
    return differs.nonzero()[0]


class Staff:
    """A fold over pools: the groups of agents, in every interval or in all of them together."""

    def __init__(self, scenario: Scenario, edges_s: Floats) -> None:
        self._edges_s = edges_s
        self._groups = scenario.agents
        self._slots = {name: Slots(edges_s) for name in scenario.agents}
        self._known: dict[str, Used] = {}  # since the last rows came

    def add(self, pools: Pools) -> None:
        """Follow these rows, which come in order of time."""
        self._known = {}
        for name, slots in self._slots.items():
            if name in pools.names:
                rows = np.flatnonzero(pools.pool == pools.names.index(name))
                slots.add(pools.time_s[rows], pools.ready[rows], pools.busy[rows])

    def slots_at(self, timeline: Timeline, at_s: Floats) -> Ints:
        """Slots of all groups together at instants, standby included; the plan stands in where no pool was recorded."""
        total = np.zeros(len(at_s), np.int64)
        for plan in timeline.staffing:
            seen = self._slots[plan.group]
            total += seen.staffed_at(at_s) if len(seen) else steps_at(np.array(plan.time_s), np.array(plan.slots), at_s)
        return total

    def occupancy(self, *, each_interval: bool) -> list[Value]:
        """Busy slot time / max(staffed, busy) slot time of the groups."""
        return [Value(share) for share in self.shares_busy(each_interval=each_interval)]

    def shares_busy(self, *, each_interval: bool) -> list[float | None]:
        """The same as numbers; None where nobody was there."""
        busy = sum((used.busy for used in self._used().values()), self._nothing())
        there = sum((used.there for used in self._used().values()), self._nothing())
        shares = zip(_listed(busy, each_interval), _listed(there, each_interval), strict=True)
        return [b / t if t > 0 else None for b, t in shares]

    def persons(self) -> dict[str, Floats]:
        """Mean persons of each group in every interval, standby included."""
        lengths = np.diff(self._edges_s)
        return {name: used.staffed / lengths / self._groups[name].chats for name, used in self._used().items()}

    def costs(self, *, each_interval: bool) -> list[float] | None:
        """What the staff cost, standby included; None where no group says what an hour costs."""
        if not any(group.cost_per_hour for group in self._groups.values()):
            return None
        hours = np.diff(self._edges_s) / 3600
        persons = self.persons().items()
        costs = sum((there * hours * self._groups[name].cost_per_hour for name, there in persons), self._nothing())
        return _listed(costs, each_interval)

    def _used(self) -> dict[str, Used]:
        if not self._known:
            self._known = {name: slots.used() for name, slots in self._slots.items()}
        return self._known

    def _nothing(self) -> Floats:
        return np.zeros(len(self._edges_s) - 1)


def _listed(intervals: Floats, each_interval: bool) -> list[float]:
    return intervals.tolist() if each_interval else [float(intervals.sum())]
