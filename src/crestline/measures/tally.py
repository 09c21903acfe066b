"""What contacts alone tell: the folds over them, for every interval and for every subset that is asked about."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from crestline.measures import indicators, keys
from crestline.measures import intervals as interval_of
from crestline.measures.contacts import Contacts
from crestline.measures.counting import count
from crestline.measures.cut import Cut
from crestline.measures.durations import EXACT_UP_TO, Durations, Sample
from crestline.measures.values import Value
from crestline.scenario import Scenario
from crestline.scenario.objectives import SERVICE_LEVEL_S
from crestline.tables import Bools, Floats, Ints, Outcomes, Timeline


def in_scope(outcomes: Outcomes, timeline: Timeline) -> Bools:
    """Which contacts the measures cover: those planned from the ramp's end to the window's end."""
    return (outcomes.planned_s >= timeline.measured_from_s) & (outcomes.planned_s < timeline.end_s)


def interval_edges(scenario: Scenario, timeline: Timeline, step_s: float | None = None) -> Floats:
    """Where the intervals of the measured window begin and end: on the day's grid, cut off at both ends."""
    step = scenario.interval if step_s is None else step_s
    first, last = timeline.measured_from_s, timeline.end_s
    inner = np.arange(np.floor(first / step) + 1, np.ceil(last / step)) * step
    return np.concatenate(([first], inner, [last]))


class Tally:
    """A fold over contacts: exact counters and durations.

    A wait up to ``resolution_s`` counts as none: 0 in simulation, what the wire costs in a live run.
    """

    def __init__(
        self,
        scenario: Scenario,
        timeline: Timeline,
        *,
        step_s: float | None = None,
        resolution_s: float = 0.0,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        subjects = [objective.subject for objective in scenario.objectives]
        self.cut = Cut(interval_edges(scenario, timeline, step_s), scenario, subjects)
        self.longest_s = timeline.stop_s + timeline.drain_s - timeline.measured_from_s
        self.durations = {name: Durations(self.cut.groups, exact_up_to) for name in keys.DURATIONS}
        self._limits_s = sorted({SERVICE_LEVEL_S, *(o.within for o in scenario.objectives if o.within is not None)})
        self._resolution_s = resolution_s
        self._kinds = np.zeros((self.cut.groups, indicators.KINDS), np.int64)
        self._of_queue: dict[str, Ints] = {}
        self._parts: dict[tuple[int, str | None], Parts] = {}  # looked at since the last contacts came

    @property
    def edges_s(self) -> Floats:
        """Where the intervals begin and end."""
        return self.cut.edges_s

    def add(self, contacts: Contacts) -> None:
        """Count these contacts."""
        self._parts.clear()
        group, queue = self.cut.group(contacts), contacts.queue
        queued = group[queue.which]
        np.add.at(self._kinds.reshape(-1), group * indicators.KINDS + indicators.kind(contacts), 1)
        flags = indicators.of_queue(contacts, self._limits_s, self._resolution_s)
        counted = count(list(flags.values()), queued, self.cut.groups)
        self._of_queue = {name: self._of_queue.get(name, 0) + new for name, new in zip(flags, counted, strict=True)}
        self.durations["frt"].add(contacts.first_response_s, group)
        self.durations["agent_frt"].add(queue.agent_frt_s, queued)
        self.durations["wait"].add(queue.wait_s, queued)
        unsettled = np.flatnonzero(np.isinf(queue.wait_s))
        self.durations["wait"].add_known(queue.waited_s[unsettled], queued[unsettled])

    def counts(self) -> dict[str, Ints]:
        """Every counter, by group."""
        return indicators.of_kinds(self._kinds) | self._of_queue

    def whole(self, subject: str | None = None) -> Parts:
        """All contacts in scope, or those of a subject, as the only part."""
        return self._cut_into(1, subject)

    def intervals(self, subject: str | None = None) -> Parts:
        """The same, a part for every interval."""
        return self._cut_into(self.cut.intervals, subject)

    def _cut_into(self, many: int, subject: str | None) -> Parts:
        if (many, subject) not in self._parts:
            number = self.cut.interval(subject)
            self._parts[many, subject] = Parts(self, np.minimum(number, many - 1), many)
        return self._parts[many, subject]


class Parts:
    """The contacts of a tally in several parts: ``number`` says of each of its groups in which, -1 in none."""

    def __init__(self, tally: Tally, number: Ints, many: int) -> None:
        self._tally, self._number, self._many = tally, number, many
        self._samples: dict[str, list[Sample]] = {}
        counters = tally.counts()
        made = np.zeros((many + 1, len(counters)), np.int64)  # the last for those in no part
        np.add.at(made, number, np.column_stack(list(counters.values())))
        self._counts: dict[str, list[int]] = dict(zip(counters, made[:-1].T.tolist(), strict=True))

    def counts(self, name: str) -> list[int]:
        """A counter of every part."""
        return self._counts.get(name) or [0] * self._many

    def samples(self, name: str) -> list[Sample]:
        """The durations ``frt``, ``agent_frt`` or ``wait`` of every part."""
        if name not in self._samples:
            self._samples[name] = self._tally.durations[name].samples(self._number, self._many)
        return self._samples[name]

    def numbers(self, name: str) -> list[float | None] | None:
        """A measure of every part; None for what contacts alone cannot tell, and in a part without contacts."""
        time, share = keys.time(name), indicators.share_of(name)
        if time is not None:
            return [sample.number(time.percent, self._tally.longest_s) for sample in self.samples(time.of)]
        return None if share is None else [hits / of if of else None for hits, of in self._pairs(share)]

    def values(self, name: str, *, intervals: bool = False) -> list[Value] | None:
        """The same, and with ``intervals`` how sure they are."""
        time, share = keys.time(name), indicators.share_of(name)
        if time is not None:
            longest = self._tally.longest_s
            return [sample.value(time.percent, longest, intervals=intervals) for sample in self.samples(time.of)]
        if share is None:
            return None
        return [interval_of.share(hits, of, intervals=intervals) for hits, of in self._pairs(share)]

    def _pairs(self, share: indicators.Share) -> Iterator[tuple[int, int]]:
        hits, of = self.counts(share.hits), self.counts(share.of)
        if share.hits == "satisfied":  # nobody was asked where nobody who was helped has a rating
            told = zip(self.counts("resolved"), self.counts("rated"), of, strict=True)
            of = [0 if resolved and not rated else count for resolved, rated, count in told]
        return zip(hits, of, strict=True)
