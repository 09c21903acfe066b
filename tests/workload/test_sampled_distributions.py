"""Samples follow the distribution that the scenario names: Kolmogorov-Smirnov against the theory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats

from crestline.scenario import Distribution
from crestline.tables import Floats
from crestline.workload.distributions import sample_times
from crestline.workload.streams import Draws

READ: TypeAdapter[Distribution] = TypeAdapter(Distribution)
ROWS = 20_000


def sampled(text: dict[str, Any], rows: int = ROWS) -> Floats:
    """So many times of a distribution as a scenario spells it."""
    return sample_times(READ.validate_python(text), Draws.at(1, 0, np.arange(rows)), "handle")


def lognormal_cdf(mean: float, cv: float) -> Callable[..., Any]:
    """With the given mean and standard deviation / mean."""
    sigma = np.sqrt(np.log(1 + cv**2))
    cdf: Callable[..., Any] = stats.lognorm(sigma, scale=mean * np.exp(-(sigma**2) / 2)).cdf
    return cdf


def mixed_cdf(seconds: Floats) -> Floats:
    """A quarter with a mean of one minute, the rest of fourteen."""
    return np.asarray(0.25 * stats.expon(scale=60).cdf(seconds) + 0.75 * stats.expon(scale=840).cdf(seconds))


def drawn_line(seconds: Floats) -> Floats:
    """Half below two minutes, straight lines between."""
    return np.asarray(np.interp(seconds, [5, 120, 1200], [0, 0.5, 1]))


@pytest.mark.parametrize(
    ("text", "cdf"),
    [
        ({"exponential": {"mean": "4min"}}, stats.expon(scale=240).cdf),
        ({"lognormal": {"mean": "3min", "cv": "110%"}}, lognormal_cdf(180, 1.1)),
        ({"gamma": {"mean": "3min", "cv": "50%"}}, stats.gamma(4, scale=45).cdf),
        ({"gamma": {"mean": "3min", "cv": "200%"}}, stats.gamma(0.25, scale=720).cdf),
        ({"hyperexponential": [{"share": 0.25, "mean": "1min"}, {"share": 0.75, "mean": "14min"}]}, mixed_cdf),
        ({"empirical": {"quantiles": {"0%": "5s", "50%": "2min", "100%": "20min"}}}, drawn_line),
    ],
)
def test_samples_follow_the_distribution(text: dict[str, Any], cdf: Callable[..., Any]) -> None:
    times = sampled(text)
    assert stats.kstest(times, cdf).pvalue > 0.002
    half = 3.3 * times.std() / np.sqrt(ROWS)
    assert abs(times.mean() - READ.validate_python(text).mean_s) < half


def test_a_constant_is_always_the_same() -> None:
    assert sampled({"constant": "3min"}, 5).tolist() == [180] * 5


def test_observed_values_have_equal_weight() -> None:
    """A value that stands twice comes twice as often."""
    times = sampled({"empirical": {"values": ["10s", "20s", "20s", "60s"]}})
    values, counts = np.unique(times, return_counts=True)
    assert values.tolist() == [10, 20, 60]
    assert stats.chisquare(counts, ROWS * np.array([1, 2, 1]) / 4).pvalue > 0.002


@pytest.mark.parametrize("kind", ["exponential", "lognormal", "gamma"])
def test_another_mean_stretches_the_same_times(kind: str) -> None:
    """Common random numbers: twice the mean is twice every time."""
    cv = {} if kind == "exponential" else {"cv": "90%"}
    once, twice = (sampled({kind: {"mean": mean} | cv}, 100) for mean in ("1min", "2min"))
    np.testing.assert_allclose(2 * once, twice)
