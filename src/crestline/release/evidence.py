"""Tests that may be looked at as often as one likes: the chance of a false alarm holds over all looks together.

``harm_in_events`` counts. A contact is the candidate's with a known chance, so that where the candidate is no worse,
an error is the candidate's with that chance at most, whatever the hour and however many contacts there are. The
likelihood ratio against chances above it, mixed over them by a beta distribution, is a supermartingale: it exceeds
1 / alpha at any time with a chance of alpha at most (Ville 1939). This is the sequential test of proportions of
Robbins (1970) as Lindon and Malek ("Anytime-valid inference for multinomial count data", NeurIPS 2022) use it for
canaries.

``Difference`` weighs means. Its bound is the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy
and Ramdas ("Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 2024): the
mixture of Robbins with the estimated variance. It asks for some contacts first.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from crestline.tables import Floats, Ints

PRIOR_EVENTS = 100.0  # the weight of the mixture around "no worse", in events
AT_LEAST = 100  # contacts of a version before the mean of a time is trusted to be normal


def harm_in_events(of_candidate: Ints, of_all: Ints, share: float) -> Floats:
    """Natural logarithm of the evidence that more than ``share`` of all such events are the candidate's.

    Of running counts, one for every look; above log(1 / alpha) at any of them is harm shown at alpha.
    """
    from scipy.special import betaln

    k, rest = of_candidate.astype(np.float64), (of_all - of_candidate).astype(np.float64)
    a, b = PRIOR_EVENTS * share, PRIOR_EVENTS * (1 - share)
    after = betaln(a + k, b + rest) + _log_above(a + k, b + rest, share)
    before = betaln(a, b) + _log_above(np.array(a), np.array(b), share)
    evidence: Floats = after - before - (k * math.log(share) + rest * math.log1p(-share))
    return evidence


def _log_above(a: Floats, b: Floats, share: float) -> Floats:
    """Logarithm of the chance that a beta variable is above ``share``; minus infinity where that is out of sight."""
    from scipy.special import betaincc

    with np.errstate(divide="ignore"):
        found: Floats = np.log(betaincc(a, b, share))
    return found


class Mean(NamedTuple):
    """Means of one version at every look: of how many contacts, and with which variance of a single one."""

    size: Floats
    mean: Floats
    variance: Floats

    @classmethod
    def of_sums(cls, size: Ints, total: Floats, squares: Floats) -> Mean:
        """From running sums of values and of their squares."""
        n = np.maximum(size, 1)
        mean = total / n
        return cls(size.astype(np.float64), mean, np.maximum(squares / n - mean**2, 0.0) * n / np.maximum(n - 1, 1))

    @classmethod
    def of_counts(cls, size: Ints, events: Ints) -> Mean:
        """A share; one event and one other more than there were keep its variance above 0 (Agresti and Caffo 2000)."""
        share = (events + 1) / (size + 2)
        return cls(size.astype(np.float64), share, share * (1 - share))


class Difference(NamedTuple):
    """Candidate less baseline at every look, and the standard error of it."""

    value: Floats
    error: Floats

    @classmethod
    def of(cls, candidate: Mean, baseline: Mean) -> Difference:
        """The difference of two means of independent contacts."""
        error = np.sqrt(
            candidate.variance / np.maximum(candidate.size, 1) + baseline.variance / np.maximum(baseline.size, 1)
        )
        return cls(candidate.mean - baseline.mean, error)


def errors_wide(contacts: Floats, alpha: float, planned: int) -> Floats:
    """How many standard errors the one-sided bound lies away; it is closest when ``planned`` contacts are there.

    At alpha it holds for all looks together.
    """
    best = -2 * math.log(alpha) + math.log(-2 * math.log(alpha)) + 1  # Waudby-Smith et al., for n = planned
    x = best * np.maximum(contacts, 1) / planned
    wide: Floats = np.sqrt(2 * (1 + 1 / x) * np.log1p(np.sqrt(1 + x) / (2 * alpha)))
    return wide
