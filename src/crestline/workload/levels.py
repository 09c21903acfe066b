"""How many times the usual demand comes at an instant: the level of the load, its ramp, and surges."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from crestline.scenario import Demand
from crestline.tables import Floats
from crestline.workload.span import Span

Side = Literal["left", "right"]  # just before an instant, or just after it


def factor(demand: Demand, start: float, span: Span, at: Floats, side: Side) -> Floats:
    """How many times the usual demand comes, surges included, just before or just after each instant."""
    value = _level(span, at, side)
    for surge in demand.surges:
        begin = surge.at - start
        value = value * (1 + (surge.factor - 1) * _trapeze(at, begin, begin + surge.for_, surge.ramp, side))
    if span.ramp_s > 0:
        value = value * np.clip((at - span.start_s) / span.ramp_s, 0.0, 1.0)
    return np.asarray(value)


def largest_factor(demand: Demand, span: Span) -> float:
    """No more than so many times the usual demand comes at any instant of the span."""
    level = max((level for _, level in span.course), default=span.level)
    return level * math.prod(max(surge.factor, 1.0) for surge in demand.surges)


def _level(span: Span, at: Floats, side: Side) -> Floats:
    """The level of the load at each instant; the first one also before the span."""
    if not span.course:
        return np.full(len(at), span.level)
    from_s, levels = np.array(span.course).T
    number = np.searchsorted(from_s, at, side=side) - 1
    return np.asarray(levels[np.maximum(number, 0)])


def _trapeze(at: Floats, begin: float, end: float, ramp: float, side: Side) -> Floats:
    """0 outside, 1 inside, rising and falling over ``ramp`` at both ends."""
    if ramp > 0:
        return np.clip(np.minimum((at - begin) / ramp, (end - at) / ramp), 0.0, 1.0)
    inside = (at >= begin) & (at < end) if side == "right" else (at > begin) & (at <= end)
    return inside.astype(np.float64)
