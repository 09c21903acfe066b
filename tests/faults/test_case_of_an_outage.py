"""A case study in the simulation: ten minutes without a bot, at 1.2 contacts/s and 126 agents who are 80 % busy.

The bot is back at once, people's queues an hour later: 470 contacts too many, and 25 agents who are free otherwise.
Standby halves that, and so do customers who give up. The limits are those of a prototype (single runs 58-86 min).
"""

from __future__ import annotations

import statistics
from functools import cache
from pathlib import Path

import pytest

from crestline import workload
from crestline.engine import COMPILED, ENGINES, SIMPY, engine
from crestline.measures import Recovery, recover
from crestline.scenario import load

CASE = Path(__file__).resolve().parents[2] / "simulation" / "bot-outage.yaml"
STANDBY = "standby={group: all, agents: 38, call_when: longest_wait > 30s, call_in: 5min, release_after: 20min}"
PATIENT = "contacts.all.patience={exponential: {mean: 4min}}"
SEEDS = {COMPILED: range(1, 25), SIMPY: range(2, 3)}
MINUTE = 60.0

pytestmark = pytest.mark.parametrize("name", ENGINES)


@cache
def recoveries(name: str, *sets: str) -> list[Recovery]:
    """What became of the outage, seed by seed."""
    if name == COMPILED:
        pytest.importorskip("numba", reason="numba is not installed")
    scenario = load(CASE, sets)
    span = workload.window(scenario)
    line = workload.timeline(scenario, span, stop_s=span.horizon_s)
    made = []
    for seed in SEEDS[name]:
        rows = workload.sample(scenario, seed, span, day_factor=False, simulated=True)
        made += recover(*engine(name)(scenario, rows, line), scenario, line)
    return made


def minutes(name: str, *sets: str) -> list[float]:
    """How long people's queues took to be back."""
    return [(one.operational_recovery_s or 0.0) / MINUTE for one in recoveries(name, *sets)]


def test_the_bot_is_back_in_ten_minutes_and_people_in_an_hour(name: str) -> None:
    found = recoveries(name)
    assert all(10 <= (one.technical_recovery_s or 0.0) / MINUTE <= 10.2 for one in found)
    assert not any(one.over for one in found)
    assert 55 <= statistics.mean(minutes(name)) <= 90


def test_standby_takes_it_under_half_of_that(name: str) -> None:
    """38 agents who come five minutes after they were called, on the same customers."""
    assert statistics.mean(minutes(name, STANDBY)) < statistics.mean(minutes(name)) / 2


def test_customers_who_give_up_shorten_the_queue(name: str) -> None:
    assert 16 <= statistics.mean(minutes(name, PATIENT)) <= 20


def test_it_is_detected_within_minutes(name: str) -> None:
    assert all(0 < (one.detected_s or 0.0) - (one.effective_s or 0.0) <= 5 * MINUTE for one in recoveries(name))
