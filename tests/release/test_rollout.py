"""Whole roll-outs in simulated time."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.release.gray import gray, rolled

from crestline.desk import releases
from crestline.release.judged import is_served
from crestline.release.policies import AT_ONCE, compare, read_policy, spell
from crestline.release.rollout import count_harmed, played, roll_out, usual_day
from crestline.release.steps import PROMOTE, ROLL_BACK
from crestline.tables import Outcome

SOON = ("canary.steps=[10%, 50%, 100%]", "day.length=4h")
WORSE = "canary.candidate.contacts.all.bot_resolves=65%"


def test_the_customers_of_the_new_version_are_those_of_the_desk() -> None:
    """Whoever works it out beside the target comes to the same."""
    ours = is_served("candidate", range(2000), 0.1)
    assert ours.tolist() == [releases.is_served("candidate", customer, 0.1) for customer in range(2000)]


def test_an_identical_version_changes_nothing_and_is_promoted() -> None:
    """Both versions draw the same numbers: no contact comes out otherwise."""
    scenario = gray(*SOON)
    done = roll_out(usual_day(scenario, 3), scenario.canary)
    assert (done.decision, [step.share for step in done.steps], done.harmed) == (PROMOTE, [0.1, 0.5, 1.0], 0)


def test_a_worse_bot_is_rolled_back_and_harms_fewer_the_smaller_the_step() -> None:
    scenario = gray(*SOON, WORSE)
    small, big = compare(scenario, [scenario.canary.steps, AT_ONCE], seed=3, runs=1)
    assert {one.decision for one in (*small.rollouts, *big.rollouts)} == {ROLL_BACK}
    assert 0 < small.rollouts[0].harmed < big.rollouts[0].harmed / 2


def test_a_version_that_fails_is_rolled_back_for_its_errors() -> None:
    scenario = gray(*SOON, "canary.candidate.fails=5%")
    done = roll_out(usual_day(scenario, 3), scenario.canary)
    assert (done.decision, done.steps[-1].why) == (ROLL_BACK, "more errors")


def test_nobody_meets_the_new_version_before_or_after() -> None:
    """Errors of the new version happen while it serves, and not to others, those who come again included."""
    again = "recontact={after: {failed: 100%}, delay: {constant: 20min}}"
    on = usual_day(gray("day.length=2h", "canary.candidate.fails=100%", again), 3)
    served = played(on, [(1800.0, 0.1), (3600.0, 0.0)])
    failed = served.outcome == Outcome.FAILED
    while_it_serves = (served.planned_s >= 1800.0) & (served.planned_s < 3600.0)
    theirs = is_served("candidate", served.customer.tolist(), 0.1)
    assert np.array_equal(failed, while_it_serves & theirs)
    assert (failed & (served.attempt > 0)).any()
    theirs_alone = int(np.count_nonzero(failed & (served.attempt == 0)))
    assert (
        theirs_alone <= count_harmed(on.scenario, served, on.alone) < 1.1 * theirs_alone
    )  # all wait for the same staff


def test_policies_are_read_and_spelled() -> None:
    assert read_policy("5%, 25%,100%") == (0.05, 0.25, 1.0)
    assert spell((0.01, 1.0)) == "1% -> 100%"


@pytest.mark.long
def test_an_identical_version_is_promoted_in_at_least_19_of_20_days() -> None:
    """5,000 contacts an hour, alpha 1 %, steps of 1 %, 10 %, 50 % and 100 %: none is rolled back."""
    ends = Counter(decision for decision, _ in rolled(20))
    assert ends[PROMOTE] >= 19
    assert ends[ROLL_BACK] == 0


@pytest.mark.long
def test_a_bot_that_resolves_65_instead_of_82_percent_is_rolled_back_early_on_20_of_20_days() -> None:
    assert all(end == ROLL_BACK and share <= 0.1 for end, share in rolled(20, WORSE))
