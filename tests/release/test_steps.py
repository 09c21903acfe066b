"""One step of a roll-out, on contacts written down by hand."""

from __future__ import annotations

import numpy as np
import pytest

from crestline.release.judged import Judged, is_served
from crestline.release.steps import INCONCLUSIVE, PROMOTE, ROLL_BACK, Step, Versions, decide
from crestline.scenario import Canary

AFTER = 60.0


def contacts(count: int, *, errors: int = 0, unresolved: int = 0, waited_s: float = 10.0) -> Judged:
    """So many contacts, one a second; of every ten the first ones go wrong."""
    planned, tenth = np.arange(count, dtype=np.float64), np.arange(count) % 10
    waits = waited_s * (1 + 0.1 * (np.arange(count) % 3))
    bad = tenth < errors
    return Judged(
        planned, planned + 30, planned + AFTER, np.arange(count), bad, bad | (tenth < unresolved),
        np.where(bad, np.nan, waits),
    )  # fmt: skip


def decided(candidate: Judged, baseline: Judged, number: int = 2, **keys: object) -> Step:
    """The step of 50 %, unless told."""
    canary = Canary.model_validate({"judge_after": "1min", **keys})
    return decide(canary, number, 0.0, 5000.0, 30.0, Versions(candidate, baseline, together=number < 3))


def test_an_identical_version_goes_on_once_more_than_the_margins_is_ruled_out() -> None:
    """Before the last step it is not enough that no harm is seen."""
    step = decided(contacts(4000, unresolved=2), contacts(4000, unresolved=2))
    assert (step.decision, step.why) == (
        PROMOTE,
        f"no harm seen in {step.candidate:,} contacts, and more than the margins ruled out",
    )
    assert step.candidate > 400


@pytest.mark.parametrize(
    ("worse", "why"),
    [
        (contacts(4000, errors=1, unresolved=2), "more errors"),
        (contacts(4000, unresolved=4), "less resolved"),
        (contacts(4000, unresolved=2, waited_s=15.0), "slower first responses"),
    ],
)
def test_harm_in_one_measure_rolls_back_and_says_which(worse: Judged, why: str) -> None:
    step = decided(worse, contacts(4000, unresolved=2))
    assert (step.decision, step.why) == (ROLL_BACK, why)
    assert [one.measure for one in step.compared if one.harm] == [
        {"more errors": "errors", "less resolved": "resolution", "slower first responses": "frt"}[why]
    ]


def test_too_few_contacts_by_the_end_of_the_day_are_inconclusive() -> None:
    step = decided(contacts(399), contacts(399))
    assert (step.decision, step.decided_s) == (INCONCLUSIVE, None)
    assert step.why == "only 399 of 400 contacts of the new version by the end"


def test_nothing_that_came_is_inconclusive() -> None:
    assert decided(contacts(0), contacts(0)).decision == INCONCLUSIVE


def test_at_100_percent_harm_is_what_lies_beyond_the_margin() -> None:
    """Another hour is compared: a little more is taken for the hour, much more is rolled back."""
    old = contacts(2000, unresolved=2)
    assert decided(contacts(4000, unresolved=2), old, 3).decision == PROMOTE
    assert decided(contacts(4000, unresolved=5), old, 3).decision == ROLL_BACK


def test_who_was_served_at_1_percent_still_is_at_10() -> None:
    """Shares are nested, and as large as they say."""
    few, more = (is_served("candidate", range(20_000), share) for share in (0.01, 0.10))
    assert not (few & ~more).any()
    assert abs(more.mean() - 0.10) < 0.01


@pytest.mark.parametrize("until_s", [0.0, 29.9, 45.0, 59.9, 60.0, 75.0, 640.0])
def test_no_look_is_later_than_what_is_known(until_s: float) -> None:
    """Live, whoever is not due by now has no outcome yet: nobody of them is judged, and nothing is decided later."""
    step = decide(
        Canary.model_validate({"judge_after": "1min", "contacts": 1}),
        2, 0.0, until_s, 30.0, Versions(contacts(4000, errors=1), contacts(4000), together=True),
    )  # fmt: skip
    assert step.candidate <= max(0, until_s - AFTER + 1)
    assert (step.decided_s or 0.0) <= until_s


def test_a_look_at_the_very_end_counts() -> None:
    """Three looks of 0.1 s fit into 0.3 s, although the machine has 0.3 / 0.1 a little below 3."""
    one = contacts(1)._replace(known_s=np.array([0.3]), due_s=np.array([0.3]))
    step = decide(Canary.model_validate({}), 2, 0.0, 0.3, 0.1, Versions(one, one, together=True))
    assert step.candidate == 1
