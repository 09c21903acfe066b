"""The handbook replayed by a drill: due, done, by whom; here the drill is one simulated hour."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crestline.compare import World
from crestline.measures.recovery import recover
from crestline.replicate import play_day
from crestline.report.handbook import steps
from crestline.report.handbook.replay import LATER, NOBODY, UNMARKED, replay_lines, replay_table
from crestline.scenario import Scenario, load
from crestline.verbs.replayed import account_of_handbook
from crestline.workload import window

FAULT = {"fault", "fault_number", "fault_planned_s", "fault_effective_s"}
KEYS = {"phase", "step", "role", "who", *FAULT, "due_s", "done_s", "by"}
HARNESS = "the harness (unattended run)"


def played(scenario: Scenario) -> World:
    one = play_day(scenario, 1, window(scenario), day_factor=False)
    recoveries = tuple(recover(one.outcomes, one.pools, scenario, one.timeline))
    return World(one.outcomes, one.pools, one.timeline, recoveries, {})


@pytest.fixture(scope="module")
def drill() -> tuple[Scenario, World, list[dict[str, Any]]]:
    scenario = load("monthly-drill")
    world = played(scenario)
    return scenario, world, account_of_handbook(scenario, world)["handbook"]


def of(rows: list[dict[str, Any]], words: str) -> dict[str, Any]:
    (row,) = [row for row in rows if words in row["step"]]
    return row


def test_each_step_that_a_drill_can_see_has_its_instant(drill: tuple[Scenario, World, list[dict[str, Any]]]) -> None:
    _, world, rows = drill
    recovery = world.recoveries[0]
    assert all(set(row) == KEYS for row in rows)
    assert of(rows, "Notice it")["done_s"] == recovery.detected_s
    called, there = of(rows, "Call in 12 standby"), of(rows, "Standby agents answer")
    assert there["done_s"] == called["done_s"] + 180.0
    assert (called["by"], there["by"]) == (HARNESS, "virtual agents")
    assert of(rows, "Notice it")["by"] == of(rows, "Raise alert level 1")["by"] == HARNESS
    assert of(rows, "Queues are back")["done_s"] == pytest.approx(
        (recovery.effective_s or 0.0) + (recovery.operational_recovery_s or 0.0)
    )
    assert of(rows, "Raise alert level 1")["done_s"] is not None


def test_what_only_people_can_do_was_done_by_nobody(drill: tuple[Scenario, World, list[dict[str, Any]]]) -> None:
    _, _, rows = drill
    assert of(rows, "Send standby home")["by"] == "virtual agents"
    golden = [row for row in rows if row["phase"] != steps.AT_ONCE and "standby" not in row["step"]]
    assert golden
    assert all(row["done_s"] is None and row["by"].startswith("nobody") for row in golden)
    assert {of(rows, "statement to press")["by"], of(rows, "Count what it cost")["by"]} == {LATER}
    quick = load("monthly-drill", ["incident={grows: 100%, phases: {apology: {at: 20min}}}"])
    sooner = account_of_handbook(quick, played(quick))["handbook"]
    assert of(sooner, "Say what is wrong")["by"] == NOBODY


def test_standby_that_was_not_needed_is_not_called_late() -> None:
    calm = load("monthly-drill", ["load_test.level=50%"])
    rows = account_of_handbook(calm, played(calm))["handbook"]
    assert of(rows, "Call in 12 standby")["by"] == "not called"
    assert of(rows, "Notice it")["by"] == "not needed: customers did not notice"


def test_a_run_without_fault_or_without_agents_replays_nothing() -> None:
    none = load("monthly-drill", ["faults=[]", "objectives=[]"])
    assert account_of_handbook(none, played(none)) == {"handbook": []}
    assert account_of_handbook(none, None) == {}
    assert replay_table({"handbook": []}) is None
    assert replay_lines({}) == []


def test_the_page_counts_what_was_in_time_and_names_what_was_late() -> None:
    def row(step: str, due_s: float, done_s: float | None, by: str) -> dict[str, Any]:
        return {"phase": "at once", "step": step, "role": "floor", "due_s": due_s, "done_s": done_s, "by": by}

    run = {
        "day_start": 72000.0,
        "faults": [{"resolution_s": 30.0}],
        "handbook": [
            row("Notice it", 180.0, 200.0, "the harness"),
            row("Standby agents answer", 360.0, 450.0, "virtual agents"),
            row("Say sorry", 3600.0, None, NOBODY),
        ],
    }
    assert replay_lines(run) == [
        "of 2 steps done, 1 was in time",
        "1 min 30 s late: Standby agents answer",
        "1 step is for people, and the run was unattended",
    ]
    table = replay_table(run)
    assert table is not None
    assert table.rows[1] == (
        "20:06", "at once", "Standby agents answer", "floor", "20:07:30", "1 min 30 s late", "virtual agents",
    )  # fmt: skip
    assert table.rows[2][4:] == ("-", "-", NOBODY)


def two_faults() -> dict[str, Any]:
    """What a run tells of a step of the first fault that was done before it, and of two that wait for people."""
    first = {"fault": "triage-outage", "fault_number": 1, "fault_planned_s": 600.0, "fault_effective_s": 601.0}
    second = {"fault": "agents-leave", "fault_number": 2, "fault_planned_s": 1200.0, "fault_effective_s": 1200.0}
    step = {"phase": "at once", "who": "lead", "role": "lead"}
    return {
        "day_start": 72000.0,
        "faults": [{"resolution_s": 30.0}, {"resolution_s": 30.0}],
        "handbook": [
            step | first | {"step": "Call standby", "due_s": 781.0, "done_s": 540.0, "by": "Ann"},
            step | second | {"step": "Call standby", "due_s": 1380.0, "done_s": 1500.0, "by": "Bo"},
            step | first | {"step": "Say sorry", "due_s": 4201.0, "done_s": None, "by": UNMARKED},
            step | first | {"step": "Count", "due_s": 87001.0, "done_s": None, "by": LATER},
        ],
    }


def test_of_several_faults_each_row_names_its_own() -> None:
    table = replay_table(two_faults())
    assert table is not None
    assert table.head[2:5] == ("step", "fault", "who")
    assert [row[3] for row in table.rows] == [
        "triage-outage at 20:10", "agents-leave at 20:20", "triage-outage at 20:10", "triage-outage at 20:10",
    ]  # fmt: skip


def test_what_was_done_before_the_fault_is_in_time_and_said_to_be_early() -> None:
    table = replay_table(two_faults())
    assert table is not None
    assert table.rows[0][5:] == ("20:09", "yes, before the fault", "Ann")
    assert replay_lines(two_faults()) == [
        "of 2 steps done, 1 was in time",
        "2 min late: Call standby (agents-leave at 20:20)",
        "done before the fault: Call standby (triage-outage at 20:10)",
        "1 step is for people, and nobody marked it as done",
        "1 step is due after the drill",
    ]


def test_rows_tell_the_place_and_the_planned_time_of_their_fault() -> None:
    quick = load("quick")
    world = played(quick)
    rows = account_of_handbook(quick, world)["handbook"]
    assert {(row["fault_number"], row["fault"], row["fault_planned_s"]) for row in rows} == {
        (number, each.kind, each.planned_s) for number, each in enumerate(world.recoveries, 1)
    }
    assert {row["fault_number"] for row in rows if row["phase"] != steps.AT_ONCE} == {1}


# A target that stays well all along, as when agents leave, is not mended at the instant at which it is broken.
def test_a_fault_is_over_when_it_was_undone_and_the_target_is_well() -> None:
    scenario = load("monthly-drill")
    world = played(scenario)
    one = world.recoveries[0]
    struck_s, healed_s = one.effective_s or 0.0, one.healed_s or 0.0
    told = []
    for technical_s in (0.0, healed_s - struck_s + 60.0, None):
        seen = replace(world, recoveries=(replace(one, technical_recovery_s=technical_s),))
        row = of(account_of_handbook(scenario, seen)["handbook"], "Restart the bot's workers")
        told.append((row["done_s"], row["by"]))
    undone = "the drill: the fault was undone"
    assert told == [(healed_s, undone), (healed_s + 60.0, undone), (None, "not seen to be over")]


# Nobody knows whether customers noticed, and nobody gave up: the drill was over too soon.
def test_a_recovery_that_could_not_be_judged_was_neither_unnoticed_nor_given_up() -> None:
    scenario = load("monthly-drill")
    world = played(scenario)
    why = "too few customers before the fault"
    for seen_s in (None, world.recoveries[0].detected_s):
        unclear = replace(world.recoveries[0], detected_s=seen_s, operational_recovery_s=None, why=why)
        rows = account_of_handbook(scenario, replace(world, recoveries=(unclear,)))["handbook"]
        assert of(rows, "Queues are back")["by"] == f"could not be judged: {why}"
        assert of(rows, "Notice it")["by"] == (HARNESS if seen_s else f"could not be judged: {why}")
        assert of(rows, "Raise alert level 1")["by"] == HARNESS
