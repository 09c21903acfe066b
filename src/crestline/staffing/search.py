"""The search for the fewest agents: all intervals corrected at once, then cell by cell until none can be spared.

Every roster is judged by the same customers. What an agent less does shows in its own interval and in those that
follow, not before; so cells that lie ``APART`` intervals from each other are tried in one play.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from crestline.staffing.days import Days
from crestline.staffing.load import Load
from crestline.staffing.reach import Reach
from crestline.staffing.repair import repair
from crestline.staffing.standing import Standing
from crestline.tables import Bools, Floats, Ints

APART = 3  # intervals; what an agent less does is blamed on it in its own interval and in so many less one after it
ROUNDS = 7  # of correcting all intervals at once
PASSES = 3
LOOSE = 0.1  # of the cells may be left without a second look
Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Found:
    """The roster that was found, and how it stands on the days it was found by."""

    ready: Ints
    standing: Standing
    need: Floats  # of ready agents, in fractions: where the tightest objective would just hold
    tight: Bools  # one agent less breaks an objective in that or the next interval, groups x intervals
    tried: Bools  # an agent could be taken away, as far as minimum and skills allow


@dataclass
class _Cells:
    """What single agents have shown, groups x intervals."""

    need: Floats
    tight: Bools
    tried: Bools
    spared: Ints  # how often in a row

    @classmethod
    def of(cls, ready: Ints) -> _Cells:
        """Nothing as yet."""
        never = np.zeros(ready.shape, np.bool_)
        return cls(ready.astype(np.float64), never, never.copy(), np.zeros(ready.shape, np.int64))

    def forget(self, which: Bools) -> None:
        """What was seen where the roster has changed since."""
        self.tight[which] = False
        self.tried[which] = True
        self.spared[which] = 0

    @property
    def step(self) -> Ints:
        """Agents to be taken away the next time: 1, 1, 2, 4, ..."""
        return np.asarray(2 ** np.maximum(self.spared - 1, 0))

    @property
    def loose(self) -> Bools:
        """Where an agent could be taken away, as far as is known, though not at once."""
        return self.tried & ~self.tight


def search(days: Days, reach: Reach, load: Load, say: Say = lambda _: None) -> Found:
    """The fewest agents with which every interval holds all that it can hold, as far as single agents go."""
    return _Search(days, reach, say).run(load)


@dataclass
class _Search:
    """What is known while it goes on."""

    days: Days
    reach: Reach
    say: Say
    ready: Ints = field(init=False)
    standing: Standing = field(init=False)

    def run(self, load: Load) -> Found:
        """Correct all intervals at once, then polish."""
        self._correct(load)
        self._repair()
        cells = self._polish()
        return Found(self.ready, self.standing, cells.need, cells.tight, cells.tried)

    def _short(self, ready: Ints) -> tuple[Standing, Bools]:
        standing = self.days.standing(ready)
        return standing, standing.short(self.reach.wanted)

    def _correct(self, load: Load) -> None:
        """Bisection of the safety of every interval at once."""
        grid = self.days.grid
        safety = np.full(grid.intervals, 1.5)
        low, high = np.full(grid.intervals, -np.inf), np.full(grid.intervals, np.inf)
        best = self.reach.at_least(load.ready(grid, safety + 3))
        for number in range(1, ROUNDS + 1):
            ready = self.reach.at_least(load.ready(grid, safety))
            short = self.days.glimpse(ready).short(self.reach.wanted)
            self.say(f"round {number} of all intervals at once: {short.sum()} of {len(short)} short")
            best[:, ~short] = np.where(safety < high, ready, best)[:, ~short]
            high[~short] = np.minimum(high, safety)[~short]
            own = short & ~_after(short)  # whoever follows a short interval may be short for its sake
            low[own] = safety[own]
            high[own & (high <= safety)] = np.inf
            safety = _next(safety, low, high, short & ~own)
            if not _moves(self.reach.at_least(load.ready(grid, safety)), ready, best).any():
                break
        self.ready = best

    def _repair(self) -> None:
        self.ready, self.standing = repair(self.days, self.reach, self.ready, self.say)

    def _polish(self) -> _Cells:
        """Take agents away until one less was tried in vain in every cell; what is left loose gets a second look."""
        cells = _Cells.of(self.ready)
        open_, seen_twice = np.ones(self.ready.shape, np.bool_), np.zeros(self.ready.shape, np.bool_)
        for _ in range(PASSES):
            while open_.any():
                self._sweep(open_, cells)
                self.say(f"fewer: {self._hours()}, {open_.sum()} of {open_.size} cells open")
            before = self.ready
            self._repair()
            cells.forget(self.ready != before)
            open_ = cells.loose & ~seen_twice & (cells.loose.sum() > LOOSE * cells.tried.sum())
            seen_twice |= open_
        return cells

    def _sweep(self, open_: Bools, cells: _Cells) -> None:
        """Give every open cell a turn; those that can spare nobody are closed.

        Where agents could be spared more than once, more are tried the next time; where that was too much, one again.
        """
        for turn in self._turns(open_):
            step = cells.step
            cut = np.where(turn, step, 0)
            able = turn & self.reach.spare(self.ready, cut)
            cut[~able] = 0
            one = step == 1
            open_ &= ~(turn & one) | able
            cells.tried = np.where(turn & one, able, cells.tried)
            if able.any():
                gone, broke, crossing = self._attempt(cut, reach=APART)
                kept = able & ~gone & one
                open_ &= ~kept
                cells.tight[kept], cells.need[kept] = broke[kept], crossing[kept]
                cells.spared[gone] += 1
                able &= gone
            cells.spared[turn & ~able] = 0

    def _attempt(self, cut: Ints, *, reach: int) -> tuple[Bools, Bools, Floats]:
        """Take agents away where it breaks nothing within ``reach`` intervals; cuts lie that far from each other.

        Returns where they are gone, where it broke that or the next interval, and the fractional need.
        """
        standing, short = self._short(self.ready - cut)
        gone = (cut > 0) & ~_ahead(short, reach)
        crossing = self.ready - cut * (1 - _crossing(self.standing, standing, self.reach.wanted))
        self.ready = self.ready - np.where(gone, cut, 0)
        return gone, (cut > 0) & _ahead(short, 2), crossing

    def _dearest_first(self) -> list[int]:
        price = self.days.grid.price
        return sorted(range(len(price)), key=lambda group: (-price[group], group))

    def _turns(self, open_: Bools) -> Iterator[Bools]:
        """Open cells in turns, so that those of one turn lie ``APART`` intervals from each other."""
        left = open_.copy()
        while left.any():
            turn = np.zeros(left.shape, np.bool_)
            last = -APART
            for interval in np.flatnonzero(left.any(axis=0)).tolist():
                if interval - last >= APART:
                    group = next(group for group in self._dearest_first() if left[group, interval])
                    turn[group, interval] = True
                    last = interval
            left &= ~turn
            yield turn

    def _hours(self) -> str:
        hours = float((self.days.grid.persons(self.ready) * self.days.grid.hours).sum())
        return f"{hours:,.0f} hours on duty"


def _after(short: Bools) -> Bools:
    """The intervals that follow a short one."""
    return np.asarray(np.concatenate(([False], short[:-1])))


def _ahead(short: Bools, reach: int) -> Bools:
    """The intervals from which a short one is fewer than ``reach`` intervals ahead, itself included."""
    padded = np.concatenate((short, np.zeros(reach, np.bool_)))
    return np.asarray(np.any([padded[step : step + len(short)] for step in range(reach)], axis=0))


def _next(safety: Floats, low: Floats, high: Floats, unclear: Bools) -> Floats:
    """The middle of what is known, or a step beyond it; where it is unclear, a little more."""
    middle = np.where(np.isinf(low), high - 0.75, np.where(np.isinf(high), low + 1.0, (low + high) / 2))
    return np.asarray(np.where(unclear, np.minimum(safety + 0.25, high), middle))


def _moves(ready: Ints, last: Ints, best: Ints) -> Bools:
    """Where the next round would try something that has not been tried."""
    return np.asarray(np.any((ready != last) & (ready != best), axis=0))


def _crossing(before: Standing, after: Standing, wanted: Bools) -> Floats:
    """How far from the number tried in vain towards the number kept the tightest margin would be nothing, 0 to 1."""
    worst_before, worst_after = (np.where(wanted, s.margin, np.inf) for s in (before, after))
    tightest = worst_after.argmin(axis=0)[None]
    high, low = (np.take_along_axis(m, tightest, 0)[0] for m in (worst_before, worst_after))
    later = np.append(low[1:], np.inf) < low
    high, low = (np.where(later, np.append(m[1:], np.inf), m) for m in (high, low))
    sound = np.isfinite(high) & np.isfinite(low) & (high > low) & (low < 0)
    rise = np.subtract(high, low, out=np.ones(len(low)), where=sound)
    return np.asarray(np.clip(np.where(sound, -low / rise, 1.0), 0.0, 1.0))
