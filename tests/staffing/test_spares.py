"""Every cell of a roster in the end, tried with one agent less."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crestline.scenario import Scenario
from crestline.staffing import offered_load, reach
from crestline.staffing.spare import spare

if TYPE_CHECKING:
    from tests.staffing.conftest import Look, MakeDays


def test_agents_who_were_added_are_counted(two_groups: Scenario, make_days: MakeDays, look: Look) -> None:
    """Five more in one cell: it is still among those that are tried, and one less breaks nothing there any more."""
    days = make_days(two_groups, 12)
    limits = reach(days, offered_load(days))
    looking = look(days, limits)
    found = looking.polish(looking.everywhere)
    before = spare(looking.asked, found.ready)
    more = found.ready.copy()
    more[1, 4] += 5
    after = spare(looking.asked, more)
    assert before.able[1, 4]
    assert after.able[1, 4]
    assert before.breaks[1, 4]
    assert not after.breaks[1, 4]


def test_a_cell_breaks_as_it_does_on_its_own(two_groups: Scenario, make_days: MakeDays, look: Look) -> None:
    """What is tried in one play says the same as cell by cell, in at least nine of ten."""
    days = make_days(two_groups, 12)
    limits = reach(days, offered_load(days))
    looking = look(days, limits)
    ready = looking.polish(looking.everywhere).ready
    tried = spare(looking.asked, ready)
    same = []
    for group, interval in np.argwhere(tried.able).tolist():
        fewer = ready.copy()
        fewer[group, interval] -= 1
        short = days.standing(fewer).short(limits.wanted)[interval : interval + 2].any()
        same.append(short == tried.breaks[group, interval])
    assert len(same) >= 12
    assert np.mean(same) >= 0.9
