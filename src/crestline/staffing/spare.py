"""Whom a roster could do without: every cell of it tried with one agent less, as the roster is in the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crestline.staffing.days import Days
from crestline.staffing.reach import Reach
from crestline.tables import Bools, Ints

APART = 4  # intervals between cells that are tried in one play: what the first breaks later is not blamed on the next


class Spared(NamedTuple):
    """One agent less in each cell on its own, groups x intervals."""

    able: Bools  # where minimum and skills allow it
    breaks: Bools  # an objective, in that or the next interval


def spare(days: Days, reach: Reach, ready: Ints) -> Spared:
    """Try every cell of a roster, those that lie ``APART`` intervals from each other in one play."""
    able = np.zeros(ready.shape, np.bool_)
    breaks = able.copy()
    for group in range(len(ready)):
        for first in range(APART):
            one = np.zeros_like(ready)
            one[group, first::APART] = 1
            one[~reach.spare(ready, one)] = 0
            able |= one > 0
            if one.any():
                short = days.standing(ready - one).short(reach.wanted)
                breaks |= (one > 0) & (short | np.append(short[1:], False))
    return Spared(able, breaks)
