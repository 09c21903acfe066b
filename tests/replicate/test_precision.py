"""Precision: days are played until every objective is known well enough, and not many more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from crestline.errors import UsageError
from crestline.measures import Value
from crestline.replicate import Day, Goal
from crestline.replicate.precision import FIRST_LOOK, LATEST

if TYPE_CHECKING:
    from tests.replicate.conftest import MakeService

SEED = 3
AT_MOST = 10_000


def stream(days: list[Day], spread: float) -> list[Day]:
    """Days whose abandonment is normal around 3 %."""
    draws = 0.03 + spread * np.random.default_rng(SEED).standard_normal(2000)
    return [replace(days[0], measures={"abandonment": Value(float(x))}, controls=()) for x in draws]


def days_until(goal: Goal, days: list[Day]) -> int:
    """How many are enough, asked after each."""
    return next(count for count in range(1, len(days) + 1) if goal.look(days[:count]))


def test_days_are_enough_when_the_half_width_is_the_share_of_the_limit(days: list[Day], service: MakeService) -> None:
    """Abandonment < 5 % to 2 % of that is 0.1 points; a spread of 1 point takes about (1.96 x 1 / 0.1)^2 = 384 days."""
    goal = Goal(service(), 0.02, AT_MOST)
    count = days_until(goal, stream(days, 0.01))
    assert 300 < count < 500
    assert goal.is_reached
    assert goal.days == count
    assert goal.worst.wanted == pytest.approx(0.001)
    assert 0.9 < goal.worst.ratio <= 1
    assert goal.longest is not None
    assert goal.longest.objective.key == "abandonment"


def test_looks_are_at_numbers_of_days_that_batches_do_not_change(days: list[Day], service: MakeService) -> None:
    """Asked after every day or only after each look, the same number of days is enough."""
    made = stream(days, 0.01)
    patient, asked = Goal(service(), 0.02, AT_MOST), 0
    while not patient.look(made[: patient.next_look]):
        asked += 1
    assert patient.days == days_until(Goal(service(), 0.02, AT_MOST), made)
    assert asked < 12


def test_the_first_look_waits_for_some_days(days: list[Day], service: MakeService) -> None:
    """Days that happen to be alike are not enough before that; the next look is never far off."""
    same = [replace(days[0], measures={"abandonment": Value(0.0)}, controls=())] * 30
    assert days_until(Goal(service(), 0.01, AT_MOST), same) == FIRST_LOOK
    goal = Goal(service(), 0.0001, AT_MOST)
    goal.look(stream(days, 0.01)[:FIRST_LOOK])
    assert goal.next_look == FIRST_LOOK * LATEST


def test_the_last_day_is_looked_at(days: list[Day], service: MakeService) -> None:
    """With too few days the goal is not reached, and it says what it came to."""
    goal = Goal(service(), 0.0001, 33)
    made = stream(days, 0.01)[:33]
    assert not any(goal.look(made[:count]) for count in range(1, 34))
    assert (goal.days, goal.is_reached) == (33, False)
    assert goal.worst.ratio > 100
    few = Goal(service(), 0.5, 5)
    assert days_until(few, made) == 5


def test_recovery_need_not_be_known_more_finely_than_a_bucket(days: list[Day], service: MakeService) -> None:
    leave = {"kind": "agents-leave", "at": "08:40", "for": "5min", "group": "desk", "share": 0.9}
    parts = {"objectives": ["recovery <= 15min"], "faults": [leave], "recovery": {"sustain": "5min", "bucket": "20s"}}
    goal = Goal(service(**parts), 0.01, AT_MOST)
    assert [goal.wanted(objective) for objective in goal.objectives] == [20]
    assert [Goal(service(**parts), 0.1, AT_MOST).wanted(objective) for objective in goal.objectives] == [90]


def test_what_is_never_there_is_not_waited_for(days: list[Day], service: MakeService) -> None:
    """Recovery where nothing breaks, and an objective whose limit is nothing."""
    asked = service(objectives=["recovery <= 15min", "abandonment < 5%", "error_rate <= 0%"])
    goal = Goal(asked, 0.05, AT_MOST)
    same = [replace(days[0], measures={"abandonment": Value(0.01), "recovery_s": Value(None)}, controls=())] * 30
    assert days_until(goal, same) == FIRST_LOOK
    assert [objective.key for objective in goal.objectives] == ["recovery_s", "abandonment"]


def test_without_objectives_there_is_nothing_to_be_precise_about(service: MakeService) -> None:
    with pytest.raises(UsageError, match="--precision: a share of the objectives' limits"):
        Goal(service(objectives=[]), 0.01, AT_MOST)
