"""Repair of a roster that is short somewhere: agents are added there until nothing is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from crestline.staffing.asked import Asked
from crestline.staffing.standing import Standing
from crestline.tables import Ints

ROUNDS = 12
FIRST, GROWTH = 0.02, 1.5  # of the agents, added in the first round; and how much more in each that follows
Say = Callable[[str], None]


class Repaired(NamedTuple):
    """A roster, and how it stands."""

    ready: Ints
    standing: Standing


def repair(asked: Asked, ready: Ints, say: Say) -> Repaired:
    """Add agents where the roster is short, to the groups that lack them most; nothing where it is not."""
    for share in (FIRST * GROWTH ** np.arange(ROUNDS)).tolist():
        standing = asked.days.standing(ready)
        short = standing.short(asked.reach.wanted) | asked.missed(ready)
        if not short.any():
            break
        say(f"{short.sum()} of {len(short)} intervals short, adding agents")
        ready = asked.reach.one_more(ready, short) if asked.taught else asked.reach.more(ready, short, share)
    return Repaired(ready, standing)
