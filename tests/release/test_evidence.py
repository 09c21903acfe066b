"""The tests behind a gray release: how often they are wrong, and how soon they are right."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from crestline.release.evidence import PRIOR_EVENTS, Difference, Mean, errors_wide, harm_in_events

ALPHA = 0.05


@pytest.mark.parametrize(("mine", "all_events", "share"), [(3, 20, 0.1), (70, 100, 0.5), (9, 500, 0.01)])
def test_evidence_is_the_mixed_likelihood_ratio(mine: int, all_events: int, share: float) -> None:
    """The closed form is the integral over chances above the share, weighed by the prior."""
    a, b = PRIOR_EVENTS * share, PRIOR_EVENTS * (1 - share)
    prior = stats.beta(a, b)

    def ratio(q: float) -> float:
        likelihood = stats.binom.pmf(mine, all_events, q) / stats.binom.pmf(mine, all_events, share)
        return float(likelihood * prior.pdf(q) / prior.sf(share))

    expected, _ = integrate.quad(ratio, share, 1, points=[min(0.99, 2 * share)], limit=200)
    found = harm_in_events(np.array([mine]), np.array([all_events]), share)
    assert found[0] == pytest.approx(math.log(expected), rel=1e-6)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_looking_after_every_event_keeps_false_alarms_below_alpha(share: float) -> None:
    """Of 500 candidates that are no worse, at most alpha are ever found guilty in 800 events, within chance."""
    mine = np.cumsum(np.random.default_rng(5).random((500, 800)) < share, axis=1, dtype=np.int64)
    evidence = harm_in_events(mine, np.broadcast_to(np.arange(1, 801), mine.shape), share)
    alarms = int((evidence.max(axis=1) >= -math.log(ALPHA)).sum())
    assert alarms <= stats.binom.ppf(0.999, 500, ALPHA)


def test_a_candidate_that_is_better_is_never_found_guilty() -> None:
    """No events of its own are evidence against harm."""
    assert harm_in_events(np.array([0, 0]), np.array([10, 100_000]), 0.5).max() < 0


def test_looking_at_a_mean_after_every_contact_keeps_false_alarms_below_alpha() -> None:
    """Skewed times that are alike in both versions: the bound is crossed at any look in at most alpha of 1,000."""
    times = np.random.default_rng(6).exponential(10.0, (2, 1000, 1500))
    size = np.broadcast_to(np.arange(1, 1501), times[0].shape)
    old, new = (Mean.of_sums(size, each.cumsum(axis=1), (each**2).cumsum(axis=1)) for each in times)
    difference = Difference.of(new, old)
    crossed = difference.value > errors_wide(new.size, ALPHA, 400) * difference.error
    assert int(crossed[:, 100:].any(axis=1).sum()) <= stats.binom.ppf(0.999, 1000, ALPHA)


def test_the_bound_is_wider_than_that_of_one_look() -> None:
    """Looking all the time costs something, and less than half as much again where it was planned for."""
    one_look = stats.norm.isf(ALPHA)
    wide = errors_wide(np.array([100.0, 400.0, 4000.0]), ALPHA, 400)
    assert (wide > one_look).all()
    assert wide[1] < 1.7 * one_look
