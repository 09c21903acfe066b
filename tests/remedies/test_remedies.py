"""What would help: the cheapest single changes, tried on the customers of the run."""

from __future__ import annotations

from typing import Any

import pytest

from crestline import verdict
from crestline.remedies import AsForecast, Remedy, find_remedies
from crestline.replicate import Day, estimate, replicate
from crestline.scenario import Scenario, changed, load
from crestline.verbs.means import mean_rows
from crestline.workload import day

SEED, DAYS = 7, 8
SMALL: dict[str, Any] = {
    "name": "small",
    "day": {"start": "09:00", "length": "3h"},
    "demand": {"rate": "60/h"},
    "contacts": {
        "all": {
            "share": "100%",
            "handle_time": {"exponential": {"mean": "6min"}},
            "patience": {"exponential": {"mean": "5min"}},
        }
    },
    "agents": {"team": {"skills": ["all"], "on_duty": {"09:00": 4, "10:00": 12, "11:00": 4}, "cost_per_hour": 30}},
    "objectives": ["abandonment < 5%"],
}
STANDBY = {"group": "team", "agents": 6, "call_when": "longest_wait > 1s", "call_in": "2h", "release_after": "30min"}


def small(**changes: object) -> Scenario:
    return load(SMALL | changes)


def played(scenario: Scenario) -> list[Day]:
    return replicate(scenario, SEED, day(scenario), DAYS)


def remedies(scenario: Scenario, days: list[Day] | None = None, **more: Any) -> list[Remedy]:
    days = days or played(scenario)
    judged = verdict.judge_forecast(scenario.objectives, estimate(days, scenario.objectives), faults=False)
    standard = AsForecast(scenario.objectives, judged, faults=False)
    rows = mean_rows([each.intervals for each in days])
    return find_remedies(scenario, SEED, day(scenario), days, rows, standard, **more)


def results(scenario: Scenario) -> list[str]:
    values = estimate(played(scenario), scenario.objectives)
    return [row.result for row in verdict.judge_forecast(scenario.objectives, values, faults=False)]


# Agents are added while they lack, as few as it takes, and the change holds when it is made.
def test_the_least_that_passes_is_named_with_its_price_and_effect() -> None:
    scenario = small()
    assert results(scenario) == ["missed"]
    best = remedies(scenario)[0]
    more = int(best.change.words.split()[0])
    assert best.change.words == f"+{more} team agents 09:00-10:00 and 11:00-12:00"
    assert best.passes
    assert results(changed(scenario, best.change.sets)) == ["met"]
    assert best.cost == more * 2 * 30
    assert best.effect.high is not None
    assert best.effect.high < 0
    one_less = best.change.sets[0].replace(f": {4 + more}", f": {3 + more}")
    assert results(changed(scenario, [one_less])) != ["met"]


# Standby that comes in time costs only the hours that it is there, and is named before agents on duty all along.
def test_the_cheapest_comes_first() -> None:
    found = remedies(small(standby=STANDBY))
    costs = [one.cost for one in found]
    assert all(one.passes for one in found)
    assert {"standby", "agents"} <= {one.change.kind for one in found}
    assert None not in costs
    assert costs == sorted(costs, key=lambda cost: cost or 0.0)


# A change that breaks what was met is none: here agents would cost more than a contact may.
def test_everything_that_was_met_stays_met() -> None:
    dear = small(objectives=["abandonment < 5%", "cost_per_contact < 4.80"])
    assert results(dear) == ["missed", "met"]
    assert not any(one.passes for one in remedies(dear))


# Where a contact costs too much, fewer agents are named.
def test_fewer_agents_where_cost_is_missed() -> None:
    idle = small(agents={"team": SMALL["agents"]["team"] | {"on_duty": 14}}, objectives=["cost_per_contact < 6"])
    (best,) = remedies(idle)
    assert best.passes
    assert best.change.words.endswith("team agents fewer")
    assert best.cost is not None
    assert best.cost < 0


BOT = {"reply_time": {"constant": "20s"}, "pool": {"workers": 9, "at_most": 9, "slots": 9, "start_up": "1min"}}


# One change that is not enough is followed by another: the bot has to be quicker, and agents more.
def test_two_changes_are_named_where_one_is_not_enough() -> None:
    both = small(triage=BOT, objectives=["abandonment < 5%", "frt p50 < 15s"])
    (pair,) = remedies(both)
    assert pair.passes
    assert len(pair.change.sets) == 2
    assert results(changed(both, pair.change.sets)) == ["met", "met"]


# Where nothing is enough, the change that comes closest is named, and it says that it does not pass.
def test_a_hopeless_case_names_what_helps_most() -> None:
    (best,) = remedies(small(demand={"rate": "2000/h"}))
    assert not best.passes
    assert best.change.sets[0].startswith("agents.team.on_duty=")


# Nothing missed, nothing to do; and nothing is played anew.
def test_nothing_missed() -> None:
    def play(words: str) -> None:
        pytest.fail(words)

    assert remedies(small(objectives=["abandonment < 90%"]), progress=play) == []


# Days that would take minutes to be played a few dozen times are left alone.
def test_very_large_days_are_not_played_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crestline.remedies.trials.MOST_LOOKED_AT", 100)
    assert remedies(small()) == []
