"""A window in parts: each is measured as if it were the whole window, and folds do the same piece by piece."""

from __future__ import annotations

import numpy as np
import pytest

from crestline.engine import engine
from crestline.measures import Digest, measure
from crestline.measures.curves import SHARES
from crestline.measures.steps import measure_parts, part_line
from crestline.scenario import Scenario, load
from crestline.tables import Outcome, Outcomes, Pools, Timeline
from crestline.workload import sample, timeline, window

CLIMB = ("load_test.shape={steps: {levels: [50%, 100%, 300%]}}", "load_test.level=100%")
Played = tuple[Scenario, Outcomes, Pools, Timeline]


def play(*sets: str) -> Played:
    scenario = load("quick", ["faults=[]", *sets])
    span = window(scenario)
    line = timeline(scenario, span)
    return scenario, *engine("compiled")(scenario, sample(scenario, 5, span, day_factor=False), line), line


@pytest.fixture(scope="module")
def climbed() -> Played:
    return play(*CLIMB)


def test_a_part_is_measured_like_a_window(climbed: Played) -> None:
    scenario, outcomes, pools, line = climbed
    for part, measures in zip(line.parts, measure_parts(outcomes, pools, scenario, line), strict=True):
        assert measures == measure(outcomes, pools, scenario, part_line(line, part))


# Every contact whose step has settled is in one part, those of the settling in none.
def test_parts_leave_out_what_settles(climbed: Played) -> None:
    scenario, outcomes, pools, line = climbed
    times = zip(line.parts, measure_parts(outcomes, pools, scenario, line), strict=True)
    for part, measures in times:
        planned = (outcomes.planned_s >= part.measured_from_s) & (outcomes.planned_s < part.end_s)
        resolved = np.isin(outcomes.outcome[planned], [Outcome.BOT_RESOLVED, Outcome.AGENT_RESOLVED]).sum()
        hours = (part.end_s - part.measured_from_s) / 3600
        assert measures["throughput_per_h"].value == pytest.approx(resolved / hours)


# A day of a forecast keeps every part, and its own measures are those of the step at the level of the load test.
def test_a_day_in_pieces_keeps_its_parts(climbed: Played) -> None:
    scenario, outcomes, pools, line = climbed
    digest = Digest(scenario, line)
    half = np.arange(len(outcomes)) % 2 == 0
    none = np.zeros(len(pools), np.bool_)
    digest.add(outcomes.take(half), pools)
    digest.add(outcomes.take(~half), pools.take(none))
    day = digest.day()
    assert [part["frt_p90_s"].value for part in day.parts] == [
        part["frt_p90_s"].value for part in measure_parts(outcomes, pools, scenario, line)
    ]
    assert day.measures == day.parts[1]
    assert day.frt_curve[SHARES.searchsorted(0.5)] == pytest.approx(day.measures["frt_p50_s"].value, abs=0.2)


# A load that is held has no parts; of a soak the measures are those of the whole window.
@pytest.mark.parametrize(("shape", "many"), [("hold", 0), ("soak", 4)])
def test_a_load_at_one_level_is_measured_as_a_whole(shape: str, many: int) -> None:
    scenario, outcomes, pools, line = play(f"load_test.shape={shape}")
    digest = Digest(scenario, line)
    digest.add(outcomes, pools)
    day = digest.day()
    assert len(day.parts) == many
    assert day.measures["frt_p90_s"].value == measure(outcomes, pools, scenario, line)["frt_p90_s"].value
