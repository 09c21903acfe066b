"""How sure a measured value is: 95 % intervals of shares, percentiles and means; none below 30 contacts.

They take contacts as independent, which a drill's are not: they are printed, and never decide (see ``verdict``).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from crestline.measures.values import NOTHING, Value

LEVEL, Z = 0.95, 1.959963984540054  # and the quantile of the normal distribution that belongs to it
FEWEST = 30


class Ranks(NamedTuple):
    """Two order statistics, counted from 1, between which a percentile lies."""

    low: int
    high: int


def share(hits: int, of: int, *, intervals: bool = True) -> Value:
    """A share with its Wilson interval (Wilson 1927); nothing where there was nobody."""
    if of == 0:
        return NOTHING
    if not intervals or of < FEWEST:
        return Value(hits / of)
    centre = (2 * hits + Z**2) / (2 * (of + Z**2))
    half = Z * math.sqrt(4 * hits * (of - hits) / of + Z**2) / (2 * (of + Z**2))
    return Value(hits / of, centre - half if hits else 0.0, centre + half if hits < of else 1.0)


def percentile_ranks(count: int, percent: int) -> Ranks | None:
    """The order statistics that enclose a percentile (binomial); None where there are too few for both."""
    if count < FEWEST:
        return None
    tail = (1 - LEVEL) / 2
    low, high = (_quantile(q, count, percent / 100) for q in (tail, 1 - tail))
    ranks = Ranks(low, high + 1)
    return ranks if ranks.low >= 1 and ranks.high <= count else None


def _quantile(q: float, of: int, chance: float) -> int:
    """The quantile of a binomial distribution, without ``scipy.stats``, which takes as long to import as a forecast."""
    from scipy.special import bdtr, bdtrik

    above = math.ceil(bdtrik(q, of, chance))
    return above - 1 if above > 0 and bdtr(above - 1, of, chance) >= q else above


def mean(total: float, squares: float, count: int, *, intervals: bool = True) -> Value:
    """A mean with its normal interval, from the sum and the sum of squares of ``count`` values."""
    if count == 0:
        return NOTHING
    centre = total / count
    if not intervals or count < FEWEST:
        return Value(centre)
    variance = max(0.0, squares - total * centre) / (count - 1)
    half = Z * math.sqrt(variance / count)
    return Value(centre, centre - half, centre + half)
