"""The engines against queueing theory, on days on which demand and staffing change. Rates are per minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from crestline.scenario import Scenario, load
from crestline.tables import Floats, Ints, Outcome, Outcomes, Pools

from .formulas import ErlangA, changing_day

if TYPE_CHECKING:
    from tests.engine.theory.conftest import AssertTheory, Days

EXPONENTIAL = {"exponential": {"mean": "1min"}}


def busy_hour(agents: dict[str, int], patience: str, **parts: Any) -> Scenario:
    """An hour in which demand rises to a surge and falls again."""
    return load(
        {
            "name": "m-t-m-s-t-m",
            "day": {"length": "1h"},
            "demand": {
                "rate": {"00:00": "4/min", "00:20": "10/min", "00:40": "6/min"},
                "surges": [{"at": "00:25", "for": "10min", "factor": 2, "ramp": "2min"}],
            },
            "contacts": {
                "all": {"share": 1, "handle_time": EXPONENTIAL, "patience": {"exponential": {"mean": patience}}}
            },
            "agents": {"all": {"skills": ["all"], "on_duty": agents}},
        }
        | parts
    )


KINKS = (20, 25, 27, 33, 35, 40)
"""Minutes at which the demand of the busy hour is not smooth."""


def per_minute(scenario: Scenario, minute: float) -> float:
    return 60 * float(scenario.demand.per_s(np.array([60 * minute]))[0])


def test_a_day_that_does_not_change_is_erlang_a() -> None:
    """The equations themselves: after a while they stand still where the closed form says."""
    (instant,) = changing_day(lambda _: 11.0, [(0, 10)], impatience=0.5, kinks=(), at=(60.0,))
    theory = ErlangA(per_minute=11, agents=10, impatience=0.5)
    assert instant.waits == pytest.approx(theory.waits, rel=1e-6)
    assert instant.queue == pytest.approx(11 * theory.wait, rel=1e-6)


def at_instants(pools: Pools, at_s: Floats) -> dict[str, Ints]:
    """The columns of the group at these instants."""
    rows = np.searchsorted(pools.time_s, at_s, side="right") - 1
    return {name: getattr(pools, name)[rows] for name in ("ready", "busy", "waiting")}


def test_changing_rates_and_shifts_are_m_t_m_s_t_m(days: Days, assert_theory: AssertTheory) -> None:
    """Six agents, nine, then seven and four, 2 min of patience: who waits, how many are in line, how many leave.

    The figures are those of the Kolmogorov equations at six instants, and between them; people in overtime after a
    step down are part of both.
    """
    scenario = busy_hour({"00:00": 6, "00:15": 9, "00:38": 7, "00:50": 4}, patience="2min")
    steps = [(0.0, 6), (15.0, 9), (38.0, 7), (50.0, 4)]
    minutes = (10.0, 22.0, 26.0, 39.0, 51.0, 58.0)
    theory = changing_day(lambda minute: per_minute(scenario, minute), steps, 0.5, KINKS, minutes)
    at_s = 60 * np.array(minutes)
    waits, queue, left = [], [], []
    for outcomes, pools in days(scenario, 60):
        seen = at_instants(pools, at_s)
        waits.append(seen["busy"] >= seen["ready"])
        queue.append(seen["waiting"])
        ended_s = outcomes.ended_s[outcomes.outcome == Outcome.ABANDONED]
        left.append(np.histogram(ended_s, np.concatenate(([0.0], at_s)))[0])
    leaving = np.diff([instant.left for instant in theory], prepend=0.0)
    for index, instant in enumerate(theory):
        assert_theory(instant.waits, np.array(waits, np.float64)[:, index], 0.6)
        assert_theory(instant.queue, np.array(queue, np.float64)[:, index], 1.0)
        assert_theory(float(leaving[index]), np.array(left, np.float64)[:, index], 0.7)


def in_system(outcomes: Outcomes, at_s: Floats) -> Ints:
    """How many have come and not yet ended at each instant."""
    come = np.searchsorted(np.sort(outcomes.planned_s), at_s, side="right")
    return np.asarray(come - np.searchsorted(np.sort(outcomes.ended_s), at_s, side="right"))


COME_BACK, DELAY = 0.3, 5.0


def poisson_means(scenario: Scenario, minutes: Floats) -> Floats:
    """Means of who is in the system, where each leaves at rate 1 and perhaps comes back, in small steps of time."""
    step = 1e-3
    system = home = 0.0
    means = []
    clock = np.arange(0, minutes[-1] + step, step)
    rates = 60 * scenario.demand.per_s(60 * (clock + step / 2))
    for rate in rates.tolist():
        means.append(system)
        back = home / DELAY
        system, home = system + step * (rate + back - system), home + step * (COME_BACK * system - back)
    return np.interp(minutes, clock, means)


def test_contacts_in_the_system_are_poisson_whatever_the_staffing(days: Days, assert_theory: AssertTheory) -> None:
    """Patience as long as handle time, so each leaves at the same rate whether held or waiting, and 30 % come back.

    Shifts, a surge, agents who leave, people in overtime and standby agents who come and go change who is answered, not
    how many there are (M_t/G/infinity in a row: Eick, Massey and Whitt 1993). The counts at five instants have the mean
    of theory, and its variance.
    """
    scenario = busy_hour(
        {"00:00": 6, "00:15": 3, "00:45": 9},
        patience="1min",
        standby={
            "group": "all",
            "agents": 4,
            "call_when": "longest_wait > 30s",
            "call_in": "1min",
            "release_after": "1min",
        },
        faults=[{"kind": "agents-leave", "at": "00:10", "for": "15min", "group": "all", "share": "70%"}],
        recontact={
            "after": {"abandoned": COME_BACK, "agent_resolved": COME_BACK},
            "delay": {"exponential": {"mean": f"{DELAY:g}min"}},
            "at_most": 20,
        },
    )
    minutes = np.array([10.0, 20.1, 30.0, 41.5, 59.0])
    counts, with_standby = [], []
    for outcomes, pools in days(scenario, 40):
        counts.append(in_system(outcomes, 60 * minutes))
        with_standby.append(len(pools.of("standby")) > 0)
    assert np.mean(with_standby) > 0.5
    for mean, column in zip(poisson_means(scenario, minutes).tolist(), np.transpose(counts), strict=True):
        assert_theory(mean, column, 0.3)
        dispersion = float(((column - column.mean()) ** 2).sum() / column.mean())
        assert stats.chi2.ppf(5e-5, len(column) - 1) < dispersion < stats.chi2.ppf(1 - 5e-5, len(column) - 1)
