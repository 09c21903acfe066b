"""Who calls again: the share after being abandoned and after being answered, and how long they wait before they do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crestline.fit.calls import DAY_S, Calls
from crestline.fit.estimate import Estimate, share
from crestline.tables import Bools, Floats

WITHIN_S = 3600.0
FEWEST = 100  # identified calls of one outcome
QUANTILES = (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0)
SPREAD = 40  # points of equal weight that stand for the delays


@dataclass(frozen=True, eq=False)
class Recontact:
    """How likely a customer calls again within an hour, and after which delay. Unknown customers count as the known."""

    abandoned: Estimate
    answered: Estimate
    delays_s: Floats  # observed, sorted

    @property
    def quantiles_s(self) -> dict[float, float]:
        """The delays as the scenario states them: share -> seconds."""
        return dict(zip(QUANTILES, np.quantile(self.delays_s, QUANTILES).tolist(), strict=True))

    @property
    def spread_s(self) -> Floats:
        """Points of equal weight from the stated quantiles, joined by straight lines."""
        middles = (np.arange(SPREAD) + 0.5) / SPREAD
        return np.interp(middles, QUANTILES, list(self.quantiles_s.values()))


def fit_recontact(calls: Calls, cut: Bools) -> Recontact | None:
    """From identified customers who asked for an agent and, where ``cut``, are not judged; None when too few.

    A customer's next call counts when it comes within an hour of this one's end; one that began before that end
    (a second line) counts with a delay of 0.
    """
    known = np.flatnonzero(calls.queued & (calls.customer >= 0))
    start_s = calls.day * DAY_S + calls.asked_s
    end_s = calls.day * DAY_S + calls.end_s
    known = known[np.lexsort((start_s[known], calls.customer[known]))]
    this, after = known[:-1], known[1:]
    gap_s = np.full(len(known), np.inf)
    same = calls.customer[this] == calls.customer[after]
    gap_s[:-1][same] = np.maximum(start_s[after] - end_s[this], 0.0)[same]
    judged, again, left = ~cut[known], gap_s <= WITHIN_S, calls.abandoned[known]
    after_left, after_answer = (
        share(int((again & judged & who).sum()), int((judged & who).sum())) for who in (left, ~left)
    )
    delays_s = np.sort(gap_s[again & judged])
    if min(after_left.n, after_answer.n) < FEWEST or len(delays_s) < FEWEST:
        return None
    return Recontact(after_left, after_answer, delays_s)


def returning(calls: Calls, recontact: Recontact | None) -> tuple[Floats, Floats, Floats]:
    """When the model expects the recontacts of these calls: their days, clock seconds and weights (one call = 1)."""
    if recontact is None:
        empty = np.zeros(0)
        return empty, empty, empty
    delays_s = recontact.spread_s
    chance = np.where(calls.answered, recontact.answered.value, recontact.abandoned.value)
    clock_s = (calls.end_s[:, None] + delays_s).ravel()
    weight = np.repeat(chance / len(delays_s), len(delays_s))
    return np.repeat(calls.day, len(delays_s)).astype(float), clock_s, weight
