"""Recovery belongs to the roster as a whole: agents are added after a fault until the service is back in time.

It is asked as in a drill: on average days, with the scenario's faults and standby. What most days say counts: on a few
a second fault, or the next step of the roster, keeps customers waiting for an hour, which would rule any mean. More
agents do not always help: where they keep standby from being called, it is missing when a fault strikes. So what is
added is taken back, cell by cell, as far as recovery holds without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from math import ceil

import numpy as np

from crestline.engine import engine as engine_of
from crestline.measures import Recovery, recover
from crestline.measures.recovery import MET, settled, worst
from crestline.replicate.turns import turn
from crestline.scenario import Objective, Scenario
from crestline.staffing.days import Days
from crestline.staffing.reach import Reach
from crestline.tables import Bools, Ints
from crestline.workload import Span, day, timeline
from crestline.workload.span import on_grid

DAYS = 30
HELD = 0.85  # of these days, so that it is well over half of others
LEAD_S = 3600.0  # so long before the first fault the days begin
AT_ONCE = 6  # days are played before it is asked whether the others can change anything
ROUNDS = 10
SHARE = 0.05  # of the agents, added in the first round; more in each that follows
MORE = 1.15
OFTEN = 0.1  # of the days: an interval in which recovery fails that often gets agents
Say = Callable[[str], None]
Struck = Sequence[Sequence[Recovery]]


class Recovering:
    """Recovery, as it is asked of a roster."""

    def __init__(self, days: Days, scenario: Scenario, objective: Objective) -> None:
        self._days, self._scenario, self._objective = days, scenario, objective
        self._span = _around_faults(scenario, days.span.level)
        self._play_one = engine_of(days.engine)

    @classmethod
    def asked(cls, days: Days, scenario: Scenario) -> Recovering | None:
        """None where nobody asks for it, or nothing breaks."""
        objective = next((o for o in scenario.objectives if o.measure == "recovery"), None)
        return cls(days, scenario, objective) if objective is not None and scenario.faults else None

    @cached_property
    def touched(self) -> Bools:
        """The intervals whose agents have a part in it: from the first baseline until the last fault is given up."""
        planned = [self._scenario.instant(fault.at) for fault in self._scenario.faults]
        rules, edges = self._scenario.recovery, self._days.grid.edges_s
        first, last = min(planned) - 2 * rules.sustain, max(planned) + rules.give_up
        return np.asarray((edges[:-1] < last) & (edges[1:] > first))

    def holds(self, ready: Ints) -> bool:
        """Whether it holds on so many days that it will on most of others, too."""
        may_miss, missed = DAYS - ceil(HELD * DAYS), 0
        for number, recoveries in enumerate(self._play(ready), start=1):
            missed += not self._in_time(recoveries)
            if missed > may_miss or number - missed >= HELD * DAYS:
                break
        return missed <= may_miss

    def restore(self, reach: Reach, ready: Ints, say: Say) -> Ints:
        """A roster with which it holds; the same one where it does, or where more agents do not help."""
        least = ready
        for share in (SHARE * MORE ** np.arange(ROUNDS)).tolist():
            struck = list(self._play(ready))
            if self._is_met(struck):
                return self._trim(least, ready, say)
            more = reach.more(ready, self._lacking(struck), share)
            if np.array_equal(more, ready):
                break
            held = sum(map(self._in_time, struck))
            say(f"recovery as a whole: holds on {held} of {DAYS} days, {int((more - ready).sum())} agents more")
            ready = more
        return ready

    def _trim(self, least: Ints, ready: Ints, say: Say) -> Ints:
        """Take back what was added as far as it holds without it, those first who have the fewest skills."""
        groups = list(self._scenario.agents.values())
        for group in sorted(range(len(groups)), key=lambda each: len(groups[each].skills)):
            for interval in np.flatnonzero(ready[group] > least[group]).tolist():
                ready = self._fewest(ready, (group, interval), int(least[group, interval]))
        if (ready > least).any():
            say(f"recovery as a whole: {int((ready - least).sum())} agents more are enough")
        return ready

    def _fewest(self, ready: Ints, cell: tuple[int, int], least: int) -> Ints:
        """Bisection of one cell, from nobody more to all that were added."""
        enough, tried = ready, least
        while tried < enough[cell]:
            fewer = enough.copy()
            fewer[cell] = tried
            if self.holds(fewer):
                enough = fewer
            else:
                least = tried + 1
            tried = (least + int(enough[cell])) // 2
        return enough

    def _play(self, ready: Ints) -> Iterator[Sequence[Recovery]]:
        days, span = self._days, self._span
        staffed = days.grid.staffed(self._scenario, days.grid.persons(ready))
        lines = timeline(staffed, span), timeline(staffed, span, stop_s=span.horizon_s)

        def one(number: int) -> list[Recovery]:
            workload = days.customers.sample(staffed, days.seed, span, number, day_factor=False, simulated=True)
            for line in lines:
                outcomes, pools = self._play_one(staffed, workload, line)
                with turn(len(workload)):
                    seen = recover(outcomes, pools, staffed, line)
                if settled(seen):
                    break
            return seen

        for first in range(0, DAYS, AT_ONCE):
            yield from days.executor.map(one, range(first, min(first + AT_ONCE, DAYS)))

    def _is_met(self, struck: Struck) -> bool:
        return sum(map(self._in_time, struck)) >= HELD * len(struck)

    def _in_time(self, recoveries: Sequence[Recovery]) -> bool:
        value = worst(recoveries)
        return value.value is not None and not value.over and self._objective.holds(value.value)

    def _lacking(self, struck: Struck) -> Bools:
        """The intervals in which it often goes wrong: from its detection on for as long as recovery may take.

        Where it cannot be judged, that is the time before the fault, which was not steady.
        """
        edges = self._days.grid.edges_s
        votes = np.zeros(self._days.grid.intervals)
        before = 2 * self._scenario.recovery.sustain
        for recovery in (r for one in struck for r in one if r.result != MET and r.effective_s is not None):
            effect = recovery.effective_s or 0.0
            seen = recovery.detected_s
            first, last = (effect - before, effect) if seen is None else (seen, seen + self._objective.limit)
            votes += (edges[:-1] < last) & (edges[1:] > first)
        often = votes >= OFTEN * len(struck)
        return often if often.any() else (votes > 0) & (votes == votes.max())


def _around_faults(scenario: Scenario, level: float) -> Span:
    """The day from an hour before the first fault."""
    span = day(scenario, level)
    first = min(scenario.instant(fault.at) for fault in scenario.faults)
    start = on_grid(max(span.start_s, first - LEAD_S))
    return span._replace(start_s=start, measured_from_s=max(span.measured_from_s, start))
