"""A drill that climbs through a recorded day: as many customers as were recorded, judged step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from crestline.runs import RunFolder
from crestline.scenario import Replay
from crestline.tables import Outcomes
from crestline.units import spell_clock

if TYPE_CHECKING:
    from tests.verbs.conftest import Done, Started

CHANGES = (
    "demand={rate: {replay: calls.csv}}", "recontact=null", "faults=[]", "standby=null", "load_test.level=100%",
    "agents.general.on_duty=28", "agents.specialist.on_duty=28",
    "load_test.from=10:03", "load_test.for=5min", "load_test.ramp=30s",
    "load_test.shape={steps: {levels: [50%, 100%, 700%], each: 90s}}",
    "objectives=[frt p90 < 3min, agent_frt p90 < 3min]",
)  # fmt: skip
ARRIVALS = [36_000.5 + number for number in range(1200)]  # from 10:00 to 10:20


pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def climbed(spawned: Callable[..., Started], tmp_path_factory: pytest.TempPathFactory) -> Done:
    """A live drill of five minutes in as many seconds."""
    folder = tmp_path_factory.mktemp("climbed")
    lines = ["at,contact", *(f"{spell_clock(at)},{'order' if at % 2 < 1 else ''}" for at in ARRIVALS)]
    (folder / "calls.csv").write_text("\n".join(lines), encoding="utf-8")
    return spawned(folder, "drill", "quick", *(word for change in CHANGES for word in ("--set", change))).end()


# The step of the level and the one below hold; that the one beyond does not is found, and decides nothing.
def test_a_climb_finds_the_last_level_that_holds(climbed: Done) -> None:
    assert climbed.code == 0, climbed.err
    run = climbed.run
    assert [(step["level"], step["asked"], step["result"]) for step in run["steps"]] == [
        (0.5, True, "met"), (1.0, True, "met"), (7.0, False, "missed"),
    ]  # fmt: skip
    assert run["last_level_held"] == 1.0
    assert [(step["start"], step["end"]) for step in run["steps"]] == [
        ("10:03:30", "10:05"), ("10:05", "10:06:30"), ("10:06:30", "10:08"),
    ]  # fmt: skip


# What a run's objectives show is the step of its level, in every world.
def test_objectives_are_those_of_the_step_of_the_level(climbed: Done) -> None:
    run = climbed.run
    for objective, in_step in zip(run["objectives"], run["steps"][1]["objectives"], strict=True):
        assert objective == in_step
        assert all(objective[world]["value"] is not None for world in ("measured", "same_rows", "forecast"))


# In the step of 100 % exactly the recorded customers were sent, at their instants.
def test_the_recorded_customers_were_sent(climbed: Done) -> None:
    planned = RunFolder(climbed.latest).read_table("outcomes", Outcomes).planned_s
    middle = planned[(planned >= 3900) & (planned < 3990)]
    recorded = np.array(ARRIVALS) - 9 * 3600
    assert np.isin(recorded[(recorded >= 3900) & (recorded < 3990)], middle).all()
    rate = RunFolder(climbed.latest).scenario().demand.rate
    assert isinstance(rate, Replay)
    assert rate.recorded.at_s.tolist() == ARRIVALS


def test_steps_stand_on_the_page_and_in_the_summary(climbed: Done) -> None:
    page = (climbed.latest / "report" / "index.html").read_text("utf-8")
    for said in (page, (climbed.latest / "summary.md").read_text("utf-8")):
        assert "the last level at which every objective held is 100 %" in said
        assert "MISSED, explored" in said
    assert "<h3>Step by step</h3>" in page
    assert "50 % to 700 % of the recorded day in 3 steps, asked up to 100 %" in climbed.err
