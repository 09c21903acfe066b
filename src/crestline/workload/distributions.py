"""Samples of the scenario's distributions, made from standard random numbers."""

from __future__ import annotations

import numpy as np

from crestline.scenario import (
    Constant,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
)
from crestline.tables import Floats
from crestline.workload.streams import Draws


def sample_times(distribution: Distribution, draws: Draws, column: str, attempt: int) -> Floats:
    """Seconds, one per customer; the same standard numbers whatever the parameters of the distribution are."""
    match distribution:
        case Constant(value=value):
            return np.full(draws.rows, value)
        case Exponential(mean=mean):
            return mean * draws.exponential(column, attempt)
        case Lognormal(mean=mean, cv=cv):
            variance = np.log1p(cv**2)
            return np.asarray(mean * np.exp(np.sqrt(variance) * draws.normal(column, attempt) - variance / 2))
        case Gamma(mean=mean, cv=cv):
            return mean * cv**2 * draws.gamma(cv**-2, column, attempt)
        case Hyperexponential():
            return _sample_hyperexponential(distribution, draws, column, attempt)
        case Empirical():
            return _sample_empirical(distribution, draws, column, attempt)


def _sample_hyperexponential(mixed: Hyperexponential, draws: Draws, column: str, attempt: int) -> Floats:
    bounds = np.cumsum([part.share for part in mixed.parts])[:-1]
    part = np.searchsorted(bounds, draws.uniform(f"{column} part", attempt), side="right")
    means = np.array([p.mean for p in mixed.parts])
    return np.asarray(means[part]) * draws.exponential(column, attempt)


def _sample_empirical(seen: Empirical, draws: Draws, column: str, attempt: int) -> Floats:
    u = draws.uniform(column, attempt)
    if seen.values is not None:
        return np.asarray(np.array(seen.values)[(u * len(seen.values)).astype(np.int64)])
    shares, seconds = np.array(seen.quantiles).T
    return np.asarray(np.interp(u, shares, seconds))
