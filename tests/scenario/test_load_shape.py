"""The shape of a load test: how its level runs over the window, and which parts of it are judged."""

import re
from pathlib import Path
from typing import Any

import pytest

from crestline.errors import ScenarioError
from crestline.scenario import Scenario, dump, load, warnings
from crestline.units import format_clock

STEPS = "load_test.shape={steps: {levels: [50%, 100%, 200%], each: 10min}}"


def shaped(small: dict[str, Any], *sets: str, ramp: str = "5min") -> Scenario:
    """The sound scenario whose load test begins at 08:30, as long as its shape says."""
    return load(small | {"faults": [], "load_test": {"level": "150%", "from": "08:30", "ramp": ramp}}, sets)


def course(scenario: Scenario) -> list[tuple[str, float]]:
    return [(format_clock(clock), level) for clock, level in scenario.load_test.course]


def parts(scenario: Scenario) -> list[tuple[float, str, str, str, bool]]:
    return [
        (p.level, format_clock(p.start), format_clock(p.measured_from), format_clock(p.end), p.asked)
        for p in scenario.load_test.parts
    ]


# Untold, the level is held, and the window is judged as a whole.
def test_a_load_is_held_unless_told(small: dict[str, Any]) -> None:
    made = shaped(small)
    assert (course(made), parts(made)) == ([("08:30", 1.5)], [])


# Steps follow the ramp; the start of each is left out, and those up to the level are asked to hold.
def test_a_load_climbs_in_steps(small: dict[str, Any]) -> None:
    made = shaped(small, STEPS)
    assert made.load_test.for_ == 35 * 60
    assert course(made) == [("08:30", 0.5), ("08:45", 1.0), ("08:55", 2.0)]
    assert parts(made) == [
        (0.5, "08:35", "08:37", "08:45", True),
        (1.0, "08:45", "08:47", "08:55", True),
        (2.0, "08:55", "08:57", "09:05", False),
    ]


# Steps of no told length share the window.
def test_steps_share_the_window(small: dict[str, Any]) -> None:
    told = "load_test.shape={steps: {levels: [50%, 100%, 150%], settle: 0%}}"
    made = shaped(small, told, "load_test.for=35min")
    assert [part.start for part in made.load_test.parts] == [clock * 60.0 for clock in (515, 525, 535)]
    assert [part.measured_from for part in made.load_test.parts] == [part.start for part in made.load_test.parts]


def test_levels_may_be_told_by_their_ends(small: dict[str, Any]) -> None:
    by_ends = shaped(small, "load_test.shape={steps: {levels: {from: 50%, to: 110%, by: 20%}, each: 10min}}")
    one_by_one = shaped(small, "load_test.shape={steps: {levels: [50%, 70%, 90%, 110%], each: 10min}}")
    assert by_ends == one_by_one


# What is before the burst, the burst and what is after it are judged, as far as there is any.
def test_a_spike_is_a_burst_over_a_base(small: dict[str, Any]) -> None:
    made = shaped(small, 'load_test.shape={spike: {at: "09:00", for: 5min, base: 80%}}', "load_test.for=1h")
    assert course(made) == [("08:30", 0.8), ("09:00", 1.5), ("09:05", 0.8)]
    assert parts(made) == [
        (0.8, "08:35", "08:35", "09:00", True),
        (1.5, "09:00", "09:00", "09:05", True),
        (0.8, "09:05", "09:05", "09:30", True),
    ]
    early = shaped(small, 'load_test.shape={spike: {at: "08:35", for: 4min}}', "load_test.for=10min")
    assert parts(early) == [(1.5, "08:35", "08:35", "08:39", True), (1.0, "08:39", "08:39", "08:40", True)]


# A soak is held at one level, and every part of it is asked to hold: drift shows in the later ones.
@pytest.mark.parametrize(("shape", "many"), [("soak", 4), ("{soak: {parts: 3}}", 3)])
def test_a_soak_is_judged_in_parts(small: dict[str, Any], shape: str, many: int) -> None:
    made = shaped(small, f"load_test.shape={shape}", "load_test.for=3h", ramp="0s")
    assert course(made) == [("08:30", 1.5)]
    length = 180 / many
    assert [part.end - part.start for part in made.load_test.parts] == [length * 60] * many
    assert all(part.asked and part.measured_from == part.start for part in made.load_test.parts)


