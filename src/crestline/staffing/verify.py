"""Proof of a roster on days that had no part in finding it; where it does not hold, agents are added and it is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crestline.staffing.days import Days
from crestline.staffing.reach import Reach
from crestline.staffing.standing import Standing
from crestline.tables import Bools, Ints

FRESH = 100  # days
ROUNDS = 5  # each with days of its own
ACCEPTED = 0.05  # of the intervals: the stated risk
SHARE = 0.01  # of the agents, added where the first fresh days miss; more if others miss again; one at least
Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Verified:
    """The roster in the end, and how it stood on the last fresh days, by which nothing was decided any more."""

    ready: Ints
    seed: int
    standing: Standing
    missed: Bools  # intervals, on the last fresh days
    raised: Ints  # agents added because of fresh days, groups x intervals
    rounds: int

    @property
    def holds(self) -> bool:
        """Whether no more intervals miss than the stated risk allows."""
        return bool(self.missed.sum() <= allowed(len(self.missed)))


def allowed(intervals: int) -> int:
    """How many intervals may miss on fresh days."""
    return int(ACCEPTED * intervals)


def verify(days: Days, reach: Reach, ready: Ints, say: Say) -> Verified:
    """Play the roster on fresh days; add agents where an objective is missed, and look again on others."""
    found = ready
    for number in range(1, ROUNDS + 1):
        fresh = days.fresh(days.seed + number, FRESH)
        standing = fresh.standing(ready)
        missed = standing.missed(reach.wanted)
        say(f"fresh days of seed {fresh.seed}: {len(missed) - missed.sum()} of {len(missed)} intervals hold")
        if not missed.any() or number == ROUNDS:
            break
        ready = reach.more(ready, missed, SHARE * number)
    return Verified(ready, fresh.seed, standing, missed, ready - found, number)
