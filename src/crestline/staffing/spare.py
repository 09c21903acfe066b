"""Whom a roster could do without: every cell of it tried with one agent less, as the roster is in the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crestline.staffing.asked import Asked, ahead, turns
from crestline.tables import Bools, Ints

APART = 4  # intervals between cells that are tried in one play: what the first breaks later is not blamed on the next
AT_ONCE = 2  # intervals: its own and the next


class Spared(NamedTuple):
    """One agent less in each cell on its own, groups x intervals."""

    able: Bools  # where minimum and skills allow it
    breaks: Bools  # an objective, in that or the next interval, or the recovery that the interval is there for

    @property
    def loose(self) -> Bools:
        """Where one agent less breaks nothing."""
        return np.asarray(self.able & ~self.breaks)


def spare(asked: Asked, ready: Ints) -> Spared:
    """Try every cell of a roster, those that lie ``APART`` intervals from each other in one play."""
    rows = np.eye(len(ready), dtype=np.int64)[:, :, None] * np.ones_like(ready)
    able = np.array([asked.reach.spare(ready, one)[group] for group, one in enumerate(rows)])
    breaks = np.zeros_like(able)
    for look in (asked.short, asked.missed):
        for turn in turns(able & ~breaks, list(range(len(ready))), APART):
            breaks |= turn & ahead(look(ready - turn), AT_ONCE)
    return Spared(able, breaks)


def spare_recovery(asked: Asked, ready: Ints, spared: Spared) -> Spared:
    """Try the cells that recovery may need and nothing else does, one by one."""
    breaks = spared.breaks.copy()
    for group, interval in np.argwhere(spared.loose & asked.touches).tolist():
        fewer = ready.copy()
        fewer[group, interval] -= 1
        breaks[group, interval] = not asked.recovers(fewer)
    return spared._replace(breaks=breaks)
