"""Arrivals are a Poisson process whose rate is the demand curve; the theory stands in this file, not in the code.

A test on random numbers asks whether a figure lies inside the middle 99.8 % of its distribution.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

from crestline.scenario import Scenario
from crestline.tables import Floats
from crestline.workload import Span, arrivals, day, day_factor, window
from crestline.workload.arrivals import day_curve, demand_curve, expected_arrivals, peak_rate, sample_arrivals

if TYPE_CHECKING:
    from tests.workload.conftest import MakeScenario

REPLICATIONS = 200
CURVE = {
    "rate": {"08:30": "600/h", "09:30": "1800/h", "10:30": "900/h"},
    "surges": [
        {"at": "09:00", "for": "40min", "factor": 3, "ramp": "10min"},
        {"at": "10:00", "for": "20min", "factor": 2},
    ],
}
WINDOW = {"from": "08:00", "for": "3h", "ramp": "10min", "level": "150%"}
SEGMENTS = np.arange(0, 10_801, 300.0)


def rate_per_s(instant_s: float) -> float:
    """The rate of CURVE in WINDOW, written down by hand: instants count from 08:00."""
    t = instant_s / 60
    base = np.interp(t, [30, 90, 150], [600, 1800, 900]) / 3600
    rising = min(max(min((t - 60) / 10, (100 - t) / 10), 0), 1)
    jump = 2 if 120 <= t < 140 else 1
    return float(base * (1 + 2 * rising) * jump * 1.5 * min(t / 10, 1))


def expected_between(from_s: float, to_s: float) -> float:
    """Expected arrivals between two instants."""
    corners = [minute * 60.0 for minute in (10, 30, 60, 70, 90, 100, 120, 140, 150) if from_s < minute * 60 < to_s]
    return float(quad(rate_per_s, from_s, to_s, points=corners or None, limit=200)[0])


def instants(scenario: Scenario, span: Span, replication: int = 0, seed: int = 1) -> Floats:
    """When the customers of an average day arrive."""
    pieces = sample_arrivals(demand_curve(scenario, span), seed, replication)
    return span.start_s + np.cumsum(np.concatenate([piece.gap_s for piece in pieces]))


@pytest.fixture(scope="module")
def days(scenario: MakeScenario) -> list[Floats]:
    """Instants of arrival of many replications."""
    made = scenario(demand=CURVE, load_test=WINDOW)
    span = window(made)
    return [instants(made, span, replication) for replication in range(REPLICATIONS)]


def is_plausible(figure: float, distribution: Any) -> bool:
    """Whether a figure lies inside the middle 99.8 % of what theory says."""
    return bool(distribution.ppf(0.001) < figure < distribution.ppf(0.999))


def test_counts_of_every_segment_are_poisson(days: list[Floats]) -> None:
    """Rising and falling lines, surges with and without ramp, the ramp of the drill, its level: chi-square per segment.

    Over all replications the mean of a segment is its expected count, and over single ones the variance is, too.
    """
    expected = np.array([expected_between(a, b) for a, b in pairwise(SEGMENTS.tolist())])
    counts = np.array([np.histogram(arrivals, SEGMENTS)[0] for arrivals in days])
    total = ((counts.sum(axis=0) - REPLICATIONS * expected) ** 2 / (REPLICATIONS * expected)).sum()
    assert is_plausible(total, stats.chi2(len(expected)))
    assert is_plausible(((counts - expected) ** 2 / expected).sum(), stats.chi2(counts.size))


def test_counts_of_different_segments_are_independent(days: list[Floats]) -> None:
    """The variance of whole days is their mean: no segment makes up for another."""
    expected = expected_between(0, 10_800)
    sizes = np.array([len(arrivals) for arrivals in days])
    assert is_plausible(((sizes - expected) ** 2 / expected).sum(), stats.chi2(REPLICATIONS))


def test_gaps_are_exponential_once_the_rate_is_taken_out(days: list[Floats]) -> None:
    """Carried through the expected count, the gaps of a day are exponential with mean 1."""
    grid = np.arange(0, 10_801, 5.0)
    steps = [expected_between(a, b) for a, b in pairwise(grid.tolist())]
    rescaled = np.interp(np.concatenate(days[:3]), grid, np.concatenate(([0.0], np.cumsum(steps))))
    gaps = np.diff(rescaled)
    assert stats.kstest(gaps[gaps >= 0], "expon").pvalue > 0.002


def test_expected_arrivals_are_the_area_under_the_curve(scenario: MakeScenario) -> None:
    """Within a tenth of a percent: on a ramp the curve is a chain of straight lines."""
    made = scenario(demand=CURVE, load_test=WINDOW)
    assert expected_arrivals(made, window(made)) == pytest.approx(expected_between(0, 10_800), rel=1e-3)
    curve = demand_curve(made, window(made))
    for from_s, to_s in ((0.0, 10.0), (3600.0, 4000.0), (7100.0, 7300.0), (10_000.0, 10_800.0)):
        assert curve.between(from_s, to_s) == pytest.approx(expected_between(from_s, to_s), rel=1e-2)


@pytest.mark.parametrize(
    ("demand", "per_h"),
    [
        ({"rate": "500/h"}, 500),
        ({"rate": {"08:00": "100/h", "10:00": "900/h", "12:00": "100/h"}}, 900),  # a corner inside the day
        ({"rate": {"07:00": "100/h", "13:00": "700/h"}}, 600),  # cut off at the day's end
        (CURVE, 3 * 1800),  # the surge where the curve is highest
        ({"rate": "500/h", "surges": [{"at": "09:00", "for": "1h", "factor": 5}]}, 2500),
    ],
)
def test_peak_rate_is_the_highest_instant(scenario: MakeScenario, demand: dict[str, Any], per_h: float) -> None:
    made = scenario(demand=demand)
    assert 3600 * peak_rate(made, day(made)) == pytest.approx(per_h)
    assert 3600 * peak_rate(made, window(made)) == pytest.approx(2 * per_h)


def test_a_surge_without_ramp_begins_and_ends_at_once(scenario: MakeScenario) -> None:
    """Nobody too early, nobody too late: from nothing but the surge come only its own customers."""
    made = scenario(demand={"rate": {"08:00": "1/d"}, "surges": [{"at": "09:00", "for": "10min", "factor": 1_000_000}]})
    arrived = instants(made, day(made))
    assert len(arrived) > 5000
    assert ((arrived >= 3600) & (arrived < 4200)).all()


def test_no_one_comes_while_the_rate_is_nothing(scenario: MakeScenario) -> None:
    """A curve that touches 0 for an hour."""
    made = scenario(
        demand={"rate": {"08:00": "900/h", "09:00": "0/h", "10:00": "0/h", "11:00": "900/h", "12:00": "0/h"}}
    )
    arrived = instants(made, day(made))
    assert not ((arrived > 3600) & (arrived < 7200)).any()
    assert is_plausible(len(arrived), stats.poisson(450 + 900))


def test_another_level_stretches_the_same_customers(scenario: MakeScenario) -> None:
    """At twice the level and a steady rate, the n-th customer comes after half the time."""
    made = scenario(demand={"rate": "500/h"})
    once, twice = (instants(made, day(made, level)) for level in (1, 2))
    assert len(twice) > 1.8 * len(once)
    np.testing.assert_allclose(2 * twice[: len(once)], once)


def test_another_level_keeps_the_unit_process_on_any_curve(scenario: MakeScenario) -> None:
    """Expected arrivals by the n-th customer do not depend on the level."""
    made = scenario(demand=CURVE)
    by_level = []
    for level in (1, 2):
        span = day(made, level)
        curve, arrived = demand_curve(made, span), instants(made, span)
        by_level.append([curve.between(0, at) for at in arrived[:500].tolist()])
    np.testing.assert_allclose(by_level[0], by_level[1])


def test_a_drill_begins_empty_and_rises_over_its_ramp(scenario: MakeScenario) -> None:
    """In the ramp's first tenth a hundredth of its customers comes."""
    made = scenario(demand={"rate": "7200/h"}, load_test={"from": "09:00", "for": "1h", "ramp": "10min"})
    curve = demand_curve(made, window(made))
    assert curve.between(3600, 3660) == pytest.approx(2 * 2 * 600 / 2 / 100)
    assert curve.between(3600, 4200) == pytest.approx(2 * 2 * 600 / 2)
    assert curve.between(4200, 7200) == pytest.approx(2 * 2 * 3000)


