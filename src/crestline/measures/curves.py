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
    return ordered[np.minimum((SHARES * len(ordered)).astype(np.int64), len(ordered) - 1)]


def backlog(outcomes: Outcomes, at_s: Floats) -> Floats:
    """Contacts that wait for an agent at each instant: queued, and neither claimed nor gone."""
    queued = outcomes.take(~np.isnan(outcomes.queued_s))
    until = np.fmin(np.where(np.isnan(queued.claimed_s), np.inf, queued.claimed_s), queued.ended_s)
    until = np.where(np.isnan(until), np.inf, until)
    entered = np.searchsorted(np.sort(queued.queued_s), at_s, side="right")
    gone = np.searchsorted(np.sort(until), at_s, side="right")
    return (entered - gone).astype(np.float64)
