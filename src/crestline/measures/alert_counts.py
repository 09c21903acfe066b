"""What alerts look at, counted on a finished table: a fold that grows with the control ticks, not with contacts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from crestline.measures.alerts import (
    Alert,
    Counts,
    improbably_many,
    in_order,
    intervals_of,
    join,
    low_satisfaction,
    rising_complaints,
    what,
)
from crestline.measures.contacts import Contacts
from crestline.measures.indicators import is_resolved
from crestline.measures.marks import marks_at
from crestline.scenario import Scenario
from crestline.tables import Bools, Floats, Ints, Outcome, Outcomes, Timeline


def alert_ticks(scenario: Scenario, timeline: Timeline) -> Floats:
    """The control ticks on which alerts are judged: those with a whole bucket of the measured window behind them."""
    bucket = scenario.recovery.bucket
    first = np.ceil((timeline.measured_from_s - timeline.start_s) / bucket)
    return timeline.start_s + bucket * np.arange(first + 1, (timeline.end_s - timeline.start_s) / bucket + 1e-9)


def alerts(outcomes: Outcomes, scenario: Scenario, timeline: Timeline) -> tuple[Alert, ...]:
    """All alerts of the measured window, in the order in which they were raised."""
    counts = AlertCounts(scenario, timeline)
    counts.add(Contacts.of(outcomes, timeline))
    return counts.alerts()


class AlertCounts:
    """A fold: ``Counts`` for every control tick of the measured window."""

    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        self._limits, self._bucket_s, self._interval_s = scenario.alerts, scenario.recovery.bucket, scenario.interval
        self.ticks_s = alert_ticks(scenario, timeline)
        self._marks = marks_at(np.concatenate((self.ticks_s[:1] - self._bucket_s, self.ticks_s)))
        self._marked = np.array([kind.complaint for kind in scenario.contacts.values()], np.bool_)
        self._cells = len(self._marks) + 2  # before the first bucket, the buckets, after the last, and one to end there
        self._seen, self._late, self._complaints = (np.zeros(self._cells, np.int64) for _ in range(3))
        self._ended = np.zeros((self._cells, 8), np.int64)  # by whether satisfied (1), resolved (2) and rated (4)

    def add(self, contacts: Contacts) -> None:
        """Count these contacts."""
        if not len(self.ticks_s):
            return
        table = contacts.outcomes
        planned = self._marks.before(table.planned_s)
        self._add_answers(contacts, planned)
        resolved = is_resolved(table)
        kind = (table.rating == 1) + 2 * resolved + 4 * (resolved & (table.rating >= 0))
        ended = self._marks.before(table.ended_s) * 8 + kind
        self._ended += np.bincount(ended, minlength=self._ended.size).reshape(-1, 8)
        if self._marked.any():
            complaint = self._marked[table.contact]
            self._complaints += np.bincount(planned[complaint], minlength=self._cells)

    def _add_answers(self, contacts: Contacts, planned: Ints) -> None:
        """Each contact is looked at on the ticks from its planned instant until it is settled."""
        table, limit = contacts.outcomes, self._limits.answer
        answered, settled_s = _settled_s(table)
        settled = self._marks.before(settled_s)
        self._seen += self._between(planned, settled)
        slow = np.flatnonzero(settled_s - table.planned_s > limit)
        over = self._marks.upto(table.planned_s[slow] + limit)
        self._late += self._between(over, settled[slow])
        unhelped = settled[~answered & (settled_s - table.planned_s <= limit)]
        self._late += np.bincount(unhelped, minlength=self._cells)

    def _between(self, first: Ints, last: Ints) -> Ints:
        """How many lie on every tick, each from one to another."""
        came = np.bincount(first, minlength=self._cells)
        went = np.bincount(last + 1, minlength=self._cells)
        return np.cumsum(came - went)

    def alerts(self) -> tuple[Alert, ...]:
        """What is to be raised by the contacts so far."""
        return in_order((*self._slow_answers(), *self._of_intervals()))

    def _slow_answers(self) -> list[Alert]:
        seen, late, allowed = self._seen[1:-2], self._late[1:-2], self._limits.slow
        over = np.flatnonzero(late > allowed * seen)
        counted = zip(seen[over].tolist(), late[over].tolist(), strict=True)
        slow = over[np.fromiter((improbably_many(*each, allowed) for each in counted), np.bool_, len(over))]
        without_gap = np.split(slow, np.flatnonzero(np.diff(slow) > 1) + 1)
        return [self._slow(ticks, (late[ticks] / seen[ticks]).max()) for ticks in without_gap if len(ticks)]

    def _slow(self, ticks: Ints, worst: float) -> Alert:
        """One alert for ticks that follow one another."""
        first_s, last_s = self.ticks_s[ticks[[0, -1]]].tolist()
        limits = self._limits
        return Alert(1, first_s - self._bucket_s, first_s, last_s, float(worst), limits.slow, what(1, limits))

    def _of_intervals(self) -> Iterator[Alert]:
        unsatisfied: list[Alert] = []
        complaining: list[Alert] = []
        before, before_s = 0, 1.0
        for from_s, to_s, counts in self._intervals():
            unsatisfied = join(unsatisfied, low_satisfaction(from_s, to_s, counts, self._limits))
            now = counts.complaints
            complaining = join(complaining, rising_complaints(from_s, to_s, now, before, before_s, self._limits))
            before, before_s = now, to_s - from_s
        yield from unsatisfied
        yield from complaining

    def _intervals(self) -> Iterator[tuple[float, float, Counts]]:
        """The intervals of the window on the day's grid, made of whole buckets: from, to, and what they counted."""
        if not len(self.ticks_s):
            return
        number = intervals_of(self.ticks_s, self._interval_s)
        first = np.concatenate(([0], np.flatnonzero(np.diff(number)) + 1))
        last = np.append(first[1:], len(number)) - 1
        kinds = np.add.reduceat(self._ended[1:-2], first)
        complaints = np.add.reduceat(self._complaints[1:-2], first)
        columns = (
            self.ticks_s[first] - self._bucket_s, self.ticks_s[last], kinds.sum(axis=1), kinds[:, 1::2].sum(axis=1),
            kinds[:, [2, 3, 6, 7]].sum(axis=1), kinds[:, 4:].sum(axis=1), complaints,
        )  # fmt: skip
        for from_s, to_s, *counts in zip(*(column.tolist() for column in columns), strict=True):
            yield from_s, to_s, Counts(0, 0, *counts)


def _settled_s(table: Outcomes) -> tuple[Bools, Floats]:
    """Who was answered; and when each was answered, or ended without, infinite where neither."""
    by_bot = table.outcome == Outcome.BOT_RESOLVED
    answered_s = np.where(by_bot, table.bot_reply_s, table.claimed_s)
    answered = ~np.isnan(answered_s)
    settled_s = np.where(answered, answered_s, table.ended_s)
    return answered, np.where(np.isnan(settled_s), np.inf, settled_s)
