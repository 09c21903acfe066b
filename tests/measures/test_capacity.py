"""Slots staffed and busy over time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crestline.measures import Value
from crestline.measures.capacity import Staff, area_between, steps_at
from crestline.scenario import Scenario, load
from crestline.tables import Pools, Staffing, Timeline

Changes = Callable[[Any], Pools]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    group = {"skills": ["order"], "on_duty": 2, "chats": 2}
    return load(
        {
            "name": "staffed",
            "day": {"start": "08:00", "length": "1h"},
            "demand": {"rate": "10/h"},
            "contacts": {"order": {"share": 1, "handle_time": {"constant": "3min"}, "patience": "never"}},
            "agents": {"desk": group | {"cost_per_hour": 36}, "other": group},
        }
    )


def staff(scenario: Scenario, edges_s: list[float], *pieces: Pools) -> Staff:
    made = Staff(scenario, np.array(edges_s))
    for piece in pieces:
        made.add(piece)
    return made


def test_a_step_counts_from_its_instant_on() -> None:
    """Before the first step there is nothing; of two steps at one instant the last counts."""
    time_s, level = np.array([10.0, 20.0, 20.0]), np.array([1, 5, 2])
    assert steps_at(time_s, level, np.array([9.0, 10.0, 19.0, 20.0, 99.0])).tolist() == [0, 1, 1, 2, 2]
    assert area_between(time_s, level, np.array([0.0, 15.0, 25.0])).tolist() == [5.0, 15.0]


def test_overtime_counts_as_busy_and_as_there(scenario: Scenario, changes: Changes) -> None:
    """Two of four are busy for 10 s; then the shift ends with two left, of whom one finishes after 10 s more."""
    pools = changes([(0, "desk", 4, 2, 0), (10, "desk", 0, 2, 0), (20, "desk", 0, 1, 0), (30, "desk", 0, 0, 0)])
    seen = staff(scenario, [0.0, 10.0, 40.0], pools)
    assert seen.occupancy(each_interval=True) == [Value(0.5), Value(1.0)]
    assert seen.occupancy(each_interval=False) == [Value(50 / 70)]


def test_persons_hold_several_chats_and_cost_by_the_hour(scenario: Scenario, changes: Changes) -> None:
    """Four slots are two persons; half of them go after half of the second interval."""
    pools = changes([(0, "desk", 4, 0, 0), (150, "desk", 2, 0, 0)])
    seen = staff(scenario, [0.0, 100.0, 200.0], pools)
    assert {name: there.tolist() for name, there in seen.persons().items()} == {"desk": [2.0, 1.5], "other": [0.0, 0.0]}
    assert seen.costs(each_interval=True) == [2.0, 1.5]
    assert seen.costs(each_interval=False) == [3.5]


def test_nobody_there_is_no_occupancy(scenario: Scenario, changes: Changes) -> None:
    assert staff(scenario, [0.0, 10.0], changes([])).occupancy(each_interval=True) == [Value(None)]


@pytest.mark.parametrize(("rows", "slots"), [([(5, "desk", 7, 0, 0)], [0, 7]), ([], [2, 3])])
def test_the_plan_stands_in_where_no_pool_was_recorded(
    rows: list[Any], slots: list[int], scenario: Scenario, changes: Changes
) -> None:
    timeline = Timeline(0.0, 0.0, 9.0, 9.0, 0.0, (Staffing("desk", (0.0, 5.0), (2, 3)),), ())
    seen = staff(scenario, [0.0, 9.0], changes(rows))
    assert seen.slots_at(timeline, np.array([0.0, 5.0])).tolist() == slots


ROW = st.tuples(st.integers(0, 4000), st.sampled_from(["desk", "other"]), st.integers(0, 3), st.integers(0, 5))


@given(rows=st.lists(ROW, max_size=30), cuts=st.lists(st.integers(0, 30), max_size=4))
def test_pieces_of_pools_tell_the_same_as_one_table(
    rows: list[Any], cuts: list[int], scenario: Scenario, changes: Changes
) -> None:
    """Wherever the table is cut, also between rows of one instant, and before a pool has had its first row."""
    table = changes(sorted([(*row, 0) for row in rows], key=lambda row: row[0]))
    bounds = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    pieces = [table.take(np.arange(first, last)) for first, last in pairwise(bounds)]
    edges = [0.0, 900.0, 1000.0, 3600.0]
    one, several = staff(scenario, edges, table), staff(scenario, edges, *pieces)
    for each_interval in (True, False):
        assert several.occupancy(each_interval=each_interval) == one.occupancy(each_interval=each_interval)
        assert several.costs(each_interval=each_interval) == one.costs(each_interval=each_interval)
