"""A piece of a table of contacts, with what follows from its columns: made when first asked for, and once."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from crestline.measures.response import entered_queue, first_response_s
from crestline.tables import Bools, Floats, Ints, Outcome, Outcomes, Timeline


class Queue(NamedTuple):
    """Those of the contacts who entered an agent queue."""

    which: Ints  # of the contacts, by number
    queued_s: Floats
    left_s: Floats  # claimed, or ended without; NaN while they wait
    answered: Bools
    agent_frt_s: Floats  # planned to the first claim; infinite where never
    waited_s: Floats  # to claim or leaving; for who still waits, until the run stopped looking
    wait_s: Floats  # the same, infinite where it came to no end of the customer's or an agent's making


class Passed(NamedTuple):
    """Those who were passed on and waited again."""

    passed_s: Floats
    served_s: Floats  # NaN while they wait


class Contacts:
    """Finished contacts, or those of a finished table; ``seen_until_s`` is when the run stopped looking."""

    def __init__(self, outcomes: Outcomes, seen_until_s: float) -> None:
        self.outcomes = outcomes
        self.seen_until_s = seen_until_s

    @classmethod
    def of(cls, outcomes: Outcomes, timeline: Timeline) -> Contacts:
        """Contacts of a run along a timeline."""
        return cls(outcomes, timeline.stop_s + timeline.drain_s)

    def __len__(self) -> int:
        return len(self.outcomes)

    @cached_property
    def first_response_s(self) -> Floats:
        """``frt``; infinite where never."""
        return first_response_s(self.outcomes)

    @cached_property
    def entered_queue(self) -> Bools:
        """Who entered an agent queue."""
        return entered_queue(self.outcomes)

    @cached_property
    def queue(self) -> Queue:
        """Those who entered an agent queue."""
        index = np.flatnonzero(self.entered_queue)
        planned, queued, claimed, ended = (
            column[index]
            for column in (
                self.outcomes.planned_s,
                self.outcomes.queued_s,
                self.outcomes.claimed_s,
                self.outcomes.ended_s,
            )
        )
        answered = ~np.isnan(claimed)
        left = np.where(answered, claimed, ended)
        waited = np.where(np.isnan(left), self.seen_until_s, left) - queued
        settled = answered | (self.outcomes.outcome[index] == Outcome.ABANDONED)
        return Queue(
            which=index,
            queued_s=queued,
            left_s=left,
            answered=answered,
            agent_frt_s=np.where(answered, claimed - planned, np.inf),
            waited_s=waited,
            wait_s=np.where(settled, waited, np.inf),
        )

    @cached_property
    def passed(self) -> Passed:
        """Those who were passed on by an agent of the wrong skill."""
        index = np.flatnonzero(~np.isnan(self.outcomes.passed_s) & self.entered_queue)
        return Passed(self.outcomes.passed_s[index], self.outcomes.served_s[index])
