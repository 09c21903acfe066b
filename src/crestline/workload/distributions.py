"""Samples of the scenario's distributions, made from standard random numbers."""

from __future__ import annotations

import math

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
from crestline.tables import Floats, Ints
from crestline.workload.streams import Draws


def sample_times(distribution: Distribution, draws: Draws, column: str) -> Floats:
    """Seconds, one per row; from the same standard numbers whatever the parameters of the distribution are."""
    match distribution:
        case Constant(value=value):
            return np.full(len(draws), value)
        case Exponential(mean=mean):
            return mean * draws.exponential(column)
        case Lognormal(mean=mean, cv=cv):
            variance = math.log1p(cv**2)
            drawn = draws.normal(column)
            drawn *= math.sqrt(variance)
            drawn -= variance / 2
            return mean * np.exp(drawn).astype(np.float64)
        case Gamma(mean=mean, cv=cv):
            return mean * cv**2 * draws.gamma(cv**-2, column) if cv > 0 else np.full(len(draws), mean)
        case Hyperexponential():
            return _sample_hyperexponential(distribution, draws, column)
        case Empirical():
            return _sample_empirical(distribution, draws, column)


def pick(u: Floats, shares: list[float]) -> Ints:
    """The index of the share into which each uniform number falls."""
    index = np.zeros(len(u), np.int64)
    for bound in np.cumsum(shares)[:-1]:
        index += u >= bound
    return index


def _sample_hyperexponential(mixed: Hyperexponential, draws: Draws, column: str) -> Floats:
    part = pick(draws.uniform(f"{column} part"), [part.share for part in mixed.parts])
    means = np.array([part.mean for part in mixed.parts])
    return np.asarray(means[part] * draws.exponential(column))


def _sample_empirical(seen: Empirical, draws: Draws, column: str) -> Floats:
    u = draws.uniform(column)
    if seen.values is not None:
        return np.asarray(np.array(seen.values)[(u * len(seen.values)).astype(np.int64)])
    shares, seconds = np.array(seen.quantiles).T
    return np.asarray(np.interp(u, shares, seconds))
