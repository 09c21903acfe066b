"""What lost customers cost: those who ended without help and do not come back, each at the price of its type.

Who comes back is not looked up but expected, by the share that comes back after such an end: a day that is streamed
need not hold its customers, and chance at the window's end does not count.
"""

from __future__ import annotations

import numpy as np

from crestline import rules
from crestline.measures import in_scope
from crestline.scenario import Scenario
from crestline.tables import Floats, Outcome, Outcomes, Timeline
from crestline.workload.recontacts import most_recontacts, recontact_shares


def lost_cost(scenario: Scenario, outcomes: Outcomes, timeline: Timeline) -> float | None:
    """In ``currency``, over the contacts that measures cover; None where no contact type says what a lost one costs."""
    prices = [kind.lost_costs for kind in scenario.contacts.values()]
    if not any(price is not None for price in prices):
        return None
    without_help = np.isin(outcomes.outcome, [outcome for outcome in Outcome if rules.is_without_help(outcome)])
    lost = np.flatnonzero(in_scope(outcomes, timeline) & without_help)
    price = np.array([price or 0.0 for price in prices])[outcomes.contact[lost]]
    return float(np.sum(price * (1.0 - _comes_back(scenario, outcomes, timeline)[lost])))


def _comes_back(scenario: Scenario, outcomes: Outcomes, timeline: Timeline) -> Floats:
    """The chance of each to come back: by its outcome, by a retry storm while there is one, and not for ever."""
    of_outcome = recontact_shares(scenario)
    chance = np.array([of_outcome[outcome] for outcome in Outcome])[outcomes.outcome]
    storms = np.array([-1.0, *(condition.retry_share for condition in timeline.conditions)])
    starts_s = np.array([condition.time_s for condition in timeline.conditions])
    storm = storms[np.searchsorted(starts_s, outcomes.ended_s, side="right")]
    return np.where(outcomes.attempt < most_recontacts(scenario), np.where(storm >= 0, storm, chance), 0.0)
