"""A load in steps: what every step says, the last level that held, and the verdict that follows."""

from __future__ import annotations

import pytest

from crestline.measures import Value
from crestline.measures.steps import judged_part, part_line, scope
from crestline.scenario import Objective, Scenario, load
from crestline.steps import FEWEST, Step, decisive, finding, judge_steps, last_level_held
from crestline.tables import Part, Timeline
from crestline.verdict import judge_drill

CLIMB = tuple(
    Part(level, 600.0 * number, 600.0 * number + 120, 600.0 * number + 600, asked=level <= 1.0)
    for number, level in enumerate((0.5, 1.0, 1.5, 2.0))
)
SOAK = tuple(Part(2.0, at, at, at + 600.0, asked=True) for at in (0.0, 600.0, 1200.0, 1800.0))
SPIKE = tuple(Part(level, at, at, at + 600.0, asked=True) for level, at in ((1.0, 0.0), (5.0, 600.0), (1.0, 1200.0)))
LINE = Timeline(0.0, 0.0, 2400.0, 2400.0, 300.0, (), (), CLIMB)
NONE = Value(None)


@pytest.fixture(scope="module")
def made() -> Scenario:
    """It asks for answers within 45 s and for recovery, which is judged over the whole run."""
    return load(
        {
            "name": "climb",
            "day": {"start": "08:00", "length": "1h"},
            "demand": {"rate": "60/h"},
            "contacts": {"all": {"share": 1, "handle_time": {"constant": "1min"}, "patience": "never"}},
            "agents": {"desk": {"skills": ["all"], "on_duty": 9}},
            "objectives": ["frt p90 < 45s", "recovery <= 5min"],
        }
    )


def climbed(objectives: tuple[Objective, ...], *seconds: float | None, parts: tuple[Part, ...] = CLIMB) -> list[Step]:
    measured = [{"frt_p90_s": Value(value), "recovery_s": NONE} for value in seconds]
    return judge_steps(objectives, parts, measured, [FEWEST] * len(parts), forecast=measured)


# Every step is judged by itself, by every objective that a step can answer.
def test_every_step_is_judged(made: Scenario) -> None:
    steps = climbed(made.objectives, 10, 20, 50, None)
    assert [step.result for step in steps] == ["met", "met", "missed", "inconclusive"]
    assert [[row.name for row in step.judged] for step in steps] == [["frt p90 < 45s"]] * 4
    assert steps[2].judged[0].measured == steps[2].judged[0].forecast == Value(50)


# What two contacts met with says nothing, be it good or bad; the lowest such step leaves a run open.
@pytest.mark.parametrize("few", [0, 1])
def test_a_step_of_few_contacts_tells_nothing(made: Scenario, few: int) -> None:
    contacts = [FEWEST - 1 if number == few else FEWEST for number in range(len(CLIMB))]
    measured = [{"frt_p90_s": Value(10), "recovery_s": NONE}] * len(CLIMB)
    steps = judge_steps(made.objectives, CLIMB, measured, contacts)
    assert [step.result for step in steps] == ["inconclusive" if number == few else "met" for number in range(4)]
    (row, _) = decisive(judge_drill(made.objectives, measured[1]), steps)
    at = ("50 %", "100 %")[few]
    assert (row.result, row.why) == (
        "inconclusive", f"at {at}: 29 contacts are too few to judge by, expected 30 or more"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "level"),
    [
        ((10, 20, 30, 40), 2.0),
        ((10, 20, 50, 60), 1.0),
        ((10, 50, 30, 60), 0.5),  # what held beyond a level that did not says nothing
        ((10, None, 30, 40), 0.5),
        ((50, 60, 70, 80), None),
    ],
)
def test_the_last_level_held_is_below_the_first_that_was_not(
    made: Scenario, seconds: tuple[float | None, ...], level: float | None
) -> None:
    assert last_level_held(climbed(made.objectives, *seconds)) == level


@pytest.mark.parametrize(
    ("seconds", "result", "why"),
    [
        ((10, 20, 50, 60), "met", "20 s"),  # beyond the level a step decides nothing
        ((10, 50, 60, 70), "missed", "50 s"),
        ((50, 20, 60, 70), "missed", "at 50 %: 50 s"),  # the steps below decide, too
        ((60, 50, 60, 70), "missed", "at 50 %: 1 min"),
        ((None, 20, 60, 70), "inconclusive", "at 50 %: nothing was there to measure"),
        ((None, 50, 60, 70), "missed", "50 s"),
    ],
)
def test_steps_up_to_the_level_decide(made: Scenario, seconds: tuple[float | None, ...], result: str, why: str) -> None:
    steps = climbed(made.objectives, *seconds)
    judged = judge_drill(made.objectives, {"frt_p90_s": Value(seconds[1]), "recovery_s": NONE})
    first, recovery = decisive(judged, steps)
    assert (first.result, first.why) == (result, why)
    assert recovery == judged[1]


# Of a load that is not climbing, its own measures decide.
def test_parts_of_one_level_decide_nothing(made: Scenario) -> None:
    judged = judge_drill(made.objectives, {"frt_p90_s": Value(10.0), "recovery_s": NONE})
    assert decisive(judged, climbed(made.objectives, 10, 10, 60, 90, parts=SOAK)) == judged
    assert decisive(judged, []) == judged


# A run's measures are about the step of its level; of a load that is held, about the window.
def test_measures_are_about_the_step_that_is_asked() -> None:
    assert judged_part(CLIMB) == 1
    assert (scope(LINE).measured_from_s, scope(LINE).end_s) == (720.0, 1200.0)
    assert judged_part(SOAK) is judged_part(SPIKE) is judged_part(()) is None
    whole = part_line(LINE, Part(1.0, 0.0, 0.0, 2400.0, asked=True))
    assert scope(whole) is whole


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ((10, 20, 30, 50), "steps: the last level at which every objective held is 150 %"),
        ((60, 70, 80, 90), "steps: no step held"),
    ],
)
def test_a_climb_is_told_in_a_sentence(made: Scenario, seconds: tuple[float, ...], said: str) -> None:
    (told,) = finding(climbed(made.objectives, *seconds), made)
    assert told == f"{said}; measures are those of the step at 100 %, 08:12 to 08:20"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ((10, 10, 10, 10), "parts: every objective held in each of 4 parts of the window"),
        ((10, 10, 60, 90), "parts: not every objective held in 2 of 4 parts of the window: "
                           "08:20 to 08:30 at 200 %, 08:30 to 08:40 at 200 %"),
    ],
)  # fmt: skip
def test_parts_that_failed_are_told_in_a_sentence(made: Scenario, seconds: tuple[float, ...], said: str) -> None:
    assert finding(climbed(made.objectives, *seconds, parts=SOAK), made) == [said]


def test_a_window_without_parts_needs_no_word(made: Scenario) -> None:
    assert judge_steps(made.objectives, (), (), ()) == []
    assert finding([], made) == []
