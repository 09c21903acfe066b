"""What became of every customer's first contact, as a gray release judges it.

Each is judged ``judge_after`` it was due, as it stands then: whoever is helped quickly would otherwise be counted
before whoever is not. Only an error or a failure to help, once it has happened, is known at once. A contact that
comes again is a consequence of the first one and not counted as another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self

import numpy as np

from crestline.measures.response import first_response_s
from crestline.scenario import Scenario
from crestline.tables import Bools, Floats, Ints, Outcome, Outcomes
from crestline.workload.candidate import places


class Judged(NamedTuple):
    """First contacts in the order in which it becomes known what became of them."""

    planned_s: Floats
    known_s: Floats  # when it ended; due_s at the latest
    due_s: Floats  # when it counts among those that are judged
    customer: Ints
    is_error: Bools
    is_unresolved: Bools  # not resolved by the bot; where there is none: by nobody
    waited_s: Floats  # until the first response, judge_after at most; NaN where there was none to wait for

    def take(self, which: Bools | Ints) -> Self:
        """Some of them."""
        return self._replace(**{name: column[which] for name, column in self._asdict().items()})

    def ripe(self) -> Self:
        """The same in the order in which they are due, and not known before."""
        return self._replace(known_s=self.due_s).take(np.argsort(self.due_s, kind="stable"))

    def between(self, from_s: float, to_s: float) -> Self:
        """Those that were due in that time."""
        return self.take((self.planned_s >= from_s) & (self.planned_s < to_s))


def judge(scenario: Scenario, outcomes: Outcomes) -> Judged:
    """The first contacts of a table."""
    first = outcomes.take(outcomes.attempt == 0)
    due_s = first.planned_s + scenario.canary.judge_after
    has_ended = first.ended_s <= due_s  # of one that has not, ended_s is NaN
    error = has_ended & (first.outcome == Outcome.FAILED)
    waited = np.minimum(first_response_s(first), scenario.canary.judge_after)
    made = Judged(
        planned_s=first.planned_s,
        known_s=np.where(has_ended, first.ended_s, due_s),
        due_s=due_s,
        customer=first.customer,
        is_error=error,
        is_unresolved=_unresolved(scenario, first, has_ended),
        waited_s=np.where(has_ended & ~error, waited, np.nan),
    )
    return made.take(np.argsort(made.known_s, kind="stable"))


def _unresolved(scenario: Scenario, first: Outcomes, has_ended: Bools) -> Bools:
    if scenario.triage is None:
        without_help: Bools = has_ended & (first.outcome != Outcome.AGENT_RESOLVED)
        return without_help
    meant_for_bot = np.array([kind.bot == "triage" for kind in scenario.contacts.values()])[first.contact]
    in_vain: Bools = meant_for_bot & ~(has_ended & (first.outcome == Outcome.BOT_RESOLVED))
    return in_vain


def is_served(version: str, customers: Iterable[int], share: float) -> Bools:
    """Whether each customer is among the candidate's share: by a hash, so that who was at 1 % still is at 10 %."""
    served: Bools = places(version, customers) < share
    return served
