"""One fitted number with its 95 % interval and the number of observations behind it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from crestline.tables import Floats

Z95 = 1.959964


class Estimate(NamedTuple):
    """A value, its 95 % interval and how many observations it rests on."""

    value: float
    low: float
    high: float
    n: int


def share(count: int, n: int) -> Estimate:
    """A share with Wilson's interval (Wilson 1927); nothing observed gives 0 within [0, 1]."""
    from scipy.stats import binomtest

    if n == 0:
        return Estimate(0.0, 0.0, 1.0, 0)
    interval = binomtest(count, n).proportion_ci(method="wilson")
    return Estimate(count / n, float(interval.low), float(interval.high), n)


def mean(values: Floats) -> Estimate:
    """A mean with its normal interval."""
    value = float(values.mean())
    half = Z95 * float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.inf
    return Estimate(value, value - half, value + half, len(values))


def bootstrap(statistic: Callable[[Floats], float], values: Floats, draws: int = 200) -> Estimate:
    """Any statistic of independent values with its percentile bootstrap interval (Efron 1979); draws are seeded."""
    stream = np.random.Generator(np.random.Philox(len(values)))
    again = [statistic(stream.choice(values, len(values))) for _ in range(draws)]
    low, high = np.percentile(again, [2.5, 97.5])
    return Estimate(statistic(values), float(low), float(high), len(values))
