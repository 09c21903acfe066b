"""A whole day as a fold: real plays, cut into pieces and shuffled, tell what the finished tables tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

import numpy as np
import pytest

from crestline.engine import reference
from crestline.measures import Day, Digest, in_scope, measure, recover, recovered, settled
from crestline.measures.curves import backlog, frt_curve
from crestline.measures.day import buckets
from crestline.measures.intervals_of_day import interval_rows
from crestline.scenario import Scenario, load
from crestline.tables import Outcomes, Pools, Timeline
from crestline.workload import sample, timeline, window

OBJECTIVES = (
    "agent_frt p90 < 2min for vip",
    "wait p95 < 1min each interval",
    "service_level 30s >= 80% for complaint each interval",
    "occupancy < 90% each interval",
    "satisfaction >= 50% for vip each interval",
    "cost_per_contact < 3 each interval",
)
Play = tuple[Scenario, Timeline, Outcomes, Pools]


@pytest.fixture(scope="module", params=["with faults", "without"])
def play(request: pytest.FixtureRequest) -> Play:
    """Three faults one after the other, standby, recontacts, a pool that grows; or a window in which nothing fails."""
    scenario = load("quick", [f"objectives=[{', '.join(OBJECTIVES)}]", "interval=4min"])
    span = window(scenario)
    line = timeline(scenario, span, stop_s=span.horizon_s)
    if request.param == "without":
        scenario = scenario.model_copy(update={"faults": ()})
        line = timeline(scenario, span)
    return scenario, line, *reference.play(scenario, sample(scenario, 7, span), line)


def pieces(outcomes: Outcomes, pools: Pools, seed: int) -> Iterator[tuple[Outcomes, Pools]]:
    """Contacts in any order, pools in order of time; some pieces hold nothing."""
    rng = np.random.default_rng(seed)
    contacts = np.split(rng.permutation(len(outcomes)), np.sort(rng.integers(0, len(outcomes), 6)))
    rows = np.split(np.arange(len(pools)), np.sort(rng.integers(0, len(pools), 6)))
    yield outcomes.take(np.zeros(0, np.int64)), pools.take(np.zeros(0, np.int64))
    for some, changes in zip(contacts, rows, strict=True):
        yield outcomes.take(some), pools.take(changes)


def digested(play: Play, seed: int, **options: Any) -> Day:
    scenario, line, outcomes, pools = play
    digest = Digest(scenario, line, **options)
    for some, changes in pieces(outcomes, pools, seed):
        digest.add(some, changes)
    return digest.day()


def numbers(found: Any) -> Any:
    """All values of something, as ``pytest.approx`` takes them: a sum of floats depends on its order."""
    if isinstance(found, dict):
        return [numbers(value) for value in found.values()]
    if hasattr(found, "__dataclass_fields__"):
        return numbers(list(astuple(found)))
    if isinstance(found, list | tuple | np.ndarray):
        return [numbers(value) for value in found]
    return pytest.approx(found, rel=1e-9, nan_ok=True) if isinstance(found, float) else found


@pytest.mark.parametrize("seed", range(4))
def test_pieces_of_a_day_tell_the_same_as_its_tables(play: Play, seed: int) -> None:
    scenario, line, outcomes, pools = play
    day = digested(play, seed)
    recoveries = recover(outcomes, pools, scenario, line)
    expected = measure(outcomes, pools, scenario, line, intervals=False, recoveries=recoveries)
    inside = outcomes.take(in_scope(outcomes, line))
    assert list(day.recoveries) == recoveries
    assert settled(day.recoveries) == recovered(outcomes, pools, scenario, line)
    assert list(day.measures) == list(expected)
    assert [list(astuple(value)) for value in day.measures.values()] == numbers(list(expected.values()))
    assert [list(row.values()) for row in day.intervals] == numbers(interval_rows(outcomes, pools, scenario, line))
    assert np.array_equal(day.frt_curve, frt_curve(inside))
    assert np.array_equal(day.backlog, backlog(outcomes, buckets(scenario, line)))
    assert day.contacts == len(inside)


def test_what_is_counted_does_not_depend_on_the_pieces(play: Play) -> None:
    """Shares, percentiles and recoveries are equal to the bit, whatever the order."""
    one, other = digested(play, 1), digested(play, 2)
    assert one.recoveries == other.recoveries
    assert {k: v for k, v in one.measures.items() if "mean" not in k} == {
        k: v for k, v in other.measures.items() if "mean" not in k
    }


def test_a_large_day_is_the_same_but_for_the_reading_of_percentiles(play: Play) -> None:
    """From a few contacts on durations go into histograms: percentiles are off by 0.04 % at most, counters are not."""
    exact, binned = digested(play, 3), digested(play, 3, exact_up_to=50)
    assert binned.recoveries == exact.recoveries
    assert np.array_equal(binned.backlog, exact.backlog)
    assert binned.frt_curve == pytest.approx(exact.frt_curve, rel=4e-4, abs=1e-3)
    for key, value in exact.measures.items():
        is_time = key.split("[")[0].split("@")[0].endswith("_s")
        near = pytest.approx(value.value, rel=4e-4, abs=1e-3) if is_time and value.value else value.value
        assert (binned.measures[key].value, binned.measures[key].over) == (near, value.over)


def test_a_day_may_be_asked_while_it_goes_on(play: Play) -> None:
    """What was asked in between changes nothing of what comes out in the end."""
    scenario, line, outcomes, pools = play
    digest = Digest(scenario, line)
    assert digest.day().contacts == 0
    for some, changes in pieces(outcomes, pools, 5):
        digest.add(some, changes)
        assert digest.day().recoveries == digest.recoveries()
    last, whole = digest.day(), digested(play, 5)
    assert (last.measures, last.intervals, last.recoveries) == (whole.measures, whole.intervals, whole.recoveries)
