"""What a scenario says about staffing plans: bounds on groups, and shift patterns."""

import re
from typing import Any

import pytest

from crestline.errors import ScenarioError
from crestline.scenario import Scenario, dump, load
from crestline.scenario.plan import bounds_between
from crestline.scenario.reading import read_yaml

BOUNDS = ["plan={minimum: {general: 5, expert: {'08:00': 2, '10:00': 3}}, maximum: {expert: {'09:00': 4}}}"]
SHIFTS = [
    "shifts={early: {start: '08:00', length: 4h, breaks: [{after: 2h, for: 30min}]}, "
    "late: {start: ['09:00', '10:00'], length: 2h, groups: [expert], paid: 3h, cost: 90}}"
]


def test_bounds_hold_from_their_clock_time_on(small: dict[str, Any]) -> None:
    """A number holds all day; before the first step there is no bound; an interval may see two."""
    plan = load(small, BOUNDS).plan
    at_8, at_9, at_10 = 8 * 3600.0, 9 * 3600.0, 10 * 3600.0
    assert bounds_between(plan.minimum["general"], at_8, at_9) == [5]
    assert bounds_between(plan.minimum["expert"], at_9, at_10 + 1800) == [2, 3]
    assert bounds_between(plan.maximum["expert"], at_8, at_9) == []
    assert bounds_between(None, at_8, at_9) == []


def test_a_shift_is_paid_without_its_breaks_unless_it_says_so(small: dict[str, Any]) -> None:
    shifts = load(small, SHIFTS).shifts
    assert {name: (shift.start, shift.paid_s) for name, shift in shifts.items()} == {
        "early": ((8 * 3600.0,), 3.5 * 3600),
        "late": ((9 * 3600.0, 10 * 3600.0), 3 * 3600.0),
    }
    assert [name for name, shift in shifts.items() if shift.is_for("general")] == ["early"]


def test_bounds_and_shifts_come_back_from_a_dump(small: dict[str, Any]) -> None:
    scenario = load(small, [*BOUNDS, *SHIFTS])
    again = load(read_yaml(dump(scenario), "copy").data)
    assert isinstance(again, Scenario)
    assert again == scenario


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("plan.minimun={general: 5}", "plan.minimun: unknown key; did you mean minimum?"),
        ("plan.minimum={genral: 5}", "plan.minimum.genral: is no group of agents; did you mean general?"),
        ("plan.minimum={general: -1}", "plan.minimum.general: got -1, expected a whole number of 0 or more"),
        ("plan={minimum: {general: {'08:00': 3, '10:00': 9}}, maximum: {general: 8}}",
         "plan.maximum.general: at 10:00 the maximum is 8, expected at least the minimum (9)"),
        ("shifts={a: {start: [], length: 4h}}",
         'shifts.a.start: got an empty list, expected at least one clock time such as "08:00"'),
        ("shifts={a: {start: ['08:00', '08:00'], length: 4h}}", "shifts.a.start[1]: stands twice; keep one"),
        ("shifts={a: {start: '08:00', lenght: 4h, length: 4h}}", "shifts.a.lenght: unknown key; did you mean length?"),
        ("shifts={a: {start: '08:00', length: 4h, groups: []}}",
         "shifts.a.groups: got a list, expected at least one group; left out: every group"),
        ("shifts={a: {start: '08:00', length: 4h}, b: {start: '08:00', length: 4h, groups: [exprt]}}",
         'shifts.b.groups[0]: "exprt" is no group of agents; did you mean expert?'),
        ("shifts={a: {start: '08:00', length: 4h, groups: [expert]}}",
         "shifts: nobody of general works any of them; add general to the groups of one"),
        ("shifts={a: {start: ['08:00', '12:00'], length: 4h}}",
         "shifts.a.start[1]: a shift from 12:00 is outside the day; the day is 08:00 to 12:00"),
        ("shifts={a: {start: '04:00', length: 4h}}",
         "shifts.a.start: a shift from 04:00 is outside the day; the day is 08:00 to 12:00"),
        ("shifts={a: {start: '08:00', length: 4h, breaks: [{after: 210min, for: 30min}]}}",
         "shifts.a.breaks[0]: ends 4 h after the start, expected less than the shift (4 h)"),
        ("shifts={a: {start: '08:00', length: 4h, breaks: [{after: 1h, for: 30min}, {after: 80min, for: 5min}]}}",
         "shifts.a.breaks[1]: begins 1 h 20 min after the start, before the one above it is over"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_told(small: dict[str, Any], change: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load(small, [change])
    assert message in [re.sub(r"^--set \d+: ", "", problem.message) for problem in error.value.problems]
