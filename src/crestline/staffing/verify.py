"""Proof of a roster on days that had no part in finding it; where it does not hold, agents are added and it is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crestline.staffing.search import Found, Search
from crestline.staffing.standing import Standing
from crestline.tables import Bools, Ints

FRESH = 100  # days
ROUNDS = 5  # each with days of its own
ACCEPTED = 0.05  # of the intervals: the stated risk
Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Verified:
    """How the roster in the end stood on the last fresh days, by which nothing was decided any more."""

    found: Found
    seed: int
    standing: Standing
    missed: Bools  # intervals, on the last fresh days
    raised: Ints  # agents added because of fresh days, groups x intervals
    for_recovery: Ints  # and for recovery alone
    rounds: int

    @property
    def holds(self) -> bool:
        """Whether no more intervals miss than the stated risk allows."""
        return bool(self.missed.sum() <= allowed(len(self.missed)))


def allowed(intervals: int) -> int:
    """How many intervals may miss on fresh days."""
    return int(ACCEPTED * intervals)


def verify(search: Search, say: Say) -> Verified:
    """Play the roster on fresh days until no more intervals miss than may, and see to its recovery before each time.

    Fresh days that were missed are asked of a roster from then on: agents are added, and others are the proof.
    """
    asked, rough = search.asked, search.ready
    raised, for_recovery = np.zeros_like(rough), np.zeros_like(rough)
    for number in range(1, ROUNDS + 1):
        if asked.recovering is not None:
            before = search.ready
            search.raise_to(asked.recovering.restore(asked.reach, before, say))
            for_recovery = np.maximum(for_recovery, search.ready - before)
        found = search.polish(search.everywhere & (~asked.touches if number == 1 else False))
        fresh = asked.days.fresh(asked.days.seed + number, FRESH)
        standing = fresh.standing(found.ready)
        missed = standing.missed(asked.reach.wanted)
        say(f"fresh days of seed {fresh.seed}: {len(missed) - missed.sum()} of {len(missed)} intervals hold")
        if missed.sum() <= allowed(len(missed)) or number == ROUNDS:
            break
        asked.taught.append(fresh)
        search.raise_to(asked.reach.one_more(search.ready, missed))
        raised = np.maximum(raised, search.ready - found.ready)
    still = np.maximum(found.ready - rough, 0)
    return Verified(
        found, fresh.seed, standing, missed, np.minimum(raised, still), np.minimum(for_recovery, still), number
    )
