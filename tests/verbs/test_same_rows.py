"""The rows of a live run in simulated time: standby comes and goes as it did, whatever the rule would say."""

from __future__ import annotations

import numpy as np
import pytest

from crestline import load
from crestline.engine import default_engine, engine
from crestline.scenario import Scenario
from crestline.tables import Outcomes, Pools, Timeline
from crestline.verbs.same_rows import called_otherwise, simulated_world
from crestline.workload import Span, sample, timeline, window

SEED = 2


@pytest.fixture(scope="module")
def drill() -> tuple[Scenario, Span, Timeline]:
    scenario = load("monthly-drill")
    span = window(scenario)
    return scenario, span, timeline(scenario, span)


def as_live(limit: str, drill: tuple[Scenario, Span, Timeline]) -> tuple[Outcomes, Pools]:
    """What a harness leaves that has called standby over another limit, as after a moment in which it stood still."""
    _, span, line = drill
    eager = load("monthly-drill", [f"standby.call_when=longest_wait > {limit}"])
    return engine(default_engine())(eager, sample(eager, SEED, span, day_factor=False), line)


# 17 s of waiting are there a minute before the bot fails: called then, standby saves most of the queue.
@pytest.mark.parametrize("limit", ["15s", "30s", "10min"])
def test_rows_are_played_with_standby_as_it_came(drill: tuple[Scenario, Span, Timeline], limit: str) -> None:
    scenario, span, line = drill
    outcomes, pools = as_live(limit, drill)
    same = simulated_world(scenario, SEED, span, line, pools)
    np.testing.assert_array_equal(same.outcomes.outcome, outcomes.outcome)
    np.testing.assert_array_equal(same.outcomes.claimed_s, outcomes.claimed_s)
    assert same.pools.names == scenario.pools
    for name in scenario.pools:
        for column in ("time_s", "ready"):
            levels, expected = (getattr(table.of(name), column) for table in (same.pools, pools))
            np.testing.assert_array_equal(levels, expected)


def test_a_call_that_the_rule_would_not_have_made_is_told(drill: tuple[Scenario, Span, Timeline]) -> None:
    scenario, span, line = drill
    _, early = as_live("15s", drill)
    (told,) = called_otherwise(scenario, SEED, span, line, early)
    assert told.startswith("standby came at 19:55:30 live and would have come at 19:56 by its rule on the same rows")
    _, never = as_live("10min", drill)
    (told,) = called_otherwise(scenario, SEED, span, line, never)
    assert told.startswith("standby did not come live and would have come at 19:56")
    _, same = as_live("30s", drill)
    assert called_otherwise(scenario, SEED, span, line, same) == []
