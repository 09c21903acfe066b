"""The search for the fewest agents: all intervals corrected at once, then cell by cell until none can be spared.

Every roster is judged by the same customers. What an agent less does shows in its own interval and in those that
follow, not before; so cells that lie ``APART`` intervals from each other are tried in one play.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from crestline.staffing.asked import Asked, after, turns
from crestline.staffing.load import Load
from crestline.staffing.repair import repair
from crestline.staffing.spare import Spared, spare, spare_recovery
from crestline.staffing.standing import Standing
from crestline.tables import Bools, Floats, Ints

ROUNDS = 7  # of correcting all intervals at once
PASSES = 3
LOOSE = 0.08  # of the cells may be left without another look
Say = Callable[[str], None]
Look = Callable[[Ints], Standing]


@dataclass(frozen=True, eq=False)
class Found:
    """The roster that was found, and how it stands on the days it was found by."""

    ready: Ints
    standing: Standing
    need: Floats  # of ready agents, in fractions: where the tightest objective would just hold
    spared: Spared


@dataclass
class _Cells:
    """What single agents have shown, groups x intervals."""

    need: Floats
    spared: Ints  # how often in a row

    @classmethod
    def of(cls, ready: Ints) -> _Cells:
        """Nothing as yet."""
        return cls(ready.astype(np.float64), np.zeros(ready.shape, np.int64))

    @property
    def step(self) -> Ints:
        """Agents to be taken away the next time: 1, 1, 2, 4, ..."""
        return np.asarray(2 ** np.maximum(self.spared - 1, 0))


@dataclass
class Search:
    """What is known while it goes on; what is asked of a roster may grow meanwhile."""

    asked: Asked
    say: Say = lambda _: None
    ready: Ints = field(init=False)
    standing: Standing = field(init=False)
    cells: _Cells = field(init=False)

    @property
    def everywhere(self) -> Bools:
        """Every cell, groups x intervals."""
        return np.ones(self.ready.shape, np.bool_)

    def rough(self, load: Load) -> None:
        """Correct all intervals at once, then take agents away by a glimpse at some of the days."""
        self._correct(load)
        self.cells = _Cells.of(self.ready)
        self.standing = self.asked.days.glimpse(self.ready)
        self._sweeps(self.everywhere, self.asked.days.glimpse)
        self._repair()

    def raise_to(self, more: Ints) -> None:
        """Go on from a roster with more agents, and with what they bring along."""
        if not np.array_equal(more, self.ready):
            self.ready = more
            self._repair()

    def polish(self, open_: Bools) -> Found:
        """Take agents away until one less breaks something in nearly every cell, beginning with those that are open.

        Whoever goes changes a little of what comes later, everywhere; so all cells are tried again in the end, and
        those that are loose then get another look.
        """
        for number in range(1, PASSES + 1):
            if open_.any():
                self._sweeps(open_, self.asked.days.standing)
                self._repair()
            self.say("one agent less in every cell")
            spared = spare(self.asked, self.ready)
            if number == PASSES or self._few(spared.loose & ~self.asked.touches):
                spared = spare_recovery(self.asked, self.ready, spared)
            if self._few(spared.loose):
                break
            open_ = spared.loose
        return Found(self.ready, self.standing, self.cells.need, spared)

    def _few(self, loose: Bools) -> bool:
        return bool(loose.sum() <= LOOSE * loose.size)

    def _correct(self, load: Load) -> None:
        """Bisection of the safety of every interval at once."""
        days, reach = self.asked.days, self.asked.reach
        safety = np.full(days.grid.intervals, 1.5)
        low, high = np.full(days.grid.intervals, -np.inf), np.full(days.grid.intervals, np.inf)
        best = reach.at_least(load.ready(days.grid, safety + 3))
        for number in range(1, ROUNDS + 1):
            ready = reach.at_least(load.ready(days.grid, safety))
            short = days.glimpse(ready).short(reach.wanted)
            self.say(f"round {number} of all intervals at once: {short.sum()} of {len(short)} short")
            best[:, ~short] = np.where(safety < high, ready, best)[:, ~short]
            high[~short] = np.minimum(high, safety)[~short]
            own = short & ~after(short)  # whoever follows a short interval may be short for its sake
            low[own] = safety[own]
            high[own & (high <= safety)] = np.inf
            safety = _next(safety, low, high, short & ~own)
            if not _moves(reach.at_least(load.ready(days.grid, safety)), ready, best).any():
                break
        self.ready = best
        self._repair()

    def _repair(self) -> None:
        self.ready, self.standing = repair(self.asked, self.ready, self.say)

    def _sweeps(self, open_: Bools, look: Look) -> None:
        while open_.any():
            self._sweep(open_, look)
            self.say(f"fewer: {self._hours()}, {open_.sum()} of {open_.size} cells open")

    def _sweep(self, open_: Bools, look: Look) -> None:
        """Give every open cell a turn; those that can spare nobody are closed.

        Where agents could be spared more than once, more are tried the next time; where that was too much, one again.
        """
        cells = self.cells
        for turn in turns(open_, self._dearest_first()):
            step = cells.step
            cut = np.where(turn, step, 0)
            able = turn & self.asked.reach.spare(self.ready, cut)
            cut[~able] = 0
            one = step == 1
            open_ &= ~(turn & one) | able
            if able.any():
                gone, crossing = self._attempt(cut, look)
                kept = able & ~gone & one
                open_ &= ~kept
                cells.need[kept] = crossing[kept]
                cells.spared[gone] += 1
                able &= gone
            cells.spared[turn & ~able] = 0

    def _attempt(self, cut: Ints, look: Look) -> tuple[Bools, Floats]:
        """Take agents away where it breaks nothing: where they are gone, and the fractional need."""
        standing, broken = self.asked.without(self.ready, cut, look)
        less = np.where(broken, 0, cut)
        less = np.where(self.asked.late(self.ready, less), 0, less)
        crossing = self.ready - cut * (1 - _crossing(self.standing, standing, self.asked.reach.wanted))
        self.ready = self.ready - less
        return less > 0, crossing

    def _dearest_first(self) -> list[int]:
        price = self.asked.days.grid.price
        return sorted(range(len(price)), key=lambda group: (-price[group], group))

    def _hours(self) -> str:
        grid = self.asked.days.grid
        return f"{float((grid.persons(self.ready) * grid.hours).sum()):,.0f} hours on duty"


def _next(safety: Floats, low: Floats, high: Floats, unclear: Bools) -> Floats:
    """The middle of what is known, or a step beyond it; where it is unclear, a little more."""
    with np.errstate(invalid="ignore"):  # where neither side is known
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
