"""What could be decided: every change is a setting that a scenario takes, each stronger than the one before."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from crestline.remedies.bot import bot_families, pool_families
from crestline.remedies.changes import Family
from crestline.remedies.queues import queue_families
from crestline.remedies.staff import fewer_agents, more_agents
from crestline.remedies.standby import shorter, standby_families
from crestline.remedies.windows import Window, whole_day
from crestline.scenario import Scenario, changed, load, shipped

NOON = Window(((12 * 3600.0, 13 * 3600.0),))


def every_family(scenario: Scenario) -> list[Family]:
    first_hour = Window(((scenario.day.start, scenario.day.start + 3600),))
    return [
        *more_agents(scenario, [first_hour, whole_day(scenario)]),
        *fewer_agents(scenario),
        *standby_families(scenario),
        *bot_families(scenario),
        *pool_families(scenario),
        *queue_families(scenario),
    ]


# Whatever is named can be set, makes another scenario of it, and takes more the stronger it is.
@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_change_is_a_setting_that_loads(name: str) -> None:
    scenario = load(name)
    for family in every_family(scenario):
        for change in {*family.changes[:1], *family.changes[-1:]}:
            assert changed(scenario, change.sets) != scenario, change.words
        assert all(weaker.reach < stronger.reach for weaker, stronger in pairwise(family.changes))
        assert all(weaker.effort < stronger.effort for weaker, stronger in pairwise(family.changes))


def small(**changes: Any) -> Scenario:
    return load(
        {
            "name": "small",
            "day": {"start": "09:00", "length": "8h"},
            "demand": {"rate": "60/h"},
            "contacts": {"all": {"share": "100%", "handle_time": {"constant": "6min"}, "patience": "never"}},
            "agents": {"team": {"skills": ["all"], "on_duty": {"09:00": 4, "12:30": 6}, "cost_per_hour": 30}},
        }
        | changes
    )


# More agents for an hour are steps around that hour alone, and cost that hour.
def test_agents_are_raised_in_the_window_alone() -> None:
    first, *_ = more_agents(small(), [NOON])[0].changes
    assert first.words == "+1 team agents 12:00-13:00"
    assert first.sets == ('agents.team.on_duty={"09:00": 4, "12:00": 5, "12:30": 7, "13:00": 6}',)
    assert first.cost == 30


# All day means as long as somebody is on duty; a price that nobody has named is none.
def test_all_day_raises_every_step() -> None:
    unpriced = small(agents={"team": {"skills": ["all"], "on_duty": {"10:00": 4}}})
    third = more_agents(unpriced, [whole_day(unpriced)])[0].changes[2]
    assert third.sets == ('agents.team.on_duty={"10:00": 7}',)
    assert (third.words, third.cost) == ("+3 team agents all day", None)


# Fewer agents go in proportion, and leave nobody without the last one.
def test_fewer_agents_leave_one_at_least() -> None:
    *_, last = fewer_agents(small())[0].changes
    assert last.sets == ("agents.team.on_duty=1",)
    assert last.cost == -(3 * 3.5 + 5 * 4.5) * 30


# Times become shorter as one would say them, and end with none.
def test_shorter_times_are_round() -> None:
    assert shorter(600) == [480, 360, 300, 240, 180, 120, 60, 0]
    assert shorter(30) == [20, 15, 10, 5, 0]
    assert shorter(0) == []


# A pool that is to have more workers than it may have may have them then.
def test_a_pool_grows_beyond_what_it_may_have() -> None:
    scenario = load("starter", ["triage.pool.at_most=3"])
    words = [change.words for change in pool_families(scenario)[0].changes]
    assert words[0] == "3 bot workers when it is calm instead of 2"
    grown = changed(scenario, pool_families(scenario)[0].changes[-1].sets).triage
    assert grown is not None
    assert (grown.pool.workers, grown.pool.at_most, grown.pool.start_up) == (6, 6, 60)


# A circuit breaker is worth a try before a bot that is slow, and not where there is one or the bot is killed.
@pytest.mark.parametrize(
    ("kind", "breaker", "is_named"),
    [
        ("triage-brownout", "null", True),
        ("triage-brownout", "{}", False),
        ("triage-outage", "null", False),
    ],
)
def test_a_slow_bot_may_get_a_breaker(kind: str, breaker: str, is_named: bool) -> None:
    fault = f"faults=[{{kind: {kind}, at: '10:04', for: 50s}}]"
    families = pool_families(load("quick", [fault, f"triage.breaker={breaker}"]))
    sets = {text for family in families for change in family.changes for text in change.sets}
    assert ("triage.breaker={}" in sets) is is_named


# At last a queue takes everybody.
def test_a_queue_may_lose_its_limit() -> None:
    *_, last = queue_families(load("promotion-day"))[0].changes
    assert changed(load("promotion-day"), last.sets).contacts["complaint"].queue_limit is None
