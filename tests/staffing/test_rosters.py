"""Rosters: persons for ready agents, bounds, and the timeline that a roster makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crestline import rules
from crestline.scenario import Scenario
from crestline.scenario.loading import changed
from crestline.staffing import grid
from crestline.staffing.roster import UNLIMITED, persons_for
from crestline.workload import day, timeline

if TYPE_CHECKING:
    from tests.staffing.conftest import MakeFlat


@given(st.integers(0, 5000), st.floats(0.01, 1.0))
def test_the_fewest_persons_for_so_many_ready(ready: int, availability: float) -> None:
    """One person less and there are too few, by the rounding of the model."""
    persons = persons_for(ready, availability)
    assert rules.round_half_up(persons * availability) >= ready
    assert persons == 0 or rules.round_half_up((persons - 1) * availability) < ready


def test_bounds_become_ready_agents(two_groups: Scenario) -> None:
    """Of ten persons at 85 % nine are ready; a bound of steps holds in the intervals that it touches."""
    bounded = changed(two_groups, ["plan={minimum: {front: 10}, maximum: {back: {'10:45': 7, '12:00': 9}}}"])
    made = grid(bounded, day(bounded))
    assert made.intervals == 8
    assert made.least.tolist() == [[9] * 8, [0] * 8]
    assert made.most.tolist() == [[UNLIMITED] * 8, [*[UNLIMITED] * 3, 7, 7, 7, 9, 9]]
    assert made.persons(made.least).tolist() == [[10] * 8, [0] * 8]


def test_a_roster_stands_in_the_timeline(two_groups: Scenario) -> None:
    """Slots are ready agents x chats; steps stand where intervals begin."""
    made = grid(two_groups, day(two_groups))
    ready = np.array([[3, 3, 4, 4, 9, 9, 4, 4], [5, 5, 5, 5, 5, 5, 5, 1]])
    line = timeline(made.staffed(two_groups, made.persons(ready)), day(two_groups))
    front, back = line.staffing
    assert list(front.time_s) == [1800.0 * i for i in range(8)]
    assert list(front.slots) == [6, 6, 8, 8, 18, 18, 8, 8]
    assert list(back.slots) == [5, 5, 5, 5, 5, 5, 5, 1]


def test_what_is_not_measured_has_the_roster_of_the_first_interval(flat: MakeFlat) -> None:
    """The first hour is left out of the measures: intervals begin after it."""
    scenario = flat(settle="1h", interval="2h", day={"length": "5h"})
    made = grid(scenario, day(scenario))
    assert made.edges_s.tolist() == [3600.0, 7200.0, 14400.0, 18000.0]
    (staffing,) = timeline(made.staffed(scenario, np.array([[7, 8, 9]])), day(scenario)).staffing
    assert (staffing.time_s, staffing.slots) == ((0.0, 7200.0, 14400.0), (7, 8, 9))


def test_the_dearest_ready_agent(two_groups: Scenario) -> None:
    """A ready agent costs what the persons behind it cost; where nobody has a cost, persons count alike."""
    assert grid(two_groups, day(two_groups)).price.tolist() == [40 / 0.85, 60.0]
    free = changed(two_groups, ["agents.front.cost_per_hour=0", "agents.back.cost_per_hour=0"])
    assert grid(free, day(free)).price.tolist() == [1 / 0.85, 1.0]