def test_days_differ_by_a_gamma_factor(scenario: MakeScenario) -> None:
    """Mean 1 and the scenario's coefficient of variation."""
    made = scenario("demand.day_factor_cv=15%")
    factors = np.array([day_factor(made, 1, replication) for replication in range(2000)])
    assert stats.kstest(factors, stats.gamma(0.15**-2, scale=0.15**2).cdf).pvalue > 0.002
    assert is_plausible(factors.mean(), stats.norm(1, 0.15 / np.sqrt(2000)))
    assert 0.85 < factors.var(ddof=1) / 0.15**2 < 1.15


def test_the_day_factor_multiplies_demand_unless_it_is_a_drill(scenario: MakeScenario) -> None:
    """Left out it is 1; drawn it stretches the customers of the average day."""
    made = scenario("demand.day_factor_cv=15%")
    span = day(made)
    factor = day_factor(made, 1, 3)
    average, drawn = (
        np.cumsum(next(sample_arrivals(curve, 1, 3)).gap_s)
        for curve in (demand_curve(made, span), day_curve(made, 1, 3, span))
    )
    few = min(len(average), len(drawn))
    np.testing.assert_allclose(factor * drawn[:few], average[:few])
    assert day_factor(scenario(), 1, 3) == 1


def test_a_day_of_many_customers_repeats_none(scenario: MakeScenario) -> None:
    """They are sampled in blocks; nobody of the first comes again in a later one."""
    made = scenario(demand={"rate": "40000/h"})
    gaps = np.diff(instants(made, day(made)))
    assert is_plausible(len(gaps), stats.poisson(160_000))
    assert len(np.unique(gaps)) > len(gaps) - 10  # instants far from the start are rounded


