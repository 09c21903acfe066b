"""The search on a service of two groups: what it finds holds, and can do without nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from crestline.scenario import Scenario
from crestline.scenario.loading import changed
from crestline.staffing import Found, offered_load, reach
from crestline.staffing.asked import APART, ahead, turns

if TYPE_CHECKING:
    from tests.staffing.conftest import Look, MakeDays

    from crestline.staffing import Days, Reach

DAYS = 30


@pytest.fixture(scope="module")
def days(two_groups: Scenario, make_days: MakeDays) -> Days:
    return make_days(two_groups, DAYS)


@pytest.fixture(scope="module")
def within(days: Days) -> Reach:
    return reach(days, offered_load(days))


@pytest.fixture(scope="module")
def found(days: Days, within: Reach, look: Look) -> Found:
    looking = look(days, within)
    return looking.polish(looking.everywhere)


def test_every_interval_holds(days: Days, within: Reach, found: Found) -> None:
    """By the bounds over the very days that it was found by."""
    assert within.beyond == ()
    assert not days.standing(found.ready).short(within.wanted).any()


def test_one_agent_less_breaks_an_objective_at_once(days: Days, within: Reach, found: Found) -> None:
    """Cell by cell, each on its own: in that interval or the next, in at least nine of ten."""
    breaks = []
    for group, interval in np.argwhere(found.spared.able).tolist():
        fewer = found.ready.copy()
        fewer[group, interval] -= 1
        short = days.standing(fewer).short(within.wanted)
        breaks.append(bool(short[interval : interval + 2].any()))
    assert len(breaks) >= 12
    assert np.mean(breaks) >= 0.9


def test_the_need_lies_between_the_number_and_one_less(found: Found) -> None:
    assert np.all(found.need[found.spared.breaks] <= found.ready[found.spared.breaks])
    assert np.all(found.need[found.spared.breaks] >= found.ready[found.spared.breaks] - 1)


def test_the_rush_takes_more(found: Found) -> None:
    """Twice the demand from 11:00 to 12:00."""
    total = found.ready.sum(axis=0)
    assert total[4:6].min() > 1.3 * total[:3].max()


def test_a_minimum_and_a_maximum_are_kept(two_groups: Scenario, make_days: MakeDays, look: Look) -> None:
    """Twelve front agents are more than needed at first; with at most as many back agents as that, front steps in."""
    bounded = changed(two_groups, ["plan={minimum: {front: 12}, maximum: {back: 26}}"])
    some = make_days(bounded, 12)
    limits = reach(some, offered_load(some))
    looking = look(some, limits)
    made = looking.polish(looking.everywhere)
    persons = some.grid.persons(made.ready)
    assert persons[0].min() >= 12
    assert persons[1].max() <= 26
    assert not some.standing(made.ready).short(limits.wanted).any()


def test_no_contact_type_is_left_without_anybody(two_groups: Scenario, make_days: MakeDays, look: Look) -> None:
    """Where next to nothing is asked, there is still one agent for each skill."""
    easy = changed(two_groups, ["objectives=[abandonment <= 100%]"])
    some = make_days(easy, 4)
    limits = reach(some, offered_load(some))
    looking = look(some, limits)
    made = looking.polish(looking.everywhere)
    assert made.ready.tolist() == [[0] * 8, [1] * 8]


def test_blame_goes_back_as_far_as_it_may() -> None:
    short = np.array([False, False, False, True, False])
    assert ahead(short, 1).tolist() == [False, False, False, True, False]
    assert ahead(short, 3).tolist() == [False, True, True, True, False]


def test_cells_of_one_turn_lie_apart() -> None:
    """Every cell has its turn once, and no two of a turn are close."""
    open_ = np.ones((2, 8), np.bool_)
    taken = list(turns(open_, [0, 1]))
    assert np.array_equal(np.sum(taken, axis=0), np.ones((2, 8)))
    for turn in taken:
        intervals = np.flatnonzero(turn.any(axis=0))
        assert turn.sum() == len(intervals)
        assert np.all(np.diff(intervals) >= APART)
