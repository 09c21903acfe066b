"""Level x time of a step function between edges, row by row or piece by piece."""

from __future__ import annotations

import numpy as np

from crestline.tables import Floats, Ints


class Area:
    """A fold over the steps of a level, in order of time; the last one lasts."""

    def __init__(self, edges_s: Floats) -> None:
        self._edges_s = edges_s
        self._upto = np.zeros(len(edges_s))  # the area from the first step to each edge
        self._passed = 0  # edges up to which no step can come any more
        self._last_s = np.zeros(0)
        self.level: Ints = np.zeros(0, np.int32)  # the last one, if there was any
        self._so_far = 0.0

    def add(self, time_s: Floats, level: Ints) -> None:
        """Follow these steps."""
        if not len(time_s):
            return
        if len(self._last_s):
            time_s = np.concatenate((self._last_s, time_s))
            level = np.concatenate((self.level, level))
        so_far = np.empty(len(time_s))
        so_far[0] = self._so_far
        np.subtract(time_s[1:], time_s[:-1], out=so_far[1:])
        so_far[1:] *= level[:-1]
        np.cumsum(so_far, out=so_far)
        passed = int(np.searchsorted(self._edges_s, time_s[-1]))
        self._see(slice(self._passed, passed), time_s, level, so_far)
        self._passed, self._last_s, self.level = passed, time_s[-1:], level[-1:]
        self._so_far = float(so_far[-1])

    def between(self) -> Floats:
        """The area between each two neighbouring edges."""
        if len(self._last_s):
            self._see(slice(self._passed, None), self._last_s, self.level, np.array([self._so_far]))
        return np.diff(self._upto)

    def _see(self, which: slice, time_s: Floats, level: Ints, so_far: Floats) -> None:
        edges = self._edges_s[which]
        row = np.maximum(np.searchsorted(time_s, edges, side="right") - 1, 0)
        self._upto[which] = so_far[row] + level[row] * np.maximum(edges - time_s[row], 0.0)
