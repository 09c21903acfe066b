"""Curves for figures: shares answered against time, and contacts waiting over time."""

from __future__ import annotations

import numpy as np

from crestline.measures.response import first_response_s
from crestline.tables import Floats, Outcomes

# From the fastest to the slowest, denser in the tail; p of the share answered within.
SHARES = np.round(np.concatenate((np.linspace(0.02, 0.9, 45), 1 - np.geomspace(0.09, 0.001, 40))), 5)


def frt_curve(outcomes: Outcomes) -> Floats:
    """First response time in seconds within which each of ``SHARES`` was answered; inf where it never was."""
    if len(outcomes) == 0:
        return np.full(len(SHARES), np.nan)
    ordered = np.sort(first_response_s(outcomes))
    return np.asarray(ordered[np.ceil(SHARES * len(ordered)).astype(np.int64) - 1])


def backlog(outcomes: Outcomes, at_s: Floats) -> Floats:
    """Contacts that wait for an agent at each instant, again after a transfer, too."""
    queued = outcomes.take(~np.isnan(outcomes.queued_s))
    passed = queued.take(~np.isnan(queued.passed_s))
    joined = np.concatenate((queued.queued_s, passed.passed_s))
    left = np.concatenate((np.where(np.isnan(queued.claimed_s), queued.ended_s, queued.claimed_s), passed.served_s))
    left = np.where(np.isnan(left), np.inf, left)
    waiting = np.searchsorted(np.sort(joined), at_s, side="right") - np.searchsorted(np.sort(left), at_s, side="right")
    return waiting.astype(np.float64)
