"""How long agents hold a contact: lognormal per contact type, by moments.

The queue feels the mean and the variance, so these two are matched; the likelihood would match the many calls of a
few seconds instead and miss the mean by a tenth and more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crestline.fit.estimate import Estimate, bootstrap, mean
from crestline.fit.log import Calls
from crestline.tables import Bools, Floats

FEWEST = 500


class HandleTime(NamedTuple):
    """Handle time of one contact type: mean and coefficient of variation, and the distance to the lognormal."""

    contact: str
    mean: Estimate
    cv: Estimate
    distance: float  # Kolmogorov-Smirnov distance between data and fit


def contact_types(calls: Calls, cut: Bools) -> tuple[tuple[str, ...], list[tuple[str, int]]]:
    """Types with enough answered calls to stand alone, most frequent first, and the others with their counts."""
    held = _held(calls, cut)
    counts = np.bincount(calls.contact[held], minlength=len(calls.contacts))
    order = np.argsort(-counts, kind="stable")
    alone = tuple(calls.contacts[i] for i in order if counts[i] >= FEWEST)
    pooled = [(calls.contacts[i], int(counts[i])) for i in order if calls.contacts[i] not in alone]
    if len(pooled) == 1 or not alone:  # a pool of one is that one; without any large type all stand in one pool
        return (alone + (pooled[0][0],), []) if len(pooled) == 1 else (alone, pooled)
    return alone, pooled


def fit_handle_times(calls: Calls, cut: Bools) -> tuple[HandleTime, ...]:
    """One lognormal per contact type of ``calls``; calls recorded with 0 s and cut ones do not count."""
    held = _held(calls, cut)
    fits = []
    for index, contact in enumerate(calls.contacts):
        seconds = calls.handle_s[held & (calls.contact == index)]
        if len(seconds) > 1:
            fits.append(fit_handle_time(contact, seconds))
    return tuple(fits)


def fit_handle_time(contact: str, seconds: Floats) -> HandleTime:
    """The lognormal with the mean and the coefficient of variation of ``seconds``."""
    middle, spread = mean(seconds), bootstrap(_cv, seconds)
    return HandleTime(contact, middle, spread, _distance(seconds, middle.value, spread.value))


def _held(calls: Calls, cut: Bools) -> Bools:
    return calls.answered & ~cut & (calls.handle_s > 0)


def _cv(seconds: Floats) -> float:
    return float(seconds.std(ddof=1) / seconds.mean())


def _distance(seconds: Floats, mean_s: float, cv: float) -> float:
    """Largest difference between the shares of data and fit that lie below any duration."""
    from scipy.stats import lognorm

    sigma = np.sqrt(np.log1p(cv**2))
    fitted = lognorm(s=sigma, scale=mean_s / np.sqrt(1.0 + cv**2))
    ordered = np.sort(seconds)
    ranks = np.arange(1, len(ordered) + 1) / len(ordered)
    cdf = fitted.cdf(ordered)
    return float(max(np.max(ranks - cdf), np.max(cdf - ranks + 1 / len(ordered))))
