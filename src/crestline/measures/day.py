"""One day as a fold: what is kept of it, however many contacts it has and in whatever pieces they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from crestline.measures.alert_counts import AlertCounts
from crestline.measures.alerts import Alert
from crestline.measures.capacity import Staff
from crestline.measures.contacts import Contacts
from crestline.measures.curves import curve_of
from crestline.measures.durations import EXACT_UP_TO
from crestline.measures.intervals_of_day import Load, rows
from crestline.measures.recovery import Recovery, look_back
from crestline.measures.steps import Parts, judged_part
from crestline.measures.summary import summary
from crestline.measures.tally import Tally
from crestline.measures.values import Value
from crestline.measures.waiting import Waiting
from crestline.measures.watch import Watch
from crestline.scenario import Scenario
from crestline.tables import Floats, Outcomes, Pools, Timeline


@dataclass(frozen=True)
class Day:
    """What is kept of one day."""

    measures: dict[str, Value]
    recoveries: tuple[Recovery, ...]
    frt_curve: Floats  # seconds within which each of curves.SHARES was answered
    backlog: Floats  # contacts waiting for an agent at every bucket of the span
    intervals: list[dict[str, Any]]
    contacts: int
    parts: tuple[dict[str, Value], ...] = ()  # the measures of every part of the timeline
    controls: tuple[float, ...] = ()  # how far it was from the average day in what is known exactly
    alerts: tuple[Alert, ...] = ()
    lost_cost: float | None = None  # what lost customers cost; None where the scenario has no price for them


def buckets(scenario: Scenario, line: Timeline) -> Floats:
    """The control ticks from the start to the end of the span."""
    return np.arange(line.start_s, line.end_s + 1e-9, scenario.recovery.bucket)


class Digest:
    """A fold over a day. It takes room for intervals and control ticks, and none for contacts.

    Pieces of contacts come in any order, each contact once and when it has come to its end; pieces of pools come in
    order of time. Beyond ``exact_up_to`` contacts percentiles are read from histograms.
    """

    def __init__(self, scenario: Scenario, timeline: Timeline, *, exact_up_to: int = EXACT_UP_TO) -> None:
        self._scenario, self._timeline = scenario, timeline
        self._tally = Tally(scenario, timeline, exact_up_to=exact_up_to)
        self._load = Load(scenario, self._tally.edges_s)
        self._watch = Watch(scenario, timeline) if timeline.faults else None
        self._buckets_s = buckets(scenario, timeline)
        self._waiting = Waiting(np.concatenate((self._buckets_s, self._watch.ticks_s if self._watch else [])))
        self._staff = Staff(scenario, self._tally.edges_s)
        self._parts = Parts(scenario, timeline, exact_up_to=exact_up_to)
        self._alerts = AlertCounts(scenario, timeline)
        self._recoveries: tuple[Recovery, ...] | None = None  # found since the last contacts came

    def add(self, outcomes: Outcomes, pools: Pools) -> None:
        """Count these contacts, and follow these pools."""
        self._recoveries = None
        contacts = Contacts.of(outcomes, self._timeline)
        self._tally.add(contacts)
        self._load.add(contacts)
        self._waiting.add(contacts)
        self._staff.add(pools)
        self._parts.add(contacts, pools)
        self._alerts.add(contacts)
        if self._watch:
            self._watch.add(contacts)

    def recoveries(self) -> tuple[Recovery, ...]:
        """What became of every fault, by the pieces so far."""
        if self._recoveries is None:
            service = self._watch.service(self._staff, self._waiting) if self._watch else None
            self._recoveries = tuple(look_back(service, self._scenario, self._timeline))
        return self._recoveries

    def day(self) -> Day:
        """What the pieces so far come to."""
        number = judged_part(self._timeline.parts)
        about = self._tally if number is None else self._parts.tallies[number]
        parts = self._parts.measures(recoveries=self.recoveries())
        return Day(
            measures=self._measures() if number is None else parts[number],
            recoveries=self.recoveries(),
            frt_curve=curve_of(about.whole().samples("frt")[0]),
            backlog=self._waiting.at(self._buckets_s).astype(np.float64),
            intervals=rows(self._tally, self._staff, self._load, self._scenario),
            contacts=self._tally.whole().counts("contacts")[0],
            parts=parts,
            alerts=self._alerts.alerts(),
        )

    def _measures(self) -> dict[str, Value]:
        return summary(self._tally, self._staff, self._scenario, recoveries=self.recoveries())
