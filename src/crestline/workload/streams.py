"""Named streams of random numbers: one for every (seed, replication, column, attempt, block of rows).

A stream of its own for every column and block means that a new column, another value in the scenario or another
way of cutting the work into pieces changes no other number.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np

from crestline.tables import Floats

BLOCK = 65_536  # rows per stream


def stream(seed: int, replication: int, column: str, attempt: int = 0, block: int = 0) -> np.random.Generator:
    """The stream of one block of one column."""
    name = zlib.crc32(column.encode())
    return np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, replication, name, attempt, block))))


class Draws:
    """Standard random numbers for ``rows`` customers of one replication, by column and attempt."""

    def __init__(self, seed: int, replication: int, rows: int) -> None:
        self.seed, self.replication, self.rows = seed, replication, rows

    def uniform(self, column: str, attempt: int = 0) -> Floats:
        """Uniform on [0, 1)."""
        return self._blocks(column, attempt, lambda stream, count: stream.random(count))

    def normal(self, column: str, attempt: int = 0) -> Floats:
        """Normal with mean 0 and standard deviation 1."""
        return self._blocks(column, attempt, lambda stream, count: stream.standard_normal(count))

    def exponential(self, column: str, attempt: int = 0) -> Floats:
        """Exponential with mean 1."""
        return self._blocks(column, attempt, lambda stream, count: stream.standard_exponential(count))

    def gamma(self, shape: float, column: str, attempt: int = 0) -> Floats:
        """Gamma with the given shape and scale 1."""
        return self._blocks(column, attempt, lambda stream, count: stream.standard_gamma(shape, count))

    def _blocks(self, column: str, attempt: int, draw: Callable[[np.random.Generator, int], Floats]) -> Floats:
        parts = [
            draw(stream(self.seed, self.replication, column, attempt, block), min(BLOCK, self.rows - block * BLOCK))
            for block in range(-(-self.rows // BLOCK))
        ]
        return np.concatenate(parts) if parts else np.empty(0)