@pytest.mark.parametrize(
    "shape",
    ["hold", "soak", "{soak: {parts: 7}}", '{spike: {at: "09:00", for: 90s}}', "{steps: {levels: [50%, 112.5%]}}",
     "{steps: {levels: {from: 30%, to: 90%, by: 20%}, each: 10min, settle: 5%}}"],
)  # fmt: skip
def test_a_shape_is_written_as_it_is_read(small: dict[str, Any], tmp_path: Path, shape: str) -> None:
    made = shaped(small, f"load_test.shape={shape}")
    copy = tmp_path / "copy.yaml"
    copy.write_text(dump(made), encoding="utf-8")
    assert load(copy) == made


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ("stepps", 'got "stepps"; did you mean steps?'),
        ("{stepz: {}}", ".stepz: unknown key; did you mean steps?"),
        ("3", "got 3, expected hold or steps or spike or soak, such as {steps: {levels: [50%, 100%, 150%]}}"),
        ("steps", "missing; expected levels that rise, such as [50%, 100%, 150%], or {from: 50%, to: 150%, by: 50%}"),
        ("{steps: [1, 2]}", ".steps: got a list, expected a mapping"),
        ("{steps: {levels: [50%]}}", ".steps.levels: holds 1 level, expected at least two"),
        ("{steps: {levels: [50%, x]}}", '.steps.levels[1]: got "x", expected a level such as 200% or 2.0'),
        ("{steps: {levels: [50%, 40%]}}", ".steps.levels: 40 % follows 50 %, expected levels that rise"),
        ("{steps: {levels: {from: 50%, to: 2, by: 40%}}}",
         ".steps.levels.to: 200 % is not reached from 50 % in steps of 40 %"),
        ("{steps: {levels: {from: 50%, by: 40%}}}", ".steps.levels.to: missing; expected the highest level, such as"),
        ("{steps: {levels: [1, 2], settle: 100%}}",
         ".steps.settle: leaves nothing to measure, expected less than 100%"),
        ("{steps: {levels: [1, 2], settel: 10%}}", ".steps.settel: unknown key; did you mean settle?"),
        ("{steps: {levels: [160%, 2]}}",
         ".steps.levels: begin at 160 %, beyond load_test.level (150 %); up to it the objectives have to hold, "
         "expected at least one"),
        ("{spike: {at: '12:30', for: 5min}}",
         ".spike.at: 12:30 is outside the window; the window is 08:35, after its ramp, to 12:00"),
        ("{spike: {at: '11:55', for: 5min}}",
         ".spike.for: the burst ends at 12:00, expected before the window does; the window is 08:35, after its ramp,"),
        ("{spike: {at: '09:00', for: 5min, base: 2}}",
         ".spike.base: got 200 %, expected less than load_test.level (150 %), which the burst has"),
        ("{soak: {parts: 0}}", ".soak.parts: got 0, expected a whole number of 1 or more"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_shape_is_said(small: dict[str, Any], shape: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        shaped(small, f"load_test.shape={shape}")
    (problem,) = error.value.problems
    said = re.sub(r"^--set \d+: load_test\.shape(: )?", "", problem.message)
    assert message in said


# A window that is told beside the length of each step has to be as long as they are.
def test_steps_fill_a_told_window(small: dict[str, Any]) -> None:
    with pytest.raises(
        ScenarioError, match=r"ramp and 3 steps take 35 min, the window takes 1 h; set load_test.for to"
    ):
        shaped(small, STEPS, "load_test.for=1h")


# The pace of a live drill is that of its highest step.
def test_the_peak_is_that_of_the_highest_step(small: dict[str, Any]) -> None:
    (told,) = warnings(shaped(small, "load_test.shape={steps: {levels: [1, 40]}}", "objectives=[]"))
    assert "lowered from 60 to 45" in told
