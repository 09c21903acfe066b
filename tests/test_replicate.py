"""Replications: the days of a forecast, played anywhere, and what they say together."""

from __future__ import annotations

import math
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from crestline.errors import UsageError
from crestline.measures import Value
from crestline.replicate import (
    Day,
    _held_back,
    buckets,
    estimate,
    play_day,
    processes,
    replicate,
    summarize,
    t_quantile,
)
from crestline.scenario import Scenario, load
from crestline.workload import day, timeline, window

SEED = 3


def service(**parts: object) -> Scenario:
    """An hour of a small service with an objective."""
    base: dict[str, object] = {
        "name": "replicated",
        "day": {"start": "08:00", "length": "1h"},
        "demand": {"rate": "240/h", "day_factor_cv": 0.2},
        "contacts": {
            "order": {
                "share": 1,
                "handle_time": {"exponential": {"mean": "1min"}},
                "patience": {"exponential": {"mean": "2min"}},
            }
        },
        "agents": {"desk": {"skills": ["order"], "on_duty": 6}},
        "objectives": ["abandonment < 5%"],
    }
    return load(base | parts)


@pytest.fixture(scope="module")
def days() -> list[Day]:
    """Six days."""
    return replicate(service(), SEED, day(service()), 6)


def test_a_replication_is_the_same_wherever_it_is_played(days: list[Day]) -> None:
    """Here, in threads, in processes of their own, alone: by its number, in the order of the numbers."""
    scenario, span = service(), day(service())
    for place in (ThreadPoolExecutor(2), processes()):
        with place as executor:
            elsewhere = replicate(scenario, SEED, span, 6, executor=executor)
        assert [d.measures for d in elsewhere] == [d.measures for d in days]
    alone = summarize(scenario, play_day(scenario, SEED, span, 4))
    assert alone.measures == days[4].measures
    assert len({d.contacts for d in days}) > 1


def test_progress_counts_the_days_that_are_done() -> None:
    done: list[int] = []
    replicate(service(), SEED, day(service()), 3, progress=done.append)
    assert done == [1, 2, 3]


def test_an_unknown_engine_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="--engine quick: no such engine; expected one of simpy"):
        replicate(service(), SEED, day(service()), 1, engine="quick")


def test_a_day_holds_every_measure_and_the_curves(days: list[Day]) -> None:
    """The fixed measures and the objectives', the backlog at every control tick, a row per interval."""
    first = days[0]
    assert "abandonment" in first.measures
    assert "frt_p90_s" in first.measures
    ticks = buckets(service(), timeline(service(), day(service())))
    assert (ticks[0], ticks[-1], len(ticks)) == (0, 3600, 121)
    assert len(first.backlog) == len(ticks)
    assert len(first.intervals) == 2
    answered = first.frt_curve[np.isfinite(first.frt_curve)]
    assert (np.diff(answered) >= 0).all()


def with_value(day_: Day, value: float | None, *, over: bool = False) -> Day:
    """The same day with another abandonment."""
    return replace(day_, measures={"abandonment": Value(value, over=over), "rejected": Value(value)})


def test_an_estimate_is_the_mean_with_its_t_interval_and_the_band_of_one_day(days: list[Day]) -> None:
    """Of 20 days from 1 % to 20 %: the 5 % and 95 % points are days, and 4 of 20 hold less than 5 %."""
    made = [with_value(days[0], n / 100) for n in range(1, 21)]
    told = estimate(made, service().objectives)["abandonment"]
    values = np.arange(1, 21) / 100
    low, high = stats.t.interval(0.95, 19, loc=values.mean(), scale=stats.sem(values))
    assert told.value == pytest.approx(0.105)
    assert (told.low, told.high) == pytest.approx((low, high))
    assert (told.p5, told.p95) == pytest.approx((0.01, 0.19))
    assert told.p_met == pytest.approx(4 / 20)
    assert not told.over


def test_only_objectives_have_days_that_hold_them(days: list[Day]) -> None:
    """A measure nobody asked about is not held by any share of days."""
    assert estimate([with_value(days[0], 0.1)], service().objectives)["rejected"].p_met is None


