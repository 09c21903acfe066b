"""Who met the new version at a target, and how many it harmed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.release.gray import gray

from crestline.release.met import met, weights
from crestline.release.rollout import count_harmed, played, usual_day
from crestline.tables import Outcome

SETS = ("day.length=3h", "agents.all.on_duty=110")
WORSE = "canary.candidate.contacts.all.bot_resolves=65%"
TURNED = ((1800.0, 0.1), (3600.0, 0.5), (5400.0, 1.0), (7200.0, 0.0))


def test_harm_is_what_went_wrong_beyond_the_old_versions_rate() -> None:
    """The model, which has played the day without it as well, counts as many as the estimate's interval says."""
    on = usual_day(gray(*SETS, WORSE), 3)
    served = played(on, TURNED)
    found, counted = met(on.scenario, served, TURNED), count_harmed(on.scenario, served, on.alone)
    assert found.low <= counted <= found.high
    assert 0 < found.harmed < found.exposed


def test_a_version_that_is_alike_harms_nobody_within_the_interval() -> None:
    on = usual_day(gray(*SETS), 3)
    found = met(on.scenario, played(on, TURNED), TURNED)
    assert (found.low, found.exposed > 1000) == (0, True)


def test_what_the_end_left_open_is_not_known_to_be_harmed() -> None:
    """Contacts that a version has only just been given are not wrong because they are not over; all of them may be."""
    on = usual_day(gray(*SETS), 3)
    turned = ((5370.0, 1.0),)
    began = played(on, turned)
    began = began.take(began.planned_s < 5400.0)
    is_open = began.ended_s > 5400.0
    outcome = np.where(is_open, Outcome.OPEN, began.outcome).astype(began.outcome.dtype)
    found = met(on.scenario, replace(began, ended_s=np.where(is_open, np.nan, began.ended_s), outcome=outcome), turned)
    first = int(np.count_nonzero((began.planned_s >= 5370.0) & (began.attempt == 0)))
    assert (found.harmed, found.low, found.high) == (0, 0, first)


def test_nobody_meets_a_version_that_was_never_let_in() -> None:
    """Nor does a contact that was dropped before it was sent."""
    on = usual_day(gray(*SETS), 3)
    assert met(on.scenario, on.alone, ()).plain() == {"exposed": 0, "harmed": 0, "harmed_interval": [0, 0]}
    never = replace(on.alone, sent_s=np.full(len(on.alone), np.nan))
    assert met(on.scenario, never, TURNED).exposed == 0


# The contacts of the old version stand for it in their own time, and once more when it serves nobody.
def test_contacts_that_are_compared_twice_weigh_twice() -> None:
    is_new = np.array([True, False, False, True, True, True])
    weight, unknown = weights(is_new, np.array([1, 1, 1, 2, 2, 2]), np.ones(6, np.bool_))
    assert (weight.tolist(), unknown) == ([1.0, -0.5 - 1.5, -0.5 - 1.5, 1.0, 1.0, 1.0], 0)


@pytest.mark.long
def test_the_interval_of_a_version_that_is_alike_holds_nobody_as_often_as_it_says() -> None:
    """In 19 of 20 roll-outs, half of the others with too many harmed; up to 8 of 100 would be chance (99.9 %)."""
    turned = ((1800.0, 0.1), (3600.0, 0.5), (7200.0, 1.0))
    days = (usual_day(gray("day.length=4h"), seed) for seed in range(100))
    assert sum(met(on.scenario, played(on, turned), turned).low > 0 for on in days) <= 8
