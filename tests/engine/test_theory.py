"""The engine against queueing theory.

Each figure of theory must lie inside the 99.9 % interval of one long play, by means of batches, and the interval must
be narrow enough to tell a wrong model apart. Rates are per minute, and handle times have a mean of one minute.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import stats

from crestline.engine.reference import play
from crestline.scenario import Scenario, load
from crestline.tables import Bools, Floats, Ints, Outcome, Outcomes, Workload
from crestline.workload import day, sample, timeline

SEED = 1
BATCHES = 30
EXPONENTIAL = {"exponential": {"mean": "1min"}}


class Long(NamedTuple):
    """One long play; its first batch is left out, since it begins empty."""

    outcomes: Outcomes
    workload: Workload
    minutes: float

    def batches(self, value: Callable[[Outcomes], Floats | Bools], which: Bools | None = None) -> Floats:
        """The mean of a value over the contacts of each batch but the first."""
        kept = self.outcomes if which is None else self.outcomes.take(which)
        batch = (kept.planned_s / (60 * self.minutes / (BATCHES + 1))).astype(np.int64)
        assert batch.max() == BATCHES
        return (np.bincount(batch, value(kept)) / np.bincount(batch))[1:]


def long_play(expected: int, per_minute: float, agents: int = 1, **parts: Any) -> Long:
    """Play about so many first contacts of one type, ``all``, at a steady rate."""
    minutes = math.ceil(expected / per_minute)
    base = {
        "name": "theory",
        "day": {"length": f"{minutes}min"},
        "demand": {"rate": f"{per_minute}/min"},
        "contacts": {"all": {"share": 1, "handle_time": EXPONENTIAL, "patience": "never"}},
        "agents": {"all": {"skills": ["all"], "on_duty": agents}},
    }
    scenario = load(base | parts)
    workload = sample(scenario, SEED, day(scenario))
    outcomes, _ = play(scenario, workload, timeline(scenario, day(scenario)))
    return Long(outcomes.take(outcomes.outcome != Outcome.OPEN), workload, minutes)


def one_type(**parts: Any) -> dict[str, Any]:
    """The contact type ``all``, varied."""
    return {"all": {"share": 1, "handle_time": EXPONENTIAL, "patience": "never"} | parts}


def assert_theory(theory: float, samples: Floats, within: float) -> None:
    """Theory lies in the 99.9 % t-interval of the samples' mean, whose half width is less than ``within`` of it."""
    half = stats.t.ppf(0.9995, len(samples) - 1) * samples.std(ddof=1) / math.sqrt(len(samples))
    assert half < within * theory
    assert abs(samples.mean() - theory) < half


def wait_s(outcomes: Outcomes) -> Floats:
    """Queue entry to claim or leaving."""
    return np.asarray(np.where(np.isnan(outcomes.claimed_s), outcomes.ended_s, outcomes.claimed_s) - outcomes.queued_s)


def had_to_wait(outcomes: Outcomes) -> Bools:
    """Who was not answered at once."""
    return wait_s(outcomes) > 0


def stationary(per_minute: float, leaving: Callable[[int], float], most: int = 2000) -> Floats:
    """The shares of time with n contacts in the system, of a birth and death process."""
    log_weight = np.cumsum([0.0, *(math.log(per_minute / leaving(n)) for n in range(1, most + 1))])
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


def erlang_b(load: float, agents: int) -> float:
    """The share turned away where nobody waits (Erlang 1917)."""
    return float(stationary(load, float, agents)[-1])


def erlang_c(load: float, agents: int) -> float:
    """The share that has to wait where everybody does (Erlang 1917)."""
    return float(stationary(load, lambda n: min(n, agents))[agents:].sum())


@pytest.mark.parametrize("handle_time", [EXPONENTIAL, {"lognormal": {"mean": "1min", "cv": "150%"}}])
def test_loss_system_is_erlang_b(handle_time: dict[str, Any]) -> None:
    """8 agents, 8 Erlang, nobody waits: 23.6 % are turned away, whatever the distribution of handle times."""
    played = long_play(20_000, 8, agents=8, contacts=one_type(queue_limit=0, handle_time=handle_time))
    turned_away = played.batches(lambda o: o.outcome == Outcome.REJECTED)
    assert_theory(erlang_b(8, 8), turned_away, within=0.14)


