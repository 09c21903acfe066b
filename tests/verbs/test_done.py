"""Steps of the handbook that people mark as done while a drill plays."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crestline import runs
from crestline.compare import World
from crestline.errors import UsageError
from crestline.live.ledger import LOAD, PROGRESS
from crestline.live.records import Records
from crestline.measures.recovery import recover
from crestline.replicate import play_day
from crestline.runs import RunFolder
from crestline.scenario import Scenario, load
from crestline.verbs.done import DONE, mark_done, marks
from crestline.verbs.replayed import account_of_handbook
from crestline.workload import timeline, window


@pytest.fixture
def playing(tmp_path: Path) -> RunFolder:
    """The folder of a drill that has played for 10 real seconds: ten minutes of the scenario."""
    folder = runs.create(tmp_path, load("monthly-drill"))
    (folder.path / PROGRESS).write_text('{"at": 10.0}\n{"at": 1', encoding="utf-8")
    return folder


def records(folder: RunFolder) -> Records:
    scenario = folder.scenario()
    return Records(folder.path, scenario, timeline(scenario, window(scenario)))


def test_a_step_is_done_now_by_who_says_so(playing: RunFolder) -> None:
    assert mark_done(playing.path, "SAY WHAT is wrong", " Ann ").startswith("Say what is wrong and that we are sorry")
    (mark,) = marks(records(playing))
    scenario = playing.scenario()
    played_s = mark.at_s - window(scenario).start_s
    assert mark.by == "Ann"
    assert 10.0 * scenario.load_test.time_scale <= played_s < 40.0 * scenario.load_test.time_scale


@pytest.mark.parametrize(
    ("words", "by", "told"),
    [
        ("standby", "Ann", "step 'standby': 3 steps have it, expected one of: Call in 12 standby agents"),
        ("dance", "Ann", "step 'dance': 0 steps have it, expected words of one of: Notice it"),
        ("Notice", " ", "--by: got nothing, expected who did it"),
    ],
)
def test_a_step_that_is_not_known_is_refused(playing: RunFolder, words: str, by: str, told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)):
        mark_done(playing.path, words, by)
    assert not playing.has(DONE)


def test_steps_are_marked_while_the_drill_plays_alone(playing: RunFolder) -> None:
    (playing.path / PROGRESS).unlink()
    with pytest.raises(UsageError, match="not being played yet"):
        mark_done(playing.path, "Notice", "Ann")
    (playing.path / LOAD).write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="has been played"):
        mark_done(playing.path, "Notice", "Ann")


# What people did is theirs, what they did not do is nobody's, and the run was not unattended.
def test_a_drill_tells_who_did_what(playing: RunFolder) -> None:
    scenario = playing.scenario()
    one = play_day(scenario, 1, window(scenario), day_factor=False)
    world = World(
        one.outcomes, one.pools, one.timeline, tuple(recover(one.outcomes, one.pools, scenario, one.timeline)), {}
    )
    struck_s = world.recoveries[0].effective_s or 0.0
    at = (struck_s - window(scenario).start_s) / scenario.load_test.time_scale + 5.0
    step = next(row["step"] for row in account_of_handbook(scenario, world)["handbook"] if "sorry" in row["step"])
    (playing.path / DONE).write_text(json.dumps({"at": at, "step": step, "by": "Bo"}) + "\n", encoding="utf-8")
    rows = account_of_handbook(scenario, world, records(playing))["handbook"]
    (done,) = [row for row in rows if row["step"] == step]
    assert (done["by"], done["done_s"]) == ("Bo", pytest.approx(struck_s + 5.0 * scenario.load_test.time_scale))
    assert not any("unattended" in row["by"] for row in rows)


# The second fault strikes while the first is being repaired; what is marked then is a step of the first.
def test_a_step_that_is_done_after_the_next_fault_struck_counts_for_its_own(playing: RunFolder) -> None:
    scenario = load("quick")
    one = play_day(scenario, 1, window(scenario), day_factor=False)
    found = recover(one.outcomes, one.pools, scenario, one.timeline)
    world = World(one.outcomes, one.pools, one.timeline, tuple(found), {})
    first, second = found[:2]
    at_s = (second.effective_s or 0.0) + 5.0
    rows = account_of_handbook(scenario, world)["handbook"]
    own = next(row["step"] for row in rows if row["fault"] == first.kind and "workers" in row["step"])
    real = (at_s - window(scenario).start_s) / scenario.load_test.time_scale
    (playing.path / DONE).write_text(json.dumps({"at": real, "step": own, "by": "Bo"}) + "\n", encoding="utf-8")
    seen = Records(playing.path, scenario, one.timeline)
    told = account_of_handbook(scenario, world, seen)["handbook"]
    assert [row["by"] for row in told if row["step"] == own] == ["Bo"]


def world_of(scenario: Scenario) -> World:
    one = play_day(scenario, 1, window(scenario), day_factor=False)
    found = recover(one.outcomes, one.pools, scenario, one.timeline)
    return World(one.outcomes, one.pools, one.timeline, tuple(found), {})


def marked(playing: RunFolder, scenario: Scenario, world: World, steps: dict[str, float]) -> list[dict[str, Any]]:
    """The handbook's rows after Bo has marked steps at instants."""
    scale, zero = scenario.load_test.time_scale, window(scenario).start_s
    lines = [{"at": (at - zero) / scale, "step": step, "by": "Bo"} for step, at in steps.items()]
    (playing.path / DONE).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    seen = Records(playing.path, scenario, world.timeline)
    rows: list[dict[str, Any]] = account_of_handbook(scenario, world, seen)["handbook"]
    return rows


# Whoever calls standby in before the peak, or warns customers before the repair, has done so.
def test_a_step_that_is_done_before_the_first_fault_is_kept_with_its_time(playing: RunFolder) -> None:
    scenario = playing.scenario()
    world = world_of(scenario)
    at_s = (world.recoveries[0].effective_s or 0.0) - 120.0
    texts = [row["step"] for row in account_of_handbook(scenario, world)["handbook"]]
    early = [text for text in texts if "Call in" in text or "sorry" in text]
    rows = marked(playing, scenario, world, dict.fromkeys(early, at_s))
    assert len(early) == 2
    assert [(row["done_s"], row["by"]) for row in rows if row["step"] in early] == [(pytest.approx(at_s), "Bo")] * 2


# Of two faults that have a step each fault's own mark counts; what none but the second has is kept as well.
def test_what_is_done_before_a_later_fault_is_its_own_unless_an_earlier_one_has_the_step(playing: RunFolder) -> None:
    scenario = load("quick")
    world = world_of(scenario)
    first, second = world.recoveries[:2]
    between_s = ((first.effective_s or 0.0) + (second.effective_s or 0.0)) / 2
    rows = account_of_handbook(scenario, world)["handbook"]
    own = next(row["step"] for row in rows if row["fault"] == second.kind and "why they left" in row["step"])
    told = marked(playing, scenario, world, {own: between_s, "Queues are back: waits as before the fault": between_s})
    by = {(row["fault"], row["step"].split(":")[0]): row["by"] for row in told}
    assert by[second.kind, own] == "Bo"
    assert by[first.kind, "Queues are back"] == "Bo"
    assert by[second.kind, "Queues are back"] != "Bo"
