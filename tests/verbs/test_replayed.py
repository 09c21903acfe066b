"""The handbook replayed by a drill: due, done, by whom; here the drill is one simulated hour."""

from __future__ import annotations

from typing import Any

import pytest

from crestline.compare import World
from crestline.measures.recovery import recover
from crestline.replicate import play_day
from crestline.report.handbook import steps
from crestline.report.handbook.replay import replay_lines, replay_table
from crestline.scenario import Scenario, load
from crestline.verbs.replayed import LATER, NOBODY, account_of_handbook
from crestline.workload import window

KEYS = {"phase", "step", "role", "who", "fault", "due_s", "done_s", "by"}


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
    assert (called["by"], there["by"]) == ("the harness (unattended run)", "virtual agents")
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
    calm = load("monthly-drill", ["load_test.level=20%"])
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
        "1 of 2 steps that a drill can see were done in time",
        "1 min 30 s late: Standby agents answer",
        "1 step is people's and was not played: the run was unattended or ended before",
    ]
    table = replay_table(run)
    assert table is not None
    assert table.rows[1] == (
        "20:06", "at once", "Standby agents answer", "floor", "20:07:30", "1 min 30 s late", "virtual agents",
    )  # fmt: skip
    assert table.rows[2][4:] == ("-", "-", NOBODY)
