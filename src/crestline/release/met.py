"""Who met the new version at a target, and how many it harmed.

The day without it was not played there, so that harm is an estimate: of the first contacts that it served, how many
more went wrong than at the rate of the old version in the same time. Wrong is what a release is judged by: an error,
no resolution by the bot, or a first response after ``recovery.limit``.

What is still under way as the run ends is unknown. To leave out only that would leave out those who take long, of the
worse version more than of the other; so nobody of either version counts who was due since the first of them, and
whoever met the new version since then is taken to have fared as those before.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from crestline.release.judged import Judged, judge
from crestline.release.rollout import Schedule, serves
from crestline.scenario import Scenario
from crestline.tables import Bools, Floats, Outcome, Outcomes
from crestline.workload.candidate import CANDIDATE, places

WIDE = 1.96  # standard errors of the interval: 95 %


class Met(NamedTuple):
    """Contacts that met the new version; those that it harmed, with an interval of 95 %."""

    exposed: int
    harmed: int
    low: int
    high: int

    def plain(self) -> dict[str, Any]:
        """As ``run.json`` has it."""
        return {"exposed": self.exposed, "harmed": self.harmed, "harmed_interval": [self.low, self.high]}


def met(scenario: Scenario, outcomes: Outcomes, turned: Schedule) -> Met:
    """What came of the customers of a run in which the switch was ``turned`` so."""
    contacts = outcomes.take(~np.isnan(outcomes.sent_s))
    exposed = serves(turned, places(CANDIDATE, contacts.customer.tolist()), contacts.planned_s)
    judged = judge(scenario, contacts)
    is_new = serves(turned, places(CANDIDATE, judged.customer.tolist()), judged.planned_s)
    is_known = judged.planned_s < _unknown_from_s(scenario, contacts)
    wrong = _went_wrong(scenario, judged)
    weight, unknown = weights(is_new, _period(turned, judged), is_known)
    more = float(weight @ wrong)
    error = WIDE * math.sqrt(_variance(weight, wrong, is_new & is_known, ~is_new & is_known)) + unknown
    at_most = int(np.count_nonzero(is_new))
    harmed, low, high = (min(at_most, max(0, round(value))) for value in (more, more - error, more + error))
    return Met(int(np.count_nonzero(exposed)), harmed, low, high)


def _unknown_from_s(scenario: Scenario, contacts: Outcomes) -> float:
    """When the first contact was due of which the end of the run has left open what became of it."""
    stamps = np.concatenate([contacts.planned_s, contacts.sent_s, contacts.ended_s])
    end_s = np.nanmax(stamps, initial=-math.inf)
    is_open = (contacts.outcome == Outcome.OPEN) & (contacts.planned_s + scenario.canary.judge_after > end_s)
    return float(contacts.planned_s[is_open & (contacts.attempt == 0)].min(initial=math.inf))


def _went_wrong(scenario: Scenario, judged: Judged) -> Bools:
    wrong: Bools = judged.is_error | judged.is_unresolved | (judged.waited_s > scenario.recovery.limit)
    return wrong


def _period(turned: Schedule, judged: Judged) -> np.ndarray[Any, Any]:
    """Which turn of the switch was the latest when each was due; 0: none yet."""
    return np.searchsorted([at for at, _ in turned], judged.planned_s, side="right")


def weights(is_new: Bools, period: np.ndarray[Any, Any], is_known: Bools) -> tuple[Floats, int]:
    """What each contact that went wrong adds to harm; and how many met the new version when nothing is known of either.

    In each period those who met the new version are set beside the old version's. Where it has served everybody, the
    contacts that the old one served before stand for the old one's, and count there a second time.
    """
    weight, unknown = np.zeros(len(is_new)), 0
    for number in np.unique(period[is_new]):
        here = period == number
        met_new, new, old = int(np.count_nonzero(here & is_new)), here & is_new & is_known, here & ~is_new & is_known
        if not old.any():
            old = (period < number) & ~is_new & is_known
        if old.any() and new.any():
            weight[new] += met_new / np.count_nonzero(new)
            weight[old] -= met_new / np.count_nonzero(old)
        else:
            unknown += met_new
    return weight, unknown


def _variance(weight: Floats, wrong: Bools, *versions: Bools) -> float:
    """Of weighted counts of what went wrong, at each version's own rate."""
    known = ((weight[which], wrong[which].mean()) for which in versions if which.any())
    return sum(float((each**2).sum() * rate * (1 - rate)) for each, rate in known)