def test_endless_patience_is_erlang_c() -> None:
    """3 agents, 1.5 Erlang: who has to wait, how long on average, and how many longer than 40 s."""
    played = long_play(45_000, 1.5, agents=3)
    waits = erlang_c(1.5, 3)
    assert_theory(waits, played.batches(had_to_wait), within=0.1)
    assert_theory(60 * waits / (3 - 1.5), played.batches(wait_s), within=0.24)
    assert_theory(waits * math.exp(-(3 - 1.5) * 40 / 60), played.batches(lambda o: wait_s(o) > 40), within=0.22)


def test_patience_is_erlang_a() -> None:
    """10 agents, 11 Erlang, 2 min of patience (Palm 1946; Garnett et al. 2002): who waits, how long, who leaves."""
    played = long_play(30_000, 11, agents=10, contacts=one_type(patience={"exponential": {"mean": "2min"}}))
    share = stationary(11, lambda n: min(n, 10) + max(n - 10, 0) / 2)
    queue = float(share[10:] @ np.arange(len(share) - 10))
    assert_theory(float(share[10:].sum()), played.batches(had_to_wait), within=0.08)
    assert_theory(60 * queue / 11, played.batches(wait_s), within=0.19)
    assert_theory(queue / 2 / 11, played.batches(lambda o: o.outcome == Outcome.ABANDONED), within=0.18)


def test_one_agent_with_lognormal_handle_times_is_m_g_1() -> None:
    """One agent busy half the time, cv 120 %: the mean wait of Pollaczek (1930) and Khinchine (1932)."""
    lognormal = {"lognormal": {"mean": "1min", "cv": "120%"}}
    played = long_play(45_000, 0.5, contacts=one_type(handle_time=lognormal))
    assert_theory(60 * 0.5 * (1 + 1.2**2) / (2 * (1 - 0.5)), played.batches(wait_s), within=0.2)
    assert_theory(0.5, played.batches(had_to_wait), within=0.04)


def test_vips_wait_as_cobham_says() -> None:
    """One agent busy 70 % of the time, 40 % VIPs, no one interrupted (Cobham 1954): others wait 3.3 times as long."""
    played = long_play(45_000, 0.7, vip={"share": "40%"})
    vip, everyone, remaining = 0.28, 0.7, 60 * 0.7
    assert_theory(remaining / (1 - vip), played.batches(wait_s, played.outcomes.vip), within=0.08)
    others = played.batches(wait_s, ~played.outcomes.vip)
    assert_theory(remaining / ((1 - vip) * (1 - everyone)), others, within=0.2)


def test_repeat_contacts_add_up_to_one_queue() -> None:
    """30 % come back each time: as many contacts as first ones / 0.7, and the waits of that load (Jackson 1957)."""
    played = long_play(
        30_000,
        1.05,
        agents=3,
        recontact={"after": {"agent_resolved": "30%"}, "delay": {"exponential": {"mean": "30min"}}, "at_most": 12},
    )
    counts = np.bincount((played.outcomes.planned_s / (60 * played.minutes / (BATCHES + 1))).astype(np.int64))[1:]
    assert_theory(1.5, counts / (played.minutes / (BATCHES + 1)), within=0.035)
    assert_theory(erlang_c(1.5, 3), played.batches(had_to_wait), within=0.12)
    assert_theory(60 * erlang_c(1.5, 3) / (3 - 1.5), played.batches(wait_s), within=0.24)


