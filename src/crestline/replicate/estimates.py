"""What days say together: every measure with the interval of its mean, and where a single day may lie.

Part of what days differ by is known: their demand, and the work that came (``controls``). A regression on it takes
that part off and narrows the interval two- to fourfold where demand differs between days (control variates, Lavenberg
and Welch 1981, Nelson 1990): with controls of mean zero, the constant of the regression is the mean of the measure on
days that are average in what is known. Its standard error is the one that stays right where days scatter more the
busier they are (HC3, MacKinnon and White 1985), as they do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from crestline.measures import NOTHING, Value
from crestline.measures.day import Day
from crestline.measures.values import holds
from crestline.replicate.student import t_quantile
from crestline.scenario import Objective
from crestline.tables import Bools, Floats

ADJUSTED_FROM = 20  # days; fewer do not tell how a measure goes with its controls
DAYS_A_CONTROL = 6  # at least, of those that tell most: what further ones tell would cost more than it gains
NARROWER = 0.9  # / sqrt(days): by this share at least an adjusted interval is narrower than the plain one
OVER_ON = 0.05  # an estimate is over, as is its p95, where more than this share of the days are


class Mean(NamedTuple):
    """A mean, and half the width of its 95 % interval where there is one."""

    value: float
    half: float | None

    def no_wider_than(self, half: float) -> bool:
        """Whether it is known so well; not where there is nothing to tell how well."""
        return self.half is not None and self.half <= half


def estimate(days: Sequence[Day], objectives: Sequence[Objective]) -> dict[str, Value]:
    """Every measure over the days: mean with its 95 % interval, the 90 % band of one day, and days that hold it."""
    held = {objective.key: objective for objective in objectives}
    known = controls_of(days)
    return {
        key: _estimate([day.measures[key] for day in days], held.get(key), known)
        for key in (days[0].measures if days else ())
    }


def controls_of(days: Sequence[Day]) -> Floats:
    """Days x controls; no column where a day has none."""
    counts = {len(day.controls) for day in days}
    return np.array([day.controls for day in days]) if len(counts) == 1 else np.zeros((len(days), 0))


def _estimate(values: Sequence[Value], objective: Objective | None, known: Floats) -> Value:
    seen = np.array([v.value for v in values if v.value is not None])
    if len(seen) == 0:
        return NOTHING
    mean = mean_of(values, known)
    p5, p95 = (float(q) for q in np.quantile(seen, [0.05, 0.95], method="inverted_cdf"))
    return Value(
        value=mean.value,
        low=None if mean.half is None else max(0.0, mean.value - mean.half),  # no measure is negative
        high=None if mean.half is None else mean.value + mean.half,
        over=sum(v.over for v in values) > OVER_ON * len(seen),
        p5=p5,
        p95=p95,
        p_met=None if objective is None else _share_held(values, objective),
    )


def mean_of(values: Sequence[Value], known: Floats) -> Mean:
    """The mean over the days that have a value, adjusted for what is known of the days where that pays."""
    there = np.array([v.value is not None for v in values])
    numbers = np.array([0.0 if v.value is None else v.value for v in values])
    seen = numbers[there]
    plain = _plain(seen)
    if plain.half is None or known.shape[1] == 0 or len(seen) < ADJUSTED_FROM:
        return plain
    adjusted = _adjusted(numbers, there, known[:, : len(known) // DAYS_A_CONTROL])
    possible = seen.min() <= adjusted.value <= seen.max()
    wide = (1 - NARROWER / math.sqrt(len(seen))) * plain.half  # the more days, the less of a gain may be chance
    return adjusted if possible and adjusted.no_wider_than(wide) else plain


def _plain(seen: Floats) -> Mean:
    mean = float(seen.mean())
    if len(seen) == 1:
        return Mean(mean, None)
    return Mean(mean, t_quantile(len(seen) - 1) * float(seen.std(ddof=1)) / math.sqrt(len(seen)))


def _adjusted(numbers: Floats, there: Bools, known: Floats) -> Mean:
    """The mean of the days that have a value, as the ratio of two regressions: of all values, and of being there.

    A measure that some days lack is missing on the busiest ones above all, so that it would not do to regress over
    the others alone. Where no day lacks it, the second is a constant one.
    """
    x = np.column_stack((np.ones(len(known)), known))
    solve = np.linalg.pinv(x)
    freedom = len(x) - x.shape[1]
    y = np.column_stack((numbers * there, there.astype(np.float64)))
    constants = solve[0] @ y
    ratio = constants[0] / constants[1]
    off = y - x @ (solve @ y)
    residuals = (off[:, 0] - ratio * off[:, 1]) / constants[1]
    leverage = np.einsum("ij,ji->i", x, solve)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = float(np.sqrt(((solve[0] * residuals / (1 - leverage)) ** 2).sum()))
    return Mean(float(ratio), t_quantile(freedom) * error)


def _share_held(values: Sequence[Value], objective: Objective) -> float:
    return sum(holds(value, objective) for value in values) / len(values)
