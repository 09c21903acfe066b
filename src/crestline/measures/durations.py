"""A fold over durations by group: percentiles as order statistics, and means.

Up to two million values are kept as they are, and a percentile is exactly one of them. Beyond that they go into
log-linear histograms as in HdrHistogram: 2,048 buckets for every doubling, read at the middle, so that no value is off
by more than 0.025 %; what took less than a millisecond is read as 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import inf
from typing import Any, NamedTuple

import numpy as np

from crestline.measures import intervals as interval_of
from crestline.measures.values import NOTHING, Value
from crestline.tables import Floats, Ints

EXACT_UP_TO = 2_000_000
_BITS = 11  # of the mantissa: 2,048 buckets for every doubling
_SHIFT = 52 - _BITS
_LEAST, _MOST = -10, 30  # powers of two: from a millisecond to thirty years
_NEVER = (_MOST - _LEAST) << _BITS  # the bucket behind all others
_FIRST = (1023 + _LEAST) << _BITS


class Sample(NamedTuple):
    """Durations of some contacts, in order; how often each is there, where it is not once; never is infinite."""

    size: int
    ordered: Floats
    times: Ints | None = None
    beside: tuple[int, float, float] = (0, 0.0, 0.0)  # known, but counted as never: how many, sum, sum of squares

    def ranked(self, ranks: Ints) -> Floats:
        """The durations with these ranks, counted from 1."""
        return self.ordered[ranks - 1 if self.times is None else np.searchsorted(np.cumsum(self.times), ranks)]

    def number(self, percent: int | None, longest_s: float) -> float | None:
        """A percentile, or the mean; None where there was nobody."""
        if percent is None:
            return self.mean(intervals=False).value
        return min(self._ranked(rank_of(self.size, percent)), longest_s) if self.size else None

    def value(self, percent: int | None, longest_s: float, *, intervals: bool = True) -> Value:
        """The same, and with ``intervals`` how sure it is; ``longest_s`` stands for never."""
        if percent is None:
            return self.mean(intervals=intervals)
        return self.percentile(percent, longest_s, intervals=intervals)

    def percentile(self, percent: int, longest_s: float, *, intervals: bool = True) -> Value:
        """The smallest duration that ``percent`` of the contacts do not exceed; ``longest_s`` stands for never."""
        if self.size == 0:
            return NOTHING
        value = self._ranked(rank_of(self.size, percent))
        ranks = interval_of.percentile_ranks(self.size, percent) if intervals else None
        low, high = [min(self._ranked(rank), longest_s) for rank in ranks] if ranks else [None, None]
        return Value(min(value, longest_s), low, high, over=value == inf)

    def mean(self, *, intervals: bool = True) -> Value:
        """The mean of those that are known."""
        known = self.ordered[: self.ordered.searchsorted(inf)]
        squared = known * known
        count, total, squares = self.beside
        if self.times is None:
            count += len(known)
        else:
            times = self.times[: len(known)]
            known, squared, count = known * times, squared * times, count + int(times.sum())
        return interval_of.mean(total + float(known.sum()), squares + float(squared.sum()), count, intervals=intervals)

    def _ranked(self, rank: int) -> float:
        return self.ordered.item(rank - 1) if self.times is None else self.ranked(np.array([rank])).item()


def rank_of(count: int, percent: int) -> int:
    """The rank of a percentile: so many contacts have to be no longer than it."""
    return -(-count * percent // 100)


class Durations:
    """How long something took for each of many contacts of several groups; infinite for who was never answered."""

    def __init__(self, groups: int, exact_up_to: int = EXACT_UP_TO) -> None:
        self.groups = groups
        self.exact_up_to = exact_up_to
        self._kept: list[tuple[Floats, Ints]] = [(np.zeros(0), np.zeros(0, np.intp))]
        self._count = 0
        self._histogram: Ints | None = None
        self._beside = (np.zeros(groups, np.int64), np.zeros(groups), np.zeros(groups))

    def add(self, seconds: Floats, group: Ints) -> None:
        """Count contacts, each in its group."""
        self._kept.append((seconds, group))
        self._count += len(seconds)
        if self._count > self.exact_up_to:
            self._put_into_buckets()

    def add_known(self, seconds: Floats, group: Ints) -> None:
        """How long contacts took that were counted as never: they are over every limit, and belong to the mean."""
        count, total, squares = self._beside
        np.add.at(count, group, 1)
        np.add.at(total, group, seconds)
        np.add.at(squares, group, seconds * seconds)

    def samples(self, number: Ints, many: int) -> list[Sample]:
        """The groups as so many samples: those with number 0 are the first, those with a negative one are in none."""
        ordered = self._in_order(number, many) if self._histogram is None else self._binned(number, many)
        if not self._beside[0].any():
            return [Sample(*one) for one in ordered]
        beside = zip(*(_summed(moment, number, many) for moment in self._beside), strict=True)
        return [Sample(*one, moments) for one, moments in zip(ordered, beside, strict=True)]

    def _in_order(self, number: Ints, many: int) -> Iterator[tuple[int, Floats, None]]:
        if len(self._kept) > 1:
            seconds, group = (np.concatenate(column) for column in zip(*self._kept, strict=True))
            self._kept = [(seconds, group)]
        ((seconds, group),) = self._kept
        sample = number.astype(np.min_scalar_type(-many))[group]  # narrow numbers are sorted fast
        if many > 1 or sample.min(initial=0) < 0:
            order = sample.argsort(kind="stable")
            seconds, sample = seconds[order], sample[order]
        else:
            seconds = seconds.copy()
        ends = sample.searchsorted(np.arange(-1, many), side="right").tolist()
        for first, last in pairwise(ends):
            part = seconds[first:last]
            part.sort()
            yield last - first, part, None

    def _binned(self, number: Ints, many: int) -> Iterator[tuple[int, Floats, Ints]]:
        assert self._histogram is not None  # noqa: S101 - asked before
        for i in range(many):
            counted = self._histogram[number == i].sum(axis=0)
            used = np.flatnonzero(counted)
            yield int(counted.sum()), _middle(used), counted[used]

    def _put_into_buckets(self) -> None:
        if self._histogram is None:
            self._histogram = np.zeros((self.groups, _NEVER + 1), np.int64)  # takes room only where it is counted
        for seconds, group in self._kept:
            np.add.at(self._histogram.reshape(-1), group * (_NEVER + 1) + _bucket(seconds), 1)
        self._kept = []


def _summed(moment: Any, number: Ints, many: int) -> list[Any]:
    made = np.zeros(many + 1, moment.dtype)  # the last for those in no sample
    np.add.at(made, number, moment)
    return list(made[:-1].tolist())


def _bucket(seconds: Floats) -> Ints:
    """The power of two, then evenly between two powers: the first bits of a float, as it is stored."""
    bits = np.maximum(seconds, 2.0**_LEAST).view(np.int64) >> _SHIFT
    return np.asarray(np.minimum(bits - _FIRST, _NEVER))


def _middle(bucket: Ints) -> Floats:
    middle = ((bucket + _FIRST << _SHIFT) + (1 << _SHIFT - 1)).view(np.float64)
    return np.where(bucket == 0, 0.0, np.where(bucket < _NEVER, middle, inf))
