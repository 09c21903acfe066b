"""The same days before and after a change: what a few of them say about many, and what the change did to them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from crestline.measures import NOTHING, Value
from crestline.measures.values import holds
from crestline.replicate import t_quantile
from crestline.scenario import Objective
from crestline.tables import Floats

FEWEST = 2  # days that say something together


def moved(estimated: Value, before: Sequence[Value], after: Sequence[Value], objective: Objective, count: int) -> Value:
    """What a few days say about all ``count`` of them: their mean, moved by how far they are from all days before.

    As far as days go with what they were before (a control variate with its coefficient, 0 to 1), and no further than
    they are known themselves. The width is that of so many days, or that of the estimate as far as days came closer
    together. Where not the same days have a value as before, those that have one speak for themselves.
    """
    numbers = np.array([v.value for v in after if v.value is not None])
    if len(numbers) < FEWEST:
        return NOTHING
    pairs = _pairs(before, after)
    value, spread = float(numbers.mean()), float(numbers.std(ddof=1))
    half = t_quantile(count - 1) * spread / math.sqrt(count)
    old = float(pairs[:, 0].std(ddof=1)) if len(pairs) == len(numbers) else 0.0
    if old > 0 and estimated.value is not None and estimated.high is not None:
        goes_along = min(max(float(np.cov(pairs.T)[0, 1]) / old**2, 0.0), 1.0)
        shift = goes_along * (estimated.value - float(pairs[:, 0].mean()))
        value = max(0.0, value + min(max(shift, -half), half))
        half = min(half, (estimated.high - estimated.value) * spread / old)
    held = sum(holds(each, objective) for each in after) / len(after)
    return Value(value, max(0.0, value - half), value + half, over=any(v.over for v in after), p_met=held)


def difference(before: Sequence[Value], after: Sequence[Value]) -> Value:
    """The mean of what a change does to days, with its 95 % interval: paired, so that what days differ by cancels."""
    pairs = _pairs(before, after)
    if not len(pairs):
        return NOTHING
    change = pairs[:, 1] - pairs[:, 0]
    mean = float(change.mean())
    if len(pairs) < FEWEST:
        return Value(mean)
    half = t_quantile(len(pairs) - 1) * float(change.std(ddof=1)) / math.sqrt(len(pairs))
    return Value(mean, mean - half, mean + half)


def _pairs(before: Sequence[Value], after: Sequence[Value]) -> Floats:
    """Days x (before, after), those that have both."""
    both = [(b.value, a.value) for b, a in zip(before, after, strict=False) if None not in (b.value, a.value)]
    return np.array(both, np.float64).reshape(-1, 2)
