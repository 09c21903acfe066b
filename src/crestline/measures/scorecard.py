"""Objectives as exact counters: of how many contacts each asks in each interval, and how many were as it asks.

A percentile under a limit is a share, too: ``frt p90 < 45s`` holds where at least 90 % were answered within 45 s, to
the contact. Counters of several days are simply added.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from crestline.measures.contacts import Contacts
from crestline.measures.counting import count
from crestline.measures.cut import Cut
from crestline.measures.durations import rank_of
from crestline.measures.indicators import COUNTED
from crestline.measures.tally import interval_edges
from crestline.scenario import Objective, Scenario
from crestline.tables import Bools, Floats, Ints, Outcome, Outcomes, Timeline

Hit = Callable[[Contacts, Objective], Bools]

OF_ALL: dict[str, Hit] = {
    "frt": lambda contacts, objective: _under(objective, contacts.first_response_s),
    "error_rate": lambda contacts, _: COUNTED["errors"](contacts.outcomes),
    "rejected": lambda contacts, _: COUNTED["rejected"](contacts.outcomes),
    "resolution": lambda contacts, _: COUNTED["resolved"](contacts.outcomes),
    "satisfaction": lambda contacts, _: COUNTED["satisfied"](contacts.outcomes),
}
OF_QUEUE: dict[str, Hit] = {
    "agent_frt": lambda contacts, objective: _under(objective, contacts.queue.agent_frt_s),
    "wait": lambda contacts, objective: _under(objective, contacts.queue.wait_s),
    "service_level": lambda contacts, objective: _within(contacts, objective.within or 0.0),
    "abandonment": lambda contacts, _: contacts.outcomes.outcome[contacts.queue.which] == Outcome.ABANDONED,
}


def is_countable(objective: Objective) -> bool:
    """Whether every contact either is as an objective asks or is not: shares, and percentiles under a limit."""
    if objective.stat is not None:
        return objective.stat != "mean" and not objective.at_least
    return objective.measure in OF_ALL or objective.measure in OF_QUEUE


def share_asked(objective: Objective) -> float:
    """The share of hits that must be reached (percentiles: of contacts under the limit), or not be passed."""
    return objective.limit if objective.stat is None else _percent(objective) / 100


class Scorecard:
    """Counts objectives x intervals of one play after another; which objectives can be counted is in ``objectives``."""

    def __init__(self, scenario: Scenario, timeline: Timeline, objectives: Sequence[Objective] | None = None) -> None:
        asked = scenario.objectives if objectives is None else objectives
        self.objectives = tuple(objective for objective in asked if is_countable(objective))
        self.edges_s = interval_edges(scenario, timeline)
        subjects = {objective.subject for objective in self.objectives}
        self._timeline, self._cut = timeline, Cut(self.edges_s, scenario, subjects)
        self._interval = {subject: self._cut.interval(subject) for subject in subjects}

    def count(self, outcomes: Outcomes) -> tuple[Ints, Ints]:
        """Hits, and of how many contacts, objectives x intervals: each contact where it was planned."""
        contacts = Contacts.of(outcomes, self._timeline)
        group = self._cut.group(contacts)
        made = np.zeros((2, len(self.objectives), self._cut.intervals), np.int64)
        for kinds, index in ((OF_ALL, None), (OF_QUEUE, contacts.queue.which)):
            asked = [i for i, objective in enumerate(self.objectives) if objective.measure in kinds]
            flags = [kinds[self.objectives[i].measure](contacts, self.objectives[i]) for i in asked]
            where = group if index is None else group[index]
            of, *hits = count([np.ones(len(where), np.bool_), *flags], where, self._cut.groups)
            for i, hit in zip(asked, hits, strict=True):
                made[:, i] = self._by_interval(hit, i), self._by_interval(of, i)
        return made[0], made[1]

    def holds(self, hits: Ints, of: Ints) -> Bools:
        """Where each objective holds, exactly; also where there was nobody to ask about."""
        return np.array(
            [
                [n == 0 or _holds(objective, hit, n) for hit, n in zip(*row, strict=True)]
                for objective, *row in zip(self.objectives, hits.tolist(), of.tolist(), strict=True)
            ],
            np.bool_,
        )

    def _by_interval(self, groups: Ints, number: int) -> Ints:
        made = np.zeros(self._cut.intervals + 1, np.int64)  # the last for those out of scope
        np.add.at(made, self._interval[self.objectives[number].subject], groups)
        return made[:-1]


def _percent(objective: Objective) -> int:
    return int(str(objective.stat).removeprefix("p"))


def _holds(objective: Objective, hits: int, of: int) -> bool:
    return objective.holds(hits / of) if objective.stat is None else hits >= rank_of(of, _percent(objective))


def _under(objective: Objective, seconds: Floats) -> Bools:
    return seconds < objective.limit if objective.op == "<" else seconds <= objective.limit


def _within(contacts: Contacts, limit_s: float) -> Bools:
    return contacts.queue.answered & (contacts.queue.waited_s <= limit_s)
