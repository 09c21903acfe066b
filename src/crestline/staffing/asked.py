"""What is asked of a roster: every interval on the planning days, what fresh days have taught, and recovery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from crestline.staffing.days import Days
from crestline.staffing.reach import Reach
from crestline.staffing.recovery import Recovering
from crestline.staffing.standing import Standing
from crestline.tables import Bools, Ints

APART = 3  # intervals; what an agent less does is blamed on it in its own interval and in so many less one after it


@dataclass(eq=False)
class Asked:
    """What a roster has to hold. Fresh days on which one was missed belong to it from then on."""

    days: Days
    reach: Reach
    recovering: Recovering | None = None
    taught: list[Days] = field(default_factory=list)

    def recovers(self, ready: Ints) -> bool:
        """Whether recovery holds, where it is asked for."""
        return self.recovering is None or self.recovering.holds(ready)

    def short(self, ready: Ints) -> Bools:
        """The intervals in which something does not hold on the planning days."""
        return self.days.standing(ready).short(self.reach.wanted)

    def missed(self, ready: Ints) -> Bools:
        """The intervals that miss something on fresh days that were missed before."""
        missed = np.zeros(self.days.grid.intervals, np.bool_)
        for fresh in self.taught:
            missed |= fresh.standing(ready).missed(self.reach.wanted)
        return missed

    def without(self, ready: Ints, cut: Ints, look: Callable[[Ints], Standing]) -> tuple[Standing, Bools]:
        """Try a roster with fewer agents in cells that lie ``APART`` intervals from each other, but for recovery.

        Returns how it stands by ``look``, and the cells that broke something.
        """
        standing = look(ready - cut)
        short = standing.short(self.reach.wanted)
        left = np.where(ahead(short, APART), 0, cut)
        if left.any():
            short = short | self.missed(ready - left)
        return standing, np.asarray((cut > 0) & ahead(short, APART))

    def late(self, ready: Ints, cut: Ints) -> Bools:
        """The cells of a cut with which recovery does not hold, each beside those with which it does."""
        late = np.zeros(cut.shape, np.bool_)
        touching = cut * self.touches
        if not touching.any() or self.recovers(ready - cut):
            return late
        allowed = cut - touching
        for group, interval in np.argwhere(touching).tolist():
            allowed[group, interval] = cut[group, interval]
            if touching.astype(bool).sum() == 1 or not self.recovers(ready - allowed):
                late[group, interval], allowed[group, interval] = True, 0
        return late

    @property
    def touches(self) -> Bools:
        """The intervals whose agents have a part in recovery."""
        never = np.zeros(self.days.grid.intervals, np.bool_)
        return never if self.recovering is None else self.recovering.touched


def ahead(short: Bools, reach: int) -> Bools:
    """The intervals from which a short one is fewer than ``reach`` intervals ahead, itself included."""
    padded = np.concatenate((short, np.zeros(reach, np.bool_)))
    return np.asarray(np.any([padded[step : step + len(short)] for step in range(reach)], axis=0))


def after(short: Bools) -> Bools:
    """The intervals that follow a short one."""
    return np.asarray(np.concatenate(([False], short[:-1])))


def turns(open_: Bools, order: list[int], apart: int = APART) -> Iterator[Bools]:
    """Open cells in turns, groups in this order, so that those of one turn lie so many intervals from each other."""
    left = open_.copy()
    while left.any():
        turn = np.zeros(left.shape, np.bool_)
        last = -apart
        for interval in np.flatnonzero(left.any(axis=0)).tolist():
            if interval - last >= apart:
                group = next(group for group in order if left[group, interval])
                turn[group, interval] = True
                last = interval
        left &= ~turn
        yield turn
