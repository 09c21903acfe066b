"""Plans of one group and flat demand against the formulas of Erlang: the least number of agents that suffices.

Each limit lies between what that number gives and what one agent less gives, far enough from both that the days
decide. Twelve erlang in all.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from crestline.staffing import breaking_level, offered_load, plan_staff

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from tests.staffing.conftest import MakeDays, MakeFlat

DAYS = 30
LOAD, PER_MIN, HANDLE_MIN, PATIENCE_MIN, WITHIN_MIN = 12.0, 3.0, 4.0, 3.0, 1 / 3


def served_in_time(agents: int, load: float = LOAD) -> float:
    """The share answered within 20 s where everybody waits (Erlang C)."""
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = load * blocked / (n + load * blocked)
    waits = blocked / (1 - load / agents * (1 - blocked))
    return 1 - waits * math.exp(-(agents - load) * WITHIN_MIN / HANDLE_MIN)


def leaving(agents: int) -> float:
    """The share that leaves (Erlang A), from the stationary numbers of contacts in the system."""
    leaving_rate = [max(n - agents, 0) / PATIENCE_MIN for n in range(400)]
    rates = [min(n, agents) / HANDLE_MIN + left for n, left in enumerate(leaving_rate)]
    weight = np.cumprod([1.0, *(PER_MIN / rate for rate in rates[1:])])
    return float(weight @ leaving_rate / weight.sum() / PER_MIN)


def test_the_least_agents_of_erlang_c(flat: MakeFlat, make_days: MakeDays) -> None:
    """80 % within 20 s: fifteen agents give 75 %, sixteen 85 %."""
    assert served_in_time(15) < 0.76
    assert served_in_time(16) > 0.85
    scenario = flat()
    planned = plan_staff(make_days(scenario, DAYS), scenario)
    assert planned.persons.tolist() == [[16, 16]]
    assert np.all((planned.need > 15) & (planned.need < 16))
    assert planned.verified.holds


@pytest.mark.parametrize(("limit", "agents"), [("4.8%", 15), ("10.3%", 13)])
def test_the_least_agents_of_erlang_a(limit: str, agents: int, flat: MakeFlat, make_days: MakeDays) -> None:
    share = float(limit.removesuffix("%")) / 100
    assert leaving(agents) < 0.85 * share
    assert leaving(agents - 1) > 1.15 * share
    scenario = flat({"exponential": {"mean": "3min"}}, objectives=[f"abandonment < {limit}"])
    planned = plan_staff(make_days(scenario, DAYS), scenario)
    assert planned.persons.tolist() == [[agents, agents]]


def test_availability_takes_more_persons_for_as_many_agents(flat: MakeFlat, make_days: MakeDays) -> None:
    """Of nineteen persons at 85 % sixteen are ready, of eighteen fifteen."""
    agents: dict[str, Any] = {"all": {"skills": ["all"], "on_duty": 1, "availability": "85%"}}
    scenario = flat(agents=agents)
    assert plan_staff(make_days(scenario, DAYS), scenario).persons.tolist() == [[19, 19]]


def test_offered_load_is_rate_times_handle_time(flat: MakeFlat, make_days: MakeDays) -> None:
    """Twelve erlang, however few agents the scenario has."""
    load = offered_load(make_days(flat(agents={"all": {"skills": ["all"], "on_duty": 1}}), 40))
    assert np.allclose(load.slots, LOAD, rtol=0.03)
    assert np.allclose(load.contacts, PER_MIN * 9 * 60, rtol=0.03)


def test_the_level_at_which_sixteen_agents_break(flat: MakeFlat, places: Executor) -> None:
    """The level at which Erlang C comes to 80 %, less what the days leave open."""
    low, high = 1.0, 1.3
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (middle, high) if served_in_time(16, middle * LOAD) > 0.8 else (low, middle)
    found = breaking_level(flat(), 1, DAYS, engine="compiled", executor=places)
    assert found.holds is not None
    assert found.breaks is not None
    assert found.first is not None
    assert 0.93 * low < found.holds < found.breaks < low
    assert found.first.objective.text == "service_level 20s >= 80%"
