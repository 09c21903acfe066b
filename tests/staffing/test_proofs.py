"""Proof on fresh days, recovery of the whole, and objectives that no roster reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crestline.measures.recovery import worst
from crestline.scenario import Scenario
from crestline.scenario.loading import changed
from crestline.staffing import MAXIMUM, allowed, offered_load, reach, verify
from crestline.staffing.recovery import DAYS, _is_met, _play, restore

if TYPE_CHECKING:
    from tests.staffing.conftest import MakeDays, MakeFlat


def test_a_roster_that_is_too_small_is_raised_on_fresh_days(flat: MakeFlat, make_days: MakeDays) -> None:
    """Fifteen agents answer 75 % in time: fresh days find out, one is added, and others confirm it."""
    days = make_days(flat(), 4)
    limits = reach(days, offered_load(days))
    proven = verify(days, limits, np.array([[15, 16]]), lambda _: None)
    assert proven.ready.tolist() == [[16, 16]]
    assert proven.raised.tolist() == [[1, 0]]
    assert (proven.rounds, proven.seed) == (2, days.seed + 2)
    assert not proven.missed.any()


def test_a_twentieth_of_the_intervals_may_miss() -> None:
    """The stated risk; of fewer than twenty intervals none."""
    assert [allowed(n) for n in (1, 19, 20, 32, 40)] == [0, 0, 1, 1, 2]


def test_agents_are_added_until_the_service_recovers(two_groups: Scenario, make_days: MakeDays) -> None:
    """A third of the back agents leave for a quarter of an hour; more of them are needed than for the day alone."""
    struck = changed(
        two_groups,
        [
            "objectives=[abandonment < 30%, recovery <= 12min]",
            "faults=[{kind: agents-leave, at: '11:20', for: 15min, group: back, share: 33%}]",
        ],
    )
    days = make_days(struck, 4)
    limits = reach(days, offered_load(days))
    few = np.array([[8, 8, 8, 8, 12, 12, 8, 8], [16, 16, 16, 16, 31, 31, 18, 18]])
    asked = struck.objectives[1]
    assert not _is_met(_play(days, struck, few), asked)
    more = restore(days, struck, limits, few, lambda _: None)
    assert np.all(more >= few)
    assert more[1, 4] > few[1, 4]
    assert more[:, :3].tolist() == few[:, :3].tolist()
    days_struck = _play(days, struck, more)
    assert len(days_struck) == DAYS
    assert _is_met(days_struck, asked)
    times = [value.value for value in map(worst, days_struck) if value.value is not None and not value.over]
    assert sum(took <= 720 for took in times) >= 0.75 * DAYS


def test_without_a_fault_nothing_is_added(two_groups: Scenario, make_days: MakeDays) -> None:
    asked = changed(two_groups, ["objectives=[abandonment < 5%, recovery <= 10min]"])
    days = make_days(asked, 2)
    few = np.ones((2, 8), np.int64)
    assert restore(days, asked, reach(days, offered_load(days)), few, lambda _: None) is few


def test_what_the_bot_alone_misses_is_not_wanted_of_agents(two_groups: Scenario, make_days: MakeDays) -> None:
    """The bot replies after ten seconds: nine of ten within eight are out of reach; the rest is still planned."""
    asked = changed(two_groups, ["objectives=[frt p90 < 8s, abandonment < 5%]"])
    days = make_days(asked, 6)
    limits = reach(days, offered_load(days))
    assert {(each.objective, each.why) for each in limits.beyond} == {(0, "agents")}
    assert len(limits.beyond) == 8
    assert limits.wanted.tolist() == [[False] * 8, [True] * 8]


def test_where_the_maximum_does_not_suffice_all_of_it_is_used(two_groups: Scenario, make_days: MakeDays) -> None:
    """Twenty back agents are too few in the rush, which takes over thirty."""
    asked = changed(two_groups, ["objectives=[abandonment < 5%]", "plan={maximum: {front: 20, back: 20}}"])
    days = make_days(asked, 6)
    limits = reach(days, offered_load(days))
    assert {each.interval for each in limits.beyond} >= {4, 5}
    assert all(each.why == MAXIMUM for each in limits.beyond)
    assert np.array_equal(limits.exhausted.any(axis=0), ~limits.wanted[0])
    assert limits.least[1, 4] == 20
    assert limits.least[1, 0] == 0


def test_where_next_to_nobody_comes_the_offered_load_decides(flat: MakeFlat, make_days: MakeDays) -> None:
    """Two contacts an hour are too few to judge in four days; their load and its square root take one agent."""
    quiet = flat(demand={"rate": {"00:00": "2/h", "08:59": "2/h", "09:00": "60/h"}}, interval="3h")
    days = make_days(quiet, 4)
    limits = reach(days, offered_load(days))
    assert limits.least[0, :3].tolist() == limits.most[0, :3].tolist() == [1, 1, 1]
    assert limits.wanted[0].tolist() == [False, False, False, True, True, True]
