"""A fold over durations: percentiles as order statistics, and the mean.

Up to two million values are kept as they are, and a percentile is exactly one of them. Beyond that they go into a
log-linear histogram as in HdrHistogram: 2,048 buckets for every doubling, read at the middle, so that no value is off
by more than 0.025 %.
"""

from __future__ import annotations

from typing import Self

import numpy as np

from crestline.measures import intervals as interval_of
from crestline.measures.values import NOTHING, Value
from crestline.tables import Bools, Floats, Ints

EXACT_UP_TO = 2_000_000
_PER_DOUBLING = 2048
_LEAST, _MOST = -10, 30  # powers of two: from a millisecond to thirty years
_BUCKETS = (_MOST - _LEAST) * _PER_DOUBLING


class Durations:
    """How long something took for each of many contacts, of whom some were never answered."""

    def __init__(self, exact_up_to: int = EXACT_UP_TO) -> None:
        self.exact_up_to = exact_up_to
        self.count = 0
        self.never = 0
        self.known, self.total, self.squares = 0, 0.0, 0.0
        self._exact: list[Floats] = []
        self._histogram: Ints | None = None

    def add(self, seconds: Floats, answered: Bools) -> None:
        """Count contacts. Who was not ``answered`` is over every limit, and in the mean unless ``seconds`` is NaN."""
        known = seconds[~np.isnan(seconds)]
        self.known += len(known)
        self.total += float(known.sum())
        self.squares += float(known @ known)
        self.count += len(seconds)
        self.never += int(len(seconds) - answered.sum())
        self._keep([seconds[answered]], None)

    def merge(self, other: Self) -> None:
        """Count everything that ``other`` has counted."""
        self.known += other.known
        self.total += other.total
        self.squares += other.squares
        self.count += other.count
        self.never += other.never
        self._keep(other._exact, other._histogram)

    def percentile(self, percent: int, longest_s: float, *, intervals: bool = True) -> Value:
        """The smallest duration that ``percent`` of the contacts do not exceed; ``longest_s`` stands for never."""
        if self.count == 0:
            return NOTHING
        rank = -(-self.count * percent // 100)
        ranks = interval_of.percentile_ranks(self.count, percent) if intervals else None
        low, high = [min(self._ranked(r), longest_s) for r in ranks] if ranks else [None, None]
        value = self._ranked(rank)
        return Value(min(value, longest_s), low, high, over=bool(np.isinf(value)))

    def mean(self, *, intervals: bool = True) -> Value:
        """The mean of those whose duration is known."""
        return interval_of.mean(self.total, self.squares, self.known, intervals=intervals)

    def _keep(self, exact: list[Floats], histogram: Ints | None) -> None:
        self._exact = self._exact + exact
        if self._histogram is not None or histogram is not None or self.count - self.never > self.exact_up_to:
            have = [h for h in (self._histogram, histogram) if h is not None]
            self._histogram = sum(have + [_binned(values) for values in self._exact], np.zeros(_BUCKETS, np.int64))
            self._exact = []

    def _ranked(self, rank: int) -> float:
        if rank > self.count - self.never:
            return float("inf")
        if self._histogram is not None:
            return _middle(int(np.searchsorted(np.cumsum(self._histogram), rank)))
        if len(self._exact) != 1 or not _is_sorted(self._exact[0]):
            self._exact = [np.sort(np.concatenate(self._exact))]
        return float(self._exact[0][rank - 1])


def _is_sorted(values: Floats) -> bool:
    return bool(np.all(values[:-1] <= values[1:]))


def _binned(seconds: Floats) -> Ints:
    """How many values fall into each bucket: the power of two, then evenly between two powers."""
    mantissa, power = np.frexp(np.maximum(seconds, 2.0**_LEAST))
    within = ((mantissa - 0.5) * (2 * _PER_DOUBLING)).astype(np.int64)
    bucket = np.minimum((power - 1 - _LEAST) * _PER_DOUBLING + within, _BUCKETS - 1)
    return np.bincount(bucket, minlength=_BUCKETS).astype(np.int64)


def _middle(bucket: int) -> float:
    power, within = divmod(bucket, _PER_DOUBLING)
    return float((1 + (within + 0.5) / _PER_DOUBLING) * 2.0 ** (power + _LEAST))
