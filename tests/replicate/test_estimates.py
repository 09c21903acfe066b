"""Estimates: what days say together, and how sure they are of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from crestline.measures import Value
from crestline.replicate import Day, estimate, t_quantile
from crestline.replicate.estimates import ADJUSTED_FROM, NARROWER, mean_of

if TYPE_CHECKING:
    from tests.replicate.conftest import MakeService

SEED = 3
CV = 0.2


def with_value(day_: Day, value: float | None, *, over: bool = False) -> Day:
    """The same day with another abandonment."""
    return replace(day_, measures={"abandonment": Value(value, over=over), "rejected": Value(value)})


def test_an_estimate_is_the_mean_with_its_t_interval_and_the_band_of_one_day(
    days: list[Day], service: MakeService
) -> None:
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


def test_only_objectives_have_days_that_hold_them(days: list[Day], service: MakeService) -> None:
    """A measure nobody asked about is not held by any share of days."""
    assert estimate([with_value(days[0], 0.1)], service().objectives)["rejected"].p_met is None


def test_one_day_has_no_interval(days: list[Day], service: MakeService) -> None:
    told = estimate([with_value(days[0], 0.1)], service().objectives)["abandonment"]
    assert (told.value, told.low, told.high) == (0.1, None, None)


def test_a_day_without_a_value_counts_against_the_objective_and_not_into_the_mean(
    days: list[Day], service: MakeService
) -> None:
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


def test_an_estimate_is_over_where_one_day_in_twenty_is(days: list[Day]) -> None:
    """A day that was given up counts with the longest time seen; one of 20 leaves the mean to be judged, two do not."""
    for given_up, over in ((1, False), (2, True)):
        made = [with_value(days[0], 1.0, over=number < given_up) for number in range(20)]
        assert estimate(made, ())["abandonment"].over == over


def busy_days(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Day factors, and how far they and their squares are from their means."""
    factor = rng.gamma(CV**-2, CV**2, count)
    return factor, np.column_stack((factor - 1, factor**2 - 1 - CV**2))


def values(numbers: np.ndarray) -> list[Value]:
    return [Value(float(x)) for x in numbers]


@pytest.mark.parametrize("count", [ADJUSTED_FROM, 60])
def test_what_is_known_of_days_narrows_an_interval_and_leaves_it_honest(count: int) -> None:
    """A measure that grows with the square of demand, and scatters with it: 300 forecasts hold its mean as promised."""
    rng = np.random.default_rng(SEED)
    truth, held, widths = 2 * (1 + CV**2) - 1, 0, []
    for _ in range(300):
        factor, known = busy_days(rng, count)
        seen = values(2 * factor**2 - 1 + 0.2 * factor * rng.standard_normal(count))
        plain, adjusted = mean_of(seen, np.zeros((count, 0))), mean_of(seen, known)
        assert plain.half is not None
        assert adjusted.half is not None
        held += abs(adjusted.value - truth) <= adjusted.half
        widths.append(adjusted.half / plain.half)
    assert held >= stats.binom(300, 0.95).ppf(0.001)
    assert np.median(widths) < 0.4


def test_what_does_not_go_with_demand_is_not_adjusted() -> None:
    """An interval is left as it is, or narrowed by a sixth at least; never is it wider."""
    rng = np.random.default_rng(SEED)
    held, left = 0, 0
    for _ in range(300):
        _, known = busy_days(rng, 30)
        seen = values(5 + rng.standard_normal(30))
        plain, adjusted = mean_of(seen, np.zeros((30, 0))), mean_of(seen, known)
        assert plain.half is not None
        assert adjusted.half is not None
        assert adjusted == plain or adjusted.half <= (1 - NARROWER / np.sqrt(30)) * plain.half
        left += adjusted == plain
        held += abs(adjusted.value - 5) <= adjusted.half
    assert left >= 285
    assert held >= stats.binom(300, 0.95).ppf(0.001)


def test_a_measure_that_busy_days_lack_is_that_of_the_others() -> None:
    """Adjusted or not, the mean is of the days that have a value: it is not carried on to those that have none."""
    rng = np.random.default_rng(SEED)
    everyone = rng.gamma(CV**-2, CV**2, 1_000_000)
    truth = float(everyone[everyone < 1.2].mean())
    held = 0
    for _ in range(200):
        factor, known = busy_days(rng, 100)
        told = mean_of([Value(float(f) if f < 1.2 else None) for f in factor], known)
        assert told.half is not None
        held += abs(told.value - truth) <= told.half
    assert held >= stats.binom(200, 0.95).ppf(0.001)


def test_few_days_are_not_adjusted() -> None:
    rng = np.random.default_rng(SEED)
    factor, known = busy_days(rng, ADJUSTED_FROM - 1)
    assert mean_of(values(factor), known) == mean_of(values(factor), known[:, :0])
    factor, known = busy_days(rng, ADJUSTED_FROM)
    assert mean_of(values(factor), known).value == pytest.approx(1)


def test_more_controls_are_taken_where_there_are_more_days() -> None:
    """One for every six days: the first three of five for 20 days, all of them for 30."""
    rng = np.random.default_rng(SEED)
    for count, taken in ((20, 3), (29, 4), (30, 5)):
        known = rng.standard_normal((count, 5))
        seen = values(known.sum(axis=1) + 0.1 * rng.standard_normal(count))
        assert mean_of(seen, known) == mean_of(seen, known[:, :taken])
        assert mean_of(seen, known) != mean_of(seen, known[:, : taken - 1])
