"""Find outages at the door: callers keep coming and nobody gets through. They are cut out of every estimate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from crestline.fit.calls import Calls
from crestline.fit.day_type import DayType
from crestline.tables import Bools, Floats, Ints

STEP_S = 300.0
SHORTEST_S = 900.0
IMPROBABLE = 1e-9  # chance of so few getting through on a usual day, above which it is no outage
UNUSUAL = 0.25  # below this share of the usual, too few get through


class Outage(NamedTuple):
    """One outage: clock seconds from which and until which nobody got through, and what the callers did."""

    day: int
    start_s: float
    end_s: float
    cut_until_s: float  # the end of the storm of calls that follows
    calls: int
    through: int
    per_h: float
    before_per_h: float  # in the hour before
    usual_per_h: float  # at that time of other dates

    def overlaps(self, day: int, start_s: float, end_s: float) -> bool:
        """Whether it falls into this part of this day."""
        return day == self.day and self.start_s < end_s and start_s < self.cut_until_s

    def cuts(self, calls: Calls, lead_s: float = 0.0) -> Bools:
        """Which calls came in the outage, in the storm after it, or up to ``lead_s`` before."""
        inside = (calls.asked_s >= self.start_s - lead_s) & (calls.asked_s < self.cut_until_s)
        return np.asarray((calls.day == self.day) & inside, dtype=np.bool_)


class _Grid(NamedTuple):
    """Calls and those who got through per date and five minutes of the opening hours."""

    came: Ints
    through: Ints

    @property
    def usual_share(self) -> Floats:
        """Share that gets through at that time of day, over all dates; the median keeps outages out."""
        smooth = np.ones(6)
        came = np.apply_along_axis(np.convolve, 1, self.came, smooth, mode="same")
        through = np.apply_along_axis(np.convolve, 1, self.through, smooth, mode="same")
        shares = np.where(came > 0, through / np.maximum(came, 1), np.nan)
        # a time of day at which no date has calls has no usual share: nothing is unusual there
        known = ~np.isnan(shares).all(axis=0)
        return np.where(known, np.nanmedian(np.where(known, shares, 0.0), axis=0), 0.0)


def find_outages(calls: Calls, day_type: DayType, through: Bools) -> tuple[Outage, ...]:
    """Outages on the fitted dates. ``through`` tells who got through: to the queue, else to an agent."""
    grid = _count(calls, day_type, through)
    share = grid.usual_share
    found = []
    for row, day in enumerate(day_type.days):
        for first, last in _runs(grid.came[row], grid.through[row], share):
            if _is_outage(grid.came[row, first:last], grid.through[row, first:last], share[first:last]):
                found.append(_describe(grid, row, day, first, last, day_type.opens_s))
    return tuple(found)


def cut_out(calls: Calls, outages: Sequence[Outage], lead_s: float = 0.0) -> Bools:
    """Which calls no estimate may see."""
    cut = np.zeros(len(calls), dtype=np.bool_)
    for outage in outages:
        cut |= outage.cuts(calls, lead_s)
    return cut


def _count(calls: Calls, day_type: DayType, through: Bools) -> _Grid:
    steps = round((day_type.closes_s - day_type.opens_s) / STEP_S)
    shape = (len(day_type.days), steps)
    ours = day_type.of(calls)
    row = np.searchsorted(day_type.days, calls.day[ours])
    step = ((calls.asked_s[ours] - day_type.opens_s) // STEP_S).astype(int)
    came, got = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    np.add.at(came, (row, step), 1)
    np.add.at(got, (row, step), through[ours])
    return _Grid(came, got)


def _runs(came: Ints, through: Ints, share: Floats) -> Iterator[tuple[int, int]]:
    """Stretches of steps in which too few get through; steps without calls do not end a stretch."""
    bad = (came > 0) & (through < UNUSUAL * share * came)
    first = last = None
    for step in range(len(came)):
        if bad[step]:
            first = step if first is None else first
            last = step + 1
        elif came[step] > 0 and first is not None and last is not None:
            yield first, last
            first = last = None
    if first is not None and last is not None:
        yield first, last


def _is_outage(came: Ints, through: Ints, share: Floats) -> bool:
    """Whether a stretch is long enough, and so few getting through would be a wonder on a usual day."""
    from scipy.stats import binom

    if len(came) * STEP_S < SHORTEST_S:
        return False
    expected = float((came * share).sum() / came.sum())
    return bool(binom.cdf(int(through.sum()), int(came.sum()), expected) < IMPROBABLE)


def _describe(grid: _Grid, row: int, day: int, first: int, last: int, opens_s: float) -> Outage:
    """The outage with its rates, and how long the callers who come back make a storm of it."""
    from scipy.stats import poisson

    others = np.delete(grid.came, row, axis=0) if len(grid.came) > 1 else grid.came
    usual = others.mean(axis=0)
    quiet = last
    while quiet < grid.came.shape[1] and grid.came[row, quiet] > poisson.ppf(0.9999, usual[quiet]):
        quiet += 1
    per_h = 3600.0 / STEP_S
    hour = grid.came[row, max(0, first - int(per_h)) : first]
    return Outage(
        day=day,
        start_s=opens_s + first * STEP_S,
        end_s=opens_s + last * STEP_S,
        cut_until_s=opens_s + quiet * STEP_S,
        calls=int(grid.came[row, first:last].sum()),
        through=int(grid.through[row, first:last].sum()),
        per_h=float(grid.came[row, first:last].mean()) * per_h,
        before_per_h=float(hour.mean()) * per_h if len(hour) else 0.0,
        usual_per_h=float(usual[first:last].mean()) * per_h,
    )