def test_bot_and_agents_are_two_queues_in_a_row() -> None:
    """A bot with 2 x 1 slots, then 2 agents for the 60 % it hands on: each queue is as if alone (Burke 1956)."""
    played = long_play(
        30_000,
        1.2,
        agents=2,
        contacts=one_type(bot_resolves="40%"),
        triage={
            "reply_time": EXPONENTIAL,
            "pool": {"workers": 2, "at_most": 2, "slots": 1, "start_up": "1min"},
        },
    )
    reply_s = played.workload.reply_s

    def slot_wait_s(outcomes: Outcomes) -> Floats:
        return np.asarray(outcomes.bot_reply_s - reply_s[outcomes.row] - outcomes.planned_s)

    assert_theory(erlang_c(1.2, 2), played.batches(lambda o: slot_wait_s(o) > 1e-6), within=0.09)
    assert_theory(60 * erlang_c(1.2, 2) / (2 - 1.2), played.batches(slot_wait_s), within=0.24)
    handed_on = ~np.isnan(played.outcomes.queued_s)
    assert_theory(0.6, played.batches(lambda o: ~np.isnan(o.queued_s)), within=0.03)
    assert_theory(erlang_c(0.72, 2), played.batches(had_to_wait, handed_on), within=0.14)
    assert_theory(60 * erlang_c(0.72, 2) / (2 - 0.72), played.batches(wait_s, handed_on), within=0.28)


DAYS = 150
BUSY_DAY: dict[str, Any] = {
    "name": "m-t-m-s-t-m",
    "day": {"length": "1h"},
    "demand": {
        "rate": {"00:00": "4/min", "00:20": "10/min", "00:40": "6/min"},
        "surges": [{"at": "00:25", "for": "10min", "factor": 2, "ramp": "2min"}],
    },
    "contacts": one_type(patience={"exponential": {"mean": "1min"}}),
    "agents": {"all": {"skills": ["all"], "on_duty": {"00:00": 6, "00:15": 3, "00:45": 9}}},
    "standby": {
        "group": "all",
        "agents": 4,
        "call_when": "longest_wait > 30s",
        "call_in": "1min",
        "release_after": "1min",
    },
    "faults": [{"kind": "agents-leave", "at": "00:10", "for": "15min", "group": "all", "share": "70%"}],
}


def in_system(outcomes: Outcomes, at_s: Floats) -> Ints:
    """How many have come and not yet ended at each instant."""
    come = np.searchsorted(np.sort(outcomes.planned_s), at_s, side="right")
    return np.asarray(come - np.searchsorted(np.sort(outcomes.ended_s), at_s, side="right"))


def poisson_means(scenario: Scenario, at_s: Floats) -> Floats:
    """Contacts in a system that each leaves after an exponential minute: m' = arrivals - m, in steps of 0.1 s."""
    clock_s = np.arange(0.05, 3600, 0.1)
    per_s = scenario.demand.per_s(clock_s)
    return np.array([float(per_s @ (np.exp((clock_s - at) / 60) * (clock_s < at))) * 0.1 for at in at_s])


def test_contacts_in_the_system_are_poisson_whatever_the_staffing() -> None:
    """Patience as long as handle time, so each leaves at the same rate whether held or waiting (M_t/M/s_t + M).

    Shifts, a surge, agents who leave, people in overtime and standby agents who come and go change who is answered, not
    how many there are. Over 150 days the counts at five instants have the mean of theory, and its variance.
    """
    scenario = load(BUSY_DAY)
    at_s = np.array([600.0, 1205.0, 1800.0, 2500.0, 3550.0])
    scheduled = timeline(scenario, day(scenario))
    counts, days_with_standby = [], 0
    for replication in range(DAYS):
        outcomes, pools = play(scenario, sample(scenario, SEED, day(scenario), replication), scheduled)
        counts.append(in_system(outcomes, at_s))
        days_with_standby += len(pools.of("standby")) > 0
    assert days_with_standby > DAYS / 2
    seen = np.array(counts, dtype=np.float64)
    for mean, column in zip(poisson_means(scenario, at_s).tolist(), seen.T, strict=True):
        assert_theory(mean, column, within=0.15)
        dispersion = float(((column - column.mean()) ** 2).sum() / column.mean())
        assert stats.chi2.ppf(0.0005, DAYS - 1) < dispersion < stats.chi2.ppf(0.9995, DAYS - 1)
