"""What the guards look at, as a fold: it grows with the instants that are looked at, and not with the contacts.

Windows are the last contacts that came by a tick, a hundred at most. So the hundred latest before every mark are kept;
of all others it is enough to know how many there were, and how many of them waited longer than the limit.
"""

from __future__ import annotations

import numpy as np

from crestline.measures.capacity import Staff
from crestline.measures.contacts import Contacts
from crestline.measures.guards import LARGEST, Flow, Service
from crestline.measures.marks import Marks, marks_at
from crestline.measures.waiting import Waiting
from crestline.scenario import Recovery, Scenario
from crestline.tables import Bools, Floats, Ints, Outcome, Timeline

FULL = 500_000  # rows from which on those that no window can hold any more are let go


class Held:
    """A fold: how long agents held contacts."""

    def __init__(self) -> None:
        self._count, self._total = 0, 0.0

    def add(self, held_s: Floats) -> None:
        """Count contacts."""
        self._count += len(held_s)
        self._total += float(held_s.sum())

    @property
    def mean_s(self) -> float:
        """Their mean; 0 where there were none."""
        return self._total / self._count if self._count else 0.0


class Latest:
    """A fold: contacts in the order in which they came (of two at one instant by row), counted at marks."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._counted = np.zeros((len(marks) + 1, 2), np.int64)  # within the limit, and over it
        none = np.zeros(0, np.intp)
        self._kept: list[tuple[Ints, Floats, Ints, Bools]] = [(none, np.zeros(0), none, np.zeros(0, np.bool_))]
        self._held, self._full = 0, FULL

    def add(self, came_s: Floats, row: Ints, over: Bools) -> None:
        """Count contacts, and whether each waited longer than the limit."""
        mark = self._marks.before(came_s)
        counted = np.bincount(mark * 2 + over, minlength=self._counted.size).reshape(-1, 2)
        self._counted += counted
        latest = np.flatnonzero(came_s >= _since(came_s, counted.sum(axis=1))[mark])
        self._kept.append((mark[latest], came_s[latest], row[latest], over[latest]))
        self._held += len(latest)
        if self._held > self._full:
            self._let_go()

    def flow(self, ticks: Ints) -> Flow:
        """The contacts, as windows on ticks look at them; ``ticks`` are their numbers among the marks."""
        mark, over = self._let_go()
        in_time, late = np.cumsum(self._counted[:-1], axis=0).T
        return Flow(
            marks_s=self._marks.at_s,
            came=in_time + late,
            late=late,
            last=np.cumsum(np.bincount(mark, minlength=len(self._marks)))[ticks],
            over=np.concatenate(([0], np.cumsum(over))),
        )

    def _let_go(self) -> tuple[Ints, Bools]:
        """Keep the latest before every mark, in order; the mark of each, and whether it waited too long."""
        mark, came_s, row, over = (np.concatenate(column) for column in zip(*self._kept, strict=True))
        order = _in_order(came_s, row)
        ends = np.cumsum(np.bincount(mark, minlength=len(self._marks)))
        order = order[ends[mark[order]] - np.arange(len(mark)) <= LARGEST]
        self._kept = [(mark[order], came_s[order], row[order], over[order])]
        self._held, self._full = len(order), 2 * len(order) + FULL
        return mark[order], over[order]


def _in_order(came_s: Floats, row: Ints) -> Ints:
    """``numpy.lexsort`` by instant and row, several times as fast where few came at one instant."""
    order = came_s.argsort()
    in_order = came_s[order]
    alike = in_order[1:] == in_order[:-1]
    if alike.any():
        which = np.flatnonzero(np.append(alike, False) | np.append(False, alike))
        several = order[which]
        order[which] = several[np.lexsort((row[several], came_s[several]))]
    return order


def _since(came_s: Floats, counted: Ints) -> Floats:
    """From when on contacts of a piece may be of the latest before each mark; never after all marks."""
    since = np.full(len(counted), -np.inf)
    since[-1] = np.inf
    many = np.flatnonzero(counted[:-1] > LARGEST)
    ranks = np.cumsum(counted)[many] - LARGEST
    since[many] = np.partition(came_s, ranks)[ranks]
    return since


class Watch:
    """A fold: whether customers are being served as they should, on the control ticks around faults.

    Only those ticks are looked at on which a fault's baseline has to be steady or its recovery is awaited.
    """

    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        self._rules, self._timeline = scenario.recovery, timeline
        self._starts_s = sorted({fault.start_s for fault in timeline.faults})
        self.ticks_s = self._ticks()
        ahead = self.ticks_s + self._rules.sustain
        asked = (self.ticks_s, ahead[ahead <= self.ticks_s[-1:]], [timeline.measured_from_s, *self._starts_s])
        marks = marks_at(np.unique(np.concatenate(asked)))
        self._marks, self._queue, self._first = marks, Latest(marks), Latest(marks)
        self._held = {start: Held() for start in self._starts_s}

    def _ticks(self) -> Floats:
        ticks = all_ticks(self._rules, self._timeline)
        from_s, to_s = self._starts_s[0] - self._rules.sustain, self._starts_s[-1] + self._rules.give_up
        return ticks[(ticks >= from_s) & (ticks <= to_s)]

    def add(self, contacts: Contacts) -> None:
        """Count these contacts."""
        table, queue, limit = contacts.outcomes, contacts.queue, self._rules.limit
        outcome = table.outcome[queue.which]
        gave_up = ~queue.answered & (outcome != Outcome.OPEN)
        self._queue.add(queue.queued_s, table.row[queue.which], gave_up | (queue.waited_s > limit))
        self._first.add(table.planned_s, table.row, _late_first(contacts, limit))
        resolved = queue.which[outcome == Outcome.AGENT_RESOLVED]
        served_s = table.served_s[resolved]
        held_s = table.ended_s[resolved] - served_s
        calm = served_s >= self._timeline.measured_from_s
        for start, held in self._held.items():
            held.add(held_s[calm & (served_s < start)])

    def service(self, staff: Staff, waiting: Waiting) -> Service:
        """What the guards look at."""
        ticks = np.searchsorted(self._marks.at_s, self.ticks_s)
        return Service(
            queue=self._queue.flow(ticks),
            first=self._first.flow(ticks),
            waiting=waiting.at(self.ticks_s),
            handle_s={start: held.mean_s for start, held in self._held.items()},
            ticks_s=self.ticks_s,
            slots=staff.slots_at(self._timeline, self.ticks_s),
        )


def all_ticks(rules: Recovery, timeline: Timeline) -> Floats:
    """The control ticks of a whole play."""
    return np.arange(timeline.start_s, timeline.stop_s + rules.bucket / 1e6, rules.bucket)


def _late_first(contacts: Contacts, limit_s: float) -> Bools:
    """Whose first response came later than the limit; never answered is late, still open only after the limit."""
    table = contacts.outcomes
    still_young: Bools = (table.outcome == Outcome.OPEN) & (contacts.seen_until_s - table.planned_s <= limit_s)
    return ~(still_young | (contacts.first_response_s <= limit_s))
