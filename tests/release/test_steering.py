"""A roll-out at a target: the switch is turned as the steps are decided, and back where there is harm."""

from __future__ import annotations

import numpy as np
from tests.release.gray import gray

from crestline.release.judged import Judged, is_served
from crestline.release.steering import Steering
from crestline.release.steps import INCONCLUSIVE, PROMOTE, ROLL_BACK

KEYS = ("canary.steps=[10%, 50%, 100%]", "canary.judge_after=1min", "canary.contacts=200", "day.length=6h")
COUNT = 20_000  # one a second


def alike() -> Judged:
    """A customer every second; every fifth is left without help, whichever version serves."""
    planned, customers = np.arange(COUNT, dtype=np.float64), np.arange(COUNT)
    drawn = np.random.default_rng(1).random(COUNT)
    bad = drawn < 0.2
    waits = 10 + drawn
    return Judged(planned, planned + 30, planned + 60, customers, np.zeros(COUNT, np.bool_), bad, waits)


def steered(every: Judged, until_s: float) -> tuple[Steering, list[float]]:
    """The roll-out, looked at every minute, and how the switch was turned."""
    turned: list[float] = []
    steering = Steering(gray(*KEYS), 600.0, turned.append)
    now_s = 0.0
    while now_s < until_s and not steering.is_over:
        now_s += 60.0
        known = now_s

        def judged(known: float = known) -> Judged:
            return every.take(every.planned_s < known)

        steering.look(now_s, judged)
    steering.close(now_s, judged)
    return steering, turned


def test_a_version_that_is_alike_is_promoted_and_stays() -> None:
    steering, turned = steered(alike(), 19_000.0)
    assert (steering.decision, turned) == (PROMOTE, [0.1, 0.5, 1.0])


def test_a_run_that_ends_too_soon_takes_back_what_was_not_promoted() -> None:
    steering, turned = steered(alike(), 1200.0)
    assert (steering.decision, turned) == (INCONCLUSIVE, [0.1, 0.0])


def test_harm_turns_the_switch_back_at_once() -> None:
    """The customers of the new version alone are left without help."""
    every = alike()
    theirs = is_served("candidate", range(COUNT), 0.1)
    drawn = np.random.default_rng(2).random(COUNT) < 0.5
    harmed = every._replace(is_unresolved=every.is_unresolved | (theirs & drawn))
    steering, turned = steered(harmed, 19_000.0)
    assert (steering.decision, steering.steps[-1].why, turned) == (ROLL_BACK, "less resolved", [0.1, 0.0])
    assert steering.is_over


def test_what_is_taken_back_in_the_end_is_dated_by_the_last_look() -> None:
    """Promoted, and then not to be trusted: until then the new version did serve."""
    steering, _ = steered(alike(), 19_000.0)
    steering.take_back()
    (whole_s, share), (back_s, nobody) = steering.turned[-2:]
    assert (share, nobody) == (1.0, 0.0)
    assert whole_s < (steering.steps[-1].decided_s or 0.0) <= back_s
