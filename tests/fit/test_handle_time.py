from __future__ import annotations

import numpy as np

from crestline.fit.handle_time import fit_handle_time


# Mean and spread of a lognormal lie in their intervals, and the fit is close.
def test_a_lognormal_is_found() -> None:
    sigma = np.sqrt(np.log1p(1.1**2))
    seconds = 200.0 * np.exp(sigma * np.random.default_rng(1).normal(size=8000) - sigma**2 / 2)
    fit = fit_handle_time("all", seconds)
    assert fit.mean.low < 200 < fit.mean.high
    assert fit.cv.low < 1.1 < fit.cv.high
    assert fit.distance < 0.02


# A pile of calls of a few seconds does not shift the mean; the distance shows that the shape is off.
def test_short_calls_do_not_shift_the_mean() -> None:
    rng = np.random.default_rng(2)
    seconds = np.where(rng.random(5000) < 0.3, 3.0, rng.gamma(2.0, 100.0, 5000))
    fit = fit_handle_time("all", seconds)
    assert np.isclose(fit.mean.value, seconds.mean())
    assert np.isclose(fit.cv.value, seconds.std(ddof=1) / seconds.mean())
    assert fit.distance > 0.1