@given(block=st.integers(1, 2000))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_it_does_not_matter_how_many_are_sampled_at_a_time(scenario: MakeScenario, block: int) -> None:
    """Not a bit: neither the gaps nor when the customer before each piece was due."""
    curve = demand_curve(made := scenario(demand=CURVE), day(made))
    (whole,) = sample_arrivals(curve, 1, 0)
    with patch.object(arrivals, "BLOCK", block):
        pieces = list(sample_arrivals(curve, 1, 0))
    assert max(len(piece.gap_s) for piece in pieces) <= block
    assert np.concatenate([piece.gap_s for piece in pieces]).tobytes() == whole.gap_s.tobytes()
    due, first = [0.0, *accumulate(whole.gap_s.tolist())], 0
    for piece in pieces:
        assert (piece.first, piece.start_s) == (first, due[first])
        first += len(piece.gap_s)


def test_replications_and_seeds_are_other_days(scenario: MakeScenario) -> None:
    made, numbers = scenario(), [(1, 0), (1, 1), (2, 0), (2, 1)]
    drawn = [instants(made, day(made), replication, seed)[0] for seed, replication in numbers]
    assert len(set(drawn)) == len(numbers)


def test_nobody_comes_where_there_is_no_demand(scenario: MakeScenario) -> None:
    """One piece, and it is empty."""
    night = scenario(demand={"rate": {"08:00": "0/h", "09:00": "0/h", "10:00": "9/h"}}, load_test={"for": "1h"})
    assert [piece.gap_s.tolist() for piece in sample_arrivals(demand_curve(night, window(night)), 1, 0)] == [[]]
