from __future__ import annotations

import numpy as np
import pytest

from crestline.errors import UsageError
from crestline.fit.patience import Waits, fit_patience, kaplan_meier
from crestline.tables import Floats

N = 4000


def observed(patience_s: Floats, seed: int) -> Waits:
    """What a log shows of these people's patience when agents come after 80 s on average: whole seconds."""
    offered = np.random.default_rng(seed).exponential(80.0, len(patience_s))
    left = patience_s < offered
    seen_s: Floats = np.minimum(patience_s, offered)
    return Waits.of(seen_s.round(), left)


# People who were answered first are censored: the fit gives the true mean, the mean wait of leavers is far off.
def test_exponential_patience_is_found_behind_the_answered() -> None:
    waits = observed(np.random.default_rng(1).exponential(300.0, N), seed=2)
    fit = fit_patience(waits)
    assert fit.mean_s.low < 300 < fit.mean_s.high
    assert fit.median_s.low < 300 * np.log(2) < fit.median_s.high
    curve = kaplan_meier(waits)
    assert curve.median_s.low <= 300 * np.log(2) <= curve.median_s.high
    assert curve.naive_mean_s < 100


# Two kinds of people, hasty and patient: the mixture is recognised and its median found.
def test_a_mixture_of_people_is_recognised() -> None:
    rng = np.random.default_rng(3)
    hasty = rng.random(N) < 0.3
    fit = fit_patience(observed(np.where(hasty, rng.exponential(15.0, N), rng.exponential(400.0, N)), seed=4))
    assert fit.family == "hyperexponential"
    assert isinstance(fit.written, tuple)
    small, large = sorted(fit.written, key=lambda part: part["mean"])
    assert abs(small["share"] - 0.3) < 0.06
    assert abs(small["mean"] - 15) < 5
    assert abs(large["mean"] - 400) < 80
    assert fit.aic_over_exponential > 10
    assert fit.distance < 0.05


# Patience with little spread is recognised as such: gamma or lognormal, with the true median inside the interval.
@pytest.mark.parametrize("family", ["gamma", "lognormal"])
def test_other_families_are_recognised(family: str) -> None:
    rng = np.random.default_rng(5)
    true = rng.gamma(4.0, 25.0, N) if family == "gamma" else 90.0 * np.exp(0.6 * rng.normal(size=N))
    fit = fit_patience(observed(true, seed=6))
    assert fit.family == family
    assert fit.median_s.low < (91.8 if family == "gamma" else 90.0) < fit.median_s.high


def test_few_leavers_are_refused() -> None:
    waits = Waits.of(np.arange(1.0, 101.0), np.arange(100) < 10)
    with pytest.raises(UsageError, match="only 10 customers left after a wait; patience needs at least 50"):
        fit_patience(waits)
