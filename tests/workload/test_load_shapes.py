"""The shape of a load decides how many times the usual demand comes at each instant; customers stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from crestline.scenario import Scenario
from crestline.tables import Floats
from crestline.workload import day, sample, timeline, window
from crestline.workload.arrivals import demand_curve, expected_arrivals, peak_rate

if TYPE_CHECKING:
    from tests.workload.conftest import MakeScenario

WINDOW = {"from": "09:00", "for": "70min", "ramp": "10min", "level": "150%"}
STEPS = "load_test.shape={steps: {levels: [50%, 100%, 200%]}}"
SPIKE = 'load_test.shape={spike: {at: "09:30", for: 5min, base: 80%}}'


def shaped(scenario: MakeScenario, *sets: str) -> Scenario:
    """500 customers an hour; the window is seconds 3600 to 7800, its ramp ends at 4200."""
    return scenario(*sets, load_test=WINDOW)


def planned(made: Scenario) -> Floats:
    return sample(made, 3, window(made), day_factor=False).first_planned_s


@pytest.mark.parametrize(
    ("shape", "hours_at_level"),
    [
        (STEPS, 0.5 / 12 + 0.5 / 3 + 1 / 3 + 2 / 3),
        (SPIKE, 0.8 / 12 + 0.8 * 55 / 60 + 1.5 * 5 / 60),
        ("load_test.shape=soak", 1.5 / 12 + 1.5),
        ("load_test.shape=hold", 1.5 / 12 + 1.5),
    ],
)
def test_as_many_are_expected_as_the_levels_say(scenario: MakeScenario, shape: str, hours_at_level: float) -> None:
    made = shaped(scenario, shape)
    assert expected_arrivals(made, window(made)) == pytest.approx(500 * hours_at_level)


# A level begins at its instant: just before it the one before still holds.
def test_steps_begin_at_once(scenario: MakeScenario) -> None:
    made = shaped(scenario, STEPS)
    curve = demand_curve(made, window(made))
    at = np.flatnonzero(curve.at_s == 5400.0)
    assert (curve.per_s[at] * 3600).tolist() == pytest.approx([250, 500])
    assert peak_rate(made, window(made)) * 3600 == pytest.approx(1000)


# Theory: counts in equal times are in proportion to the levels.
def test_customers_come_at_the_level_of_their_step(scenario: MakeScenario) -> None:
    made = shaped(scenario, STEPS, "demand.rate=50000/h")
    counts = np.histogram(planned(made), bins=[4200, 5400, 6600, 7800])[0]
    assert counts[1] / counts[0] == pytest.approx(2, rel=0.05)
    assert counts[2] / counts[1] == pytest.approx(2, rel=0.05)


# Up to the first higher step nothing is different from a load that is held at the first level.
def test_a_climb_begins_like_a_held_load(scenario: MakeScenario) -> None:
    climbing, held = shaped(scenario, STEPS), shaped(scenario, "load_test.level=50%")
    first, same = (instants[instants < 5400] for instants in (planned(climbing), planned(held)))
    assert np.array_equal(first, same)


# The whole day, which a forecast plays, has no shape; a timeline has the parts of its window.
def test_the_day_has_no_shape(scenario: MakeScenario) -> None:
    made = shaped(scenario, STEPS)
    assert (day(made).course, timeline(made, day(made)).parts) == ((), ())
    parts = timeline(made, window(made)).parts
    assert [(part.level, part.start_s, part.measured_from_s, part.end_s, part.asked) for part in parts] == [
        (0.5, 4200, 4440, 5400, True), (1.0, 5400, 5640, 6600, True), (2.0, 6600, 6840, 7800, False),
    ]  # fmt: skip
