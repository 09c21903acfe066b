"""Proof on fresh days, recovery of the whole, and objectives that no roster reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crestline.measures.recovery import worst
from crestline.replicate import play_day
from crestline.scenario import Scenario
from crestline.scenario.loading import changed
from crestline.staffing import FRESH, MAXIMUM, allowed, offered_load, reach, verify
from crestline.staffing.recovery import Recovering
from crestline.tables import Ints
from crestline.workload import day

if TYPE_CHECKING:
    from tests.staffing.conftest import Look, MakeDays, MakeFlat


def test_a_roster_that_is_too_small_is_raised_on_fresh_days(flat: MakeFlat, make_days: MakeDays, look: Look) -> None:
    """Four days that happen to be alike ask for too few: fresh days find out, some are added, others confirm it."""
    days = make_days(flat(demand={"rate": "3/min", "day_factor_cv": "25%"}), 4, seed=17)
    looking = look(days, reach(days, offered_load(days)))
    first = looking.ready
    proven = verify(looking, lambda _: None)
    assert days.fresh(18, FRESH).standing(first).missed(looking.asked.reach.wanted).all()
    assert (proven.rounds, proven.seed) == (2, 19)
    assert proven.raised.sum() >= 2
    assert proven.found.ready.sum() > first.sum()
    assert not proven.missed.any()
    assert not looking.asked.missed(proven.found.ready).any()


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
    recovering = Recovering.asked(days, struck)
    assert recovering is not None
    assert not recovering.holds(few)
    more = recovering.restore(limits, few, lambda _: None)
    assert recovering.holds(more)
    assert np.all(more >= few)
    assert (more > few).any()
    assert not (more > few)[:, ~recovering.touched].any()
    assert not any(recovering.holds(_one_less(more, cell)) for cell in np.argwhere(more > few).tolist())
    staffed = days.grid.staffed(struck, days.grid.persons(more))
    others = [play_day(staffed, 1, day(struck), number, day_factor=False) for number in range(20)]
    times = [worst(played.digest.recoveries()) for played in others]
    assert sum(time.value is not None and not time.over and time.value <= 720 for time in times) > 10


def _one_less(ready: Ints, cell: list[int]) -> Ints:
    fewer = ready.copy()
    fewer[tuple(cell)] -= 1
    return fewer


def test_only_intervals_around_a_fault_have_a_part_in_recovery(two_groups: Scenario, make_days: MakeDays) -> None:
    """From ten minutes before a fault at 11:20 until an hour after it, when it is given up."""
    struck = changed(
        two_groups,
        [
            "objectives=[recovery <= 12min]",
            "faults=[{kind: agents-leave, at: '11:20', for: 15min, group: back, share: 33%}]",
        ],
    )
    days = make_days(struck, 2)
    recovering = Recovering.asked(days, struck)
    assert recovering is not None
    touched = [days.grid.scenario.clock(float(days.grid.edges_s[i])) for i in np.flatnonzero(recovering.touched)]
    assert touched == ["11:00", "11:30", "12:00"]


def test_without_a_fault_no_recovery_is_asked_for(two_groups: Scenario, make_days: MakeDays) -> None:
    asked = changed(two_groups, ["objectives=[abandonment < 5%, recovery <= 10min]"])
    assert Recovering.asked(make_days(asked, 2), asked) is None


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
