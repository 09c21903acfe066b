"""The days by which rosters are compared: customers sampled once, and played again under every roster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import NamedTuple, TypeVar

import numpy as np

from crestline.engine import engine as engine_of
from crestline.measures.capacity import area_between
from crestline.measures.contacts import Contacts
from crestline.measures.durations import rank_of
from crestline.measures.scorecard import Scorecard, is_countable
from crestline.replicate import Customers
from crestline.replicate.turns import turn
from crestline.scenario import Objective, Scenario
from crestline.staffing.roster import Grid
from crestline.staffing.standing import Standing, pooled
from crestline.tables import Floats, Ints, Outcomes, Pools, Timeline
from crestline.workload import Span, timeline
from crestline.workload.arrivals import expected_arrivals

GLIMPSE = 3  # one day in so many is enough for a first idea of a roster
T = TypeVar("T")


class Offered(NamedTuple):
    """What came, and what it took."""

    standing: Standing
    contacts: Floats  # planned, mean over the days, by interval
    busy_slots: Floats  # days x groups x intervals


def without_faults(scenario: Scenario) -> Scenario:
    """The scenario on a day on which nothing breaks."""
    return scenario.model_copy(update={"faults": ()})


def usual(scenario: Scenario) -> Scenario:
    """The scenario without faults and without standby: a roster has to hold by itself."""
    return without_faults(scenario).model_copy(update={"standby": None})


def objectives_of_intervals(scenario: Scenario) -> tuple[Objective, ...]:
    """The objectives that can be judged in every interval."""
    return tuple(objective for objective in scenario.objectives if is_countable(objective))


class Days:
    """Days of one seed; two rosters meet the same customers."""

    def __init__(
        self,
        scenario: Scenario,
        grid: Grid,
        span: Span,
        seed: int,
        count: int,
        *,
        engine: str,
        executor: Executor,
        customers: Customers | None = None,
    ) -> None:
        self.scenario, self.grid, self.span, self.seed, self.count = scenario, grid, span, seed, count
        self.customers = customers or Customers()
        self.engine, self.executor, self._play_one = engine, executor, engine_of(engine)
        self.objectives = objectives_of_intervals(scenario)
        self._card = Scorecard(scenario, timeline(scenario, span), self.objectives)
        self.plays = 0  # rosters tried
        self._expected = expected_arrivals(scenario, span)

    def fresh(self, seed: int, count: int) -> Days:
        """Days of other customers."""
        return Days(
            self.scenario, self.grid, self.span, seed, count,
            engine=self.engine, executor=self.executor, customers=self.customers,
        )  # fmt: skip

    def standing(self, ready: Ints) -> Standing:
        """How the intervals stand with so many ready agents."""
        return pooled(self.objectives, self._play(self._line(ready), self._count))

    def glimpse(self, ready: Ints) -> Standing:
        """The same by some of the days; the bound is what it would be if the others were like them."""
        some = max(2, self.count // GLIMPSE)
        seen = pooled(self.objectives, self._play(self._line(ready), self._count, some))
        return replace(seen, days=self.count)

    def standing_as_is(self) -> Standing:
        """How they stand with the scenario's own roster."""
        return pooled(self.objectives, self._play(timeline(self.scenario, self.span), self._count))

    def offered(self, ready: Ints) -> Offered:
        """How they stand, what came, and the slots that were busy with it."""
        edges = self.grid.edges_s

        def take(outcomes: Outcomes, pools: Pools) -> tuple[tuple[Ints, Ints], Floats, Floats]:
            came, _ = np.histogram(outcomes.planned_s, edges)
            return self._count(outcomes, pools), came.astype(np.float64), self._busy(pools)

        played = self._play(self._line(ready), take)
        counted, came, busy = zip(*played, strict=True)
        return Offered(pooled(self.objectives, counted), np.mean(came, axis=0), np.array(busy))

    def percentiles_s(self, ready: Ints, cells: Sequence[tuple[Objective, int]]) -> list[float]:
        """The percentile of each (objective, interval) over the contacts of all days; infinite: never answered."""
        line = self._line(ready)

        def take(outcomes: Outcomes, _: Pools) -> list[Floats]:
            return [self._seconds(outcomes, objective, interval, line) for objective, interval in cells]

        played = self._play(line, take)
        pools = [np.sort(np.concatenate(parts)) for parts in zip(*played, strict=True)]
        ranks = [rank_of(len(s), int((o.stat or "p0")[1:])) for s, (o, _) in zip(pools, cells, strict=True)]
        return [float(seconds[rank - 1]) for seconds, rank in zip(pools, ranks, strict=True)]

    def _seconds(self, outcomes: Outcomes, objective: Objective, interval: int, line: Timeline) -> Floats:
        """The times that a percentile is of, in one interval."""
        from_s, to_s = self.grid.edges_s[interval : interval + 2]
        which = (outcomes.planned_s >= from_s) & (outcomes.planned_s < to_s)
        if objective.subject == "vip":
            which &= outcomes.vip
        elif objective.subject is not None:
            which &= outcomes.contact == list(self.scenario.contacts).index(objective.subject)
        contacts = Contacts.of(outcomes.take(which), line)
        if objective.measure == "frt":
            return contacts.first_response_s
        return contacts.queue.agent_frt_s if objective.measure == "agent_frt" else contacts.queue.wait_s

    def _line(self, ready: Ints) -> Timeline:
        persons = self.grid.persons(ready)
        return timeline(self.grid.staffed(self.scenario, persons), self.span)

    def _play(self, line: Timeline, take: Callable[[Outcomes, Pools], T], count: int | None = None) -> list[T]:
        """What ``take`` makes of every day (or of the first ``count``), in order."""
        self.plays += 1

        def one(number: int) -> T:
            with turn(self._expected):
                workload = self.customers.sample(self.scenario, self.seed, self.span, number, simulated=True)
            outcomes, pools = self._play_one(self.scenario, workload, line)
            with turn(len(workload)):
                return take(outcomes, pools)

        return list(self.executor.map(one, range(count or self.count)))

    def _count(self, outcomes: Outcomes, _: Pools) -> tuple[Ints, Ints]:
        return self._card.count(outcomes)

    def _busy(self, pools: Pools) -> Floats:
        """Mean busy slots of every group and interval."""
        edges = self.grid.edges_s
        made = [area_between(pool.time_s, pool.busy, edges) for pool in map(pools.of, self.grid.groups)]
        return np.asarray(np.array(made) / np.diff(edges))
