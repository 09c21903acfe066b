"""What hangs on one instant: the tick by which a pool grows, and the contact by which a circuit breaker is judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from crestline import compare
from crestline.engine import default_engine, engine
from crestline.measures import measure
from crestline.measures.steps import scope
from crestline.scenario import load
from crestline.tables import Pools, Workload
from crestline.verbs.drill import drill
from crestline.workload import sample, timeline, window

SEEDS = range(1, 21)
MOST_LATE_S = 0.12  # two real milliseconds at time scale 60: what a contact takes from its instant to the desk
SLOW = ["faults=[{kind: triage-brownout, how: slow, factor: 5, at: '10:04', for: 3min}]", "load_test.level=200%"]
BREAKER = "triage.breaker={failures: 5, timeout: 20s, open_for: 1min}"


def later(rows: Workload, seed: int) -> Workload:
    """The same customers, each up to two real milliseconds later, in their order."""
    first, gap_s = rows.first_rows, rows.gap_s.copy()
    late_s = np.random.default_rng(seed).uniform(0.0, MOST_LATE_S, len(first))
    gap_s[first] = np.diff(np.maximum.accumulate(np.cumsum(gap_s[first]) + late_s), prepend=0.0)
    return replace(rows, gap_s=gap_s)


def played_twice(*sets: str) -> tuple[list[float], list[float]]:
    """The model against itself with everybody a little later: shares that ended alike, and how abandonment differs."""
    scenario = load("quick", [*SLOW, "standby=null", *sets])
    span, play, alike, more = window(scenario), engine(default_engine()), [], []
    line = timeline(scenario, span)
    for seed in SEEDS:
        rows = sample(scenario, seed, span, day_factor=False)
        (on_time, _), (late, _) = worlds = [play(scenario, each, line) for each in (rows, later(rows, seed))]
        alike.append(compare.agreement(late, on_time, line).same_outcome or 0.0)
        lost = [measure(*world, scenario, scope(line))["abandonment"].value or 0.0 for world in worlds]
        more.append(lost[1] - lost[0])
    return alike, more


# Without a breaker nothing hangs on a single contact.
def test_a_slow_bot_alone_forgives_milliseconds() -> None:
    alike, _ = played_twice()
    assert min(alike) >= 0.99


# With one, most days stay as they were, some become another day, and what customers feel does not lean to either side.
def test_with_a_breaker_milliseconds_make_another_day_that_is_no_better_or_worse() -> None:
    alike, more = played_twice(BREAKER)
    assert np.median(alike) >= 0.99
    assert min(alike) < compare.SAME_OUTCOME
    assert abs(np.mean(more)) < 3 * np.std(more, ddof=1) / len(more) ** 0.5 < 0.01


# A worker that opens at a control tick is there when it looks, so that the pool grows at the same ticks in both worlds.
@pytest.mark.long
def test_the_pool_of_the_desk_grows_when_that_of_the_model_does(tmp_path: Path) -> None:
    """Far too small a pool, which grows by a worker on every tick: nine chances to miss one."""
    small = "triage.pool={workers: 1, at_most: 10, slots: 1, start_up: 10s}"
    few = load("quick", ["faults=[]", "objectives=[]", "load_test.level=400%", "load_test.for=3min", small])
    folder = drill(few, seed=1, replications=1, out=tmp_path).folder
    live, same = (grown(folder.read_table(name, Pools)) for name in ("pools", "same_pools"))
    assert len(same) == 9
    assert live == pytest.approx(same, abs=0.9 * few.recovery.bucket)


def grown(pools: Pools) -> list[float]:
    """When the bot's pool had more slots than before."""
    bot = pools.of("triage")
    return [float(at) for at in bot.time_s[1:][np.diff(bot.ready) > 0]]