def test_one_day_has_no_interval(days: list[Day]) -> None:
    told = estimate([with_value(days[0], 0.1)], service().objectives)["abandonment"]
    assert (told.value, told.low, told.high) == (0.1, None, None)


def test_a_day_without_a_value_counts_against_the_objective_and_not_into_the_mean(days: list[Day]) -> None:
    """Nothing to measure is not met; a value that is over its end is not met either, and marks the estimate."""
    made = [with_value(days[0], 0.01), with_value(days[0], None), with_value(days[0], 0.03, over=True)]
    told = estimate(made, service().objectives)["abandonment"]
    assert told.value == pytest.approx(0.02)
    assert told.p_met == pytest.approx(1 / 3)
    assert told.over
    assert estimate([with_value(days[0], None)] * 2, service().objectives)["abandonment"] == Value(None)
    assert estimate([], ()) == {}


def test_no_interval_reaches_below_nothing(days: list[Day]) -> None:
    """Measures are not negative."""
    told = estimate([with_value(days[0], 0.0), with_value(days[0], 0.2)], ())["abandonment"]
    assert told.low == 0


def test_the_t_interval_holds_the_truth_as_often_as_it_says(days: list[Day]) -> None:
    """Of 400 estimates from 5 normal days, 95 % hold the mean, within the middle 99.8 % of the binomial."""
    draws = 10 + np.random.default_rng(SEED).standard_normal((400, 5))
    told = [estimate([with_value(days[0], float(x)) for x in row], ())["abandonment"] for row in draws]
    held = sum(t.low is not None and t.high is not None and t.low < 10 < t.high for t in told)
    assert stats.binom(400, 0.95).ppf(0.001) <= held <= stats.binom(400, 0.95).ppf(0.999)
    assert t_quantile(4) == pytest.approx(2.776, abs=5e-4)


def test_play_goes_on_until_recovery_or_until_it_is_given_up() -> None:
    """All agents leave for the rest of the window: it is awaited for ``give_up`` after the fault's effect."""
    leave = {"kind": "agents-leave", "at": "08:40", "for": "19min", "group": "desk", "share": 0.9}
    parts = {
        "faults": [leave],
        "objectives": ["recovery <= 15min"],
        "load_test": {"level": "100%", "ramp": "5min"},
        "recovery": {"sustain": "5min", "give_up": "45min"},
    }
    broken = service(**parts)
    played = play_day(broken, SEED, window(broken), day_factor=False)
    assert (played.timeline.end_s, played.timeline.stop_s) == (3600, 2400 + 2700)
    assert played.outcomes.planned_s.max() > 3600
    inside = summarize(broken, played)
    assert inside.contacts == int(((played.outcomes.planned_s >= 300) & (played.outcomes.planned_s < 3600)).sum())
    calm = service(**parts | {"faults": [leave | {"for": "1s", "share": 0.01}]})
    assert play_day(calm, SEED, window(calm), day_factor=False).timeline.stop_s == 3600


def test_the_window_of_a_drill_is_an_average_day() -> None:
    """Without the day factor every replication has the curve's own rate, with it days differ more than by chance."""
    scenario = service()
    for wanted, wide in ((False, False), (True, True)):
        counts = [d.contacts for d in replicate(scenario, SEED, day(scenario), 30, day_factor=wanted)]
        dispersion = 29 * np.var(counts, ddof=1) / np.mean(counts)
        assert (dispersion > stats.chi2(29).ppf(0.999)) == wide
        assert math.isclose(float(np.mean(counts)), 240, rel_tol=0.15)


# A signal that comes while processes are being started is answered when they are.
def test_signals_wait_until_processes_are_started() -> None:
    steps = []

    def start() -> None:
        with _held_back():
            os.kill(os.getpid(), signal.SIGINT)
            steps.append("started")

    with pytest.raises(KeyboardInterrupt):
        start()
    assert steps == ["started"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
