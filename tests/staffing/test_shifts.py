"""Covers small enough to be found by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from crestline.scenario import Scenario, load
from crestline.staffing import Cover, cover, grid
from crestline.workload import day

H = 3600.0


def scenario(shifts: dict[str, Any], **parts: Any) -> Scenario:
    """A day from 08:00 to 12:00 in hours, worked by one group at 10 an hour."""
    kind = {"share": 1, "handle_time": {"constant": "1min"}, "patience": "never"}
    return load(
        {
            "name": "shifts",
            "day": {"start": "08:00", "length": "4h"},
            "interval": "1h",
            "demand": {"rate": "60/h"},
            "contacts": {"all": kind},
            "agents": {"team": {"skills": ["all"], "on_duty": 1, "cost_per_hour": 10}},
            "shifts": shifts,
        }
        | parts
    )


def covered(asked: Scenario, *need: list[int]) -> Cover:
    return cover(grid(asked, day(asked)), np.array(need))


def worked(made: Cover) -> dict[tuple[str, str, float], int]:
    """Persons by group, shift and start in hours."""
    return {(turn.group, turn.shift, turn.start_s / H): persons for turn, persons in made.turns}


def test_the_cheapest_cover_of_a_peak() -> None:
    """One is needed all day and two more from nine to eleven: one long shift and two short ones, 40 + 2 x 20."""
    made = covered(
        scenario({"long": {"start": "08:00", "length": "4h"}, "short": {"start": ["09:00", "10:00"], "length": "2h"}}),
        [1, 3, 3, 1],
    )
    assert worked(made) == {("team", "long", 8.0): 1, ("team", "short", 9.0): 2}
    assert made.on_duty.tolist() == [[1, 3, 3, 1]]
    assert (made.cost, made.paid_hours, made.over_hours) == (80.0, 8.0, 0.0)
    assert made.least_cost
    assert not made.uncovered.any()


def test_a_dearer_shift_gives_way_to_one_more_of_a_cheaper() -> None:
    """Where short shifts cost 70 for their bother, three long ones at 40 are the cheaper cover, and two are over."""
    shifts = {"long": {"start": "08:00", "length": "4h"}, "short": {"start": "09:00", "length": "2h", "cost": 70}}
    made = covered(scenario(shifts), [1, 3, 3, 1])
    assert worked(made) == {("team", "long", 8.0): 3}
    assert (made.cost, made.over_hours) == (120.0, 4.0)


def test_nobody_is_there_in_a_break() -> None:
    """A break in the middle of an hour splits it; somebody else has to be there for its whole length."""
    shifts = {
        "long": {"start": "08:00", "length": "4h", "breaks": [{"after": "90min", "for": "30min"}]},
        "relief": {"start": "09:00", "length": "1h"},
    }
    made = covered(scenario(shifts), [1, 1, 1, 1])
    assert worked(made) == {("team", "long", 8.0): 1, ("team", "relief", 9.0): 1}
    assert (made.edges_s / H).tolist() == [0.0, 1.0, 1.5, 2.0, 3.0, 4.0]
    assert made.on_duty.tolist() == [[1, 2, 1, 1, 1]]
    assert made.least_on_duty(np.array([0, H, 2 * H, 3 * H, 4 * H])).tolist() == [[1, 1, 1, 1]]
    assert (made.paid_hours, made.cost) == (4.5, 45.0)


def test_a_shift_may_begin_before_the_day_and_end_after_it() -> None:
    shifts = {"night": {"start": "06:00", "length": "4h"}, "day": {"start": "10:00", "length": "8h"}}
    made = covered(scenario(shifts), [2, 2, 1, 1])
    assert worked(made) == {("team", "night", 6.0): 2, ("team", "day", 10.0): 1}
    assert made.on_duty.tolist() == [[2, 2, 1, 1]]


def test_a_time_without_any_shift_is_told_and_the_rest_covered() -> None:
    made = covered(scenario({"early": {"start": "08:00", "length": "3h"}}), [1, 2, 1, 1])
    assert made.uncovered.tolist() == [[False, False, False, True]]
    assert worked(made) == {("team", "early", 8.0): 2}


def test_a_maximum_holds_for_shifts_too() -> None:
    """Two long shifts would put two on duty at noon, where one is allowed; a short one costs more and keeps to it."""
    shifts = {"long": {"start": "08:00", "length": "4h"}, "short": {"start": "08:00", "length": "3h", "cost": 99}}
    maximum = {"maximum": {"team": {"11:00": 1}}}
    made = covered(scenario(shifts, plan=maximum), [2, 2, 2, 1])
    assert worked(made) == {("team", "long", 8.0): 1, ("team", "short", 8.0): 1}
    assert made.beyond_maximum == ()


def test_a_maximum_that_no_cover_keeps_gives_way() -> None:
    made = covered(
        scenario({"long": {"start": "08:00", "length": "4h"}}, plan={"maximum": {"team": {"11:00": 1}}}), [2, 2, 2, 1]
    )
    assert worked(made) == {("team", "long", 8.0): 2}
    assert made.beyond_maximum == ("team",)


@pytest.mark.parametrize("cost", [0, 10])
def test_groups_work_their_own_shifts(cost: int) -> None:
    """Without any cost paid hours count, and the cost is not known."""
    group = {"skills": ["all"], "on_duty": 1, "cost_per_hour": cost}
    shifts = {
        "long": {"start": "08:00", "length": "4h", "groups": ["red"]},
        "half": {"start": ["08:00", "10:00"], "length": "2h"},
    }
    made = covered(scenario(shifts, agents={"red": group, "blue": group}), [2, 2, 2, 2], [0, 0, 1, 1])
    assert made.on_duty.tolist() == [[2, 2, 2, 2], [0, 0, 1, 1]]
    assert worked(made)["blue", "half", 10.0] == 1
    assert {shift for group_, shift, _ in worked(made) if group_ == "blue"} == {"half"}
    assert (made.paid_hours, made.cost) == (10.0, 100.0 if cost else None)
