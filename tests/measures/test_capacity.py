"""Slots staffed and busy over time."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from crestline.measures import Value
from crestline.measures.capacity import area_between, occupancy, slots_staffed, steps_at
from crestline.tables import Pools, Staffing, Timeline


def test_a_step_counts_from_its_instant_on() -> None:
    """Before the first step there is nothing; of two steps at one instant the last counts."""
    time_s, level = np.array([10.0, 20.0, 20.0]), np.array([1, 5, 2])
    assert steps_at(time_s, level, np.array([9.0, 10.0, 19.0, 20.0, 99.0])).tolist() == [0, 1, 1, 2, 2]
    assert area_between(time_s, level, np.array([0.0, 15.0, 25.0])).tolist() == [5.0, 15.0]


def test_overtime_counts_as_busy_and_as_there(changes: Callable[[Any], Pools]) -> None:
    """Two of four are busy for 10 s; then the shift ends with two left, of whom one finishes after 10 s more."""
    pools = changes([(0, "desk", 4, 2, 0), (10, "desk", 0, 2, 0), (20, "desk", 0, 1, 0), (30, "desk", 0, 0, 0)])
    assert occupancy(pools, ["desk"], np.array([0.0, 10.0, 40.0])) == [Value(0.5), Value(1.0)]


def test_nobody_there_is_no_occupancy(changes: Callable[[Any], Pools]) -> None:
    assert occupancy(changes([]), ["desk"], np.array([0.0, 10.0])) == [Value(None)]


@pytest.mark.parametrize(("rows", "slots"), [([(5, "desk", 7, 0, 0)], [0, 7]), ([], [2, 3])])
def test_the_plan_stands_in_where_no_pool_was_recorded(
    rows: list[Any], slots: list[int], changes: Callable[[Any], Pools]
) -> None:
    timeline = Timeline(0.0, 0.0, 9.0, 9.0, 0.0, (Staffing("desk", (0.0, 5.0), (2, 3)),), ())
    assert slots_staffed(changes(rows), timeline, np.array([0.0, 5.0])).tolist() == slots
