"""How long agents hold a contact: lognormal per contact type, by moments.

The queue feels the mean and the variance, so these two are matched; the likelihood would match the many calls of a
few seconds instead and miss the mean by a tenth and more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crestline.errors import UsageError
from crestline.fit.calls import Calls
from crestline.fit.estimate import Estimate, bootstrap, mean
from crestline.tables import Bools, Floats

FEWEST = 500  # answered calls of a type that stands alone
FEWEST_AT_ALL = 30


class HandleTime(NamedTuple):
    """Handle time of one contact type: mean and coefficient of variation, and the distance to the lognormal."""

    contact: str
    mean: Estimate
    cv: Estimate
    distance: float  # Kolmogorov-Smirnov distance between data and fit
    of_all: bool = False  # too few of its own: fitted on all types together


def contact_types(calls: Calls, cut: Bools) -> tuple[tuple[str, ...], list[tuple[str, int]]]:
    """Types with enough answered calls to stand alone, most frequent first, and the others with their counts."""
    held = _held(calls, cut)
    counts = np.bincount(calls.contact[held], minlength=len(calls.contacts))
    order = np.argsort(-counts, kind="stable")
    pooled = [(calls.contacts[i], int(counts[i])) for i in order if counts[i] < FEWEST]
    if len(pooled) == 1:  # a pool of one is no pool
        pooled = []
    names = {name for name, _ in pooled}
    return tuple(calls.contacts[i] for i in order if calls.contacts[i] not in names), pooled


def fit_handle_times(calls: Calls, cut: Bools) -> tuple[HandleTime, ...]:
    """One lognormal per contact type of ``calls``; calls recorded with 0 s and cut ones do not count."""
    held = _held(calls, cut)
    if held.sum() < FEWEST_AT_ALL:
        msg = f"only {held.sum()} answered calls with a handle time; a fit needs at least {FEWEST_AT_ALL}"
        raise UsageError(msg)
    fits = []
    for index, contact in enumerate(calls.contacts):
        own = held & (calls.contact == index)
        of_all = bool(own.sum() < FEWEST_AT_ALL)
        fits.append(fit_handle_time(contact, calls.handle_s[held if of_all else own], of_all=of_all))
    return tuple(fits)


def fit_handle_time(contact: str, seconds: Floats, *, of_all: bool = False) -> HandleTime:
    """The lognormal with the mean and the coefficient of variation of ``seconds``."""
    middle, spread = mean(seconds), bootstrap(_cv, seconds)
    return HandleTime(contact, middle, spread, _distance(seconds, middle.value, spread.value), of_all)


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
