"""Instants in order, and how many of them lie before others: ``numpy.searchsorted``, several times as fast."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from crestline.tables import Floats, Ints

CELLS_A_MARK = 2  # so that marks at even distances never share a cell
MOST_CELLS = 64  # for each mark; marks may be far closer in one part than in another
CROWDED = 6  # marks in one cell from which on halving is faster than going on one by one


class Marks:
    """Instants in order. Time is cut into even cells, so that only marks of the same cell have to be compared.

    What never happens (NaN, infinity) lies behind all marks.
    """

    def __init__(self, at_s: Floats) -> None:
        self.at_s = at_s
        self._or_none = np.append(at_s, np.nan)
        self._first_s = float(at_s[0]) if len(at_s) else 0.0
        self._cells_per_s = _cells_per_s(at_s)
        self._beyond = np.inf
        in_cell = np.bincount(self._cell(at_s))
        self._beyond = float(len(in_cell))
        self._in_earlier_cells = np.concatenate(([0], np.cumsum(in_cell)))
        self._most = int(in_cell.max(initial=0))

    def __len__(self) -> int:
        return len(self.at_s)

    def before(self, instants_s: Floats) -> Ints:
        """How many marks lie before each instant; so many is also the number of the first mark at or after it."""
        return self._count(instants_s, np.less, "left")

    def upto(self, instants_s: Floats) -> Ints:
        """How many marks lie before or at each instant."""
        return self._count(instants_s, np.less_equal, "right")

    def _count(self, instants_s: Floats, passed: Callable[..., Any], side: Any) -> Ints:
        if self._most > CROWDED:
            return np.searchsorted(self.at_s, instants_s, side=side)
        count = self._in_earlier_cells[self._cell(instants_s)]
        for _ in range(self._most):
            count += passed(self._or_none[count], instants_s)
        return count

    def _cell(self, instants_s: Floats) -> Ints:
        """Numbers that never fall as instants rise, whatever the rounding; the marks' own are in order, too."""
        cell = instants_s - self._first_s
        cell *= self._cells_per_s
        np.fmin(cell, self._beyond, out=cell)
        return np.fmax(cell, 0.0, out=cell).astype(np.intp)


def marks_at(at_s: Floats) -> Marks:
    """These instants as marks; made once, as the days of a forecast have the same ones."""
    return _marks(at_s.tobytes())


@lru_cache(maxsize=16)
def _marks(at_s: bytes) -> Marks:
    return Marks(np.frombuffer(at_s))


def _cells_per_s(at_s: Floats) -> float:
    """So that the usual distance between two marks is more than a cell."""
    distances = np.sort(np.diff(at_s))
    distances = distances[distances > 0]
    if not len(distances):
        return 1.0  # any will do
    wanted = CELLS_A_MARK / float(distances[len(distances) // 2])
    return min(wanted, MOST_CELLS * len(at_s) / float(distances.sum()))
