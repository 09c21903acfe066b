"""Student's t, without ``scipy.special``, whose import takes as long as twenty days of a forecast."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

WITHIN = 0.95
EXACT = 1e-12  # relative


@lru_cache(maxsize=256)
def t_quantile(freedom: int) -> float:
    """The 97.5 % point, for whole degrees of freedom: by Newton's method from the normal one, which is never above."""
    t, step = NormalDist().inv_cdf((1 + WITHIN) / 2), math.inf
    while step > EXACT * t:
        step = (WITHIN - _within(t, freedom)) / (2 * _density(t, freedom))
        t += step
    return t


def _within(t: float, freedom: int) -> float:
    """The chance to lie between -t and t (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    is_odd = freedom % 2
    term, total = cosine if is_odd else 1.0, 0.0
    for last in range(1 + is_odd, freedom, 2):
        total += term
        term *= cosine**2 * last / (last + 1)
    return 2 / math.pi * (angle + sine * total) if is_odd else sine * total


def _density(t: float, freedom: int) -> float:
    scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    return math.exp(scale - (freedom + 1) / 2 * math.log1p(t * t / freedom))
