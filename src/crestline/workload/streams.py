"""Random numbers: one for every (seed, replication, column, customer, attempt), each found without any other.

The generator is SplitMix64 (Steele, Lea and Flood 2014), whose n-th number is a hash of its start and of n. Here the
seed, the replication and the column's name make the start, customer and attempt make n. So a new column, another
value in the scenario, more or fewer rows and another way of cutting the work into pieces change no number.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Self

import numpy as np
from numpy.typing import NDArray

from crestline.tables import Floats, Ints

Bits = NDArray[np.uint64]

STEP = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, odd: n x STEP passes through all numbers of 64 bits
ONE = np.float64(1).view(np.uint64)  # the bits of 1.0, whose last 52 are 0
ATTEMPT = 40  # n = attempt x 2^40 + customer


@dataclass(frozen=True, eq=False)
class Draws:
    """Standard random numbers by column, one per row; ``place`` is n x STEP of every row."""

    seed: int
    replication: int
    place: Bits

    @classmethod
    def at(cls, seed: int, replication: int, customer: Ints, attempt: Ints | int = 0) -> Self:
        """The rows of these attempts of these customers."""
        number = np.asarray(attempt).astype(np.uint64)
        number <<= np.uint64(ATTEMPT)
        place = number + customer.astype(np.uint64)
        place *= STEP
        return cls(seed, replication, place)

    def of(self, rows: Ints) -> Self:
        """Some of the rows, by index; they keep their numbers."""
        return replace(self, place=self.place[rows])

    def __len__(self) -> int:
        return len(self.place)

    def uniform(self, column: str) -> Floats:
        """Uniform between 0 and 1, without both."""
        bits = self._bits(column)
        bits >>= np.uint64(12)
        bits |= ONE
        number = bits.view(np.float64)  # from 1 to 2, in steps of 2^-52
        number -= 1 - 2.0**-53
        return number

    def exponential(self, column: str) -> Floats:
        """Exponential with mean 1."""
        drawn = self.uniform(column)
        np.log(drawn, out=drawn)
        return np.negative(drawn, out=drawn)

    def normal(self, column: str) -> NDArray[np.float32]:
        """Normal with mean 0 and standard deviation 1 (Box and Muller 1958), in single precision."""
        bits = self._bits(column).view(np.int64)
        angle = bits.astype(np.float32)
        angle *= math.pi * 2.0**-63
        np.cos(angle, out=angle)
        bits &= 0xFFFFFFFF
        radius = bits.astype(np.float32)
        radius += 0.5
        radius *= 2.0**-32
        np.log(radius, out=radius)
        radius *= -2.0
        np.sqrt(radius, out=radius)
        radius *= angle
        return radius

    def gamma(self, shape: float, column: str) -> Floats:
        """Gamma with the given shape and scale 1 (Marsaglia and Tsang 2000): proposed again until accepted."""
        if shape < 1:
            return np.asarray(self.gamma(shape + 1, column) * self.uniform(f"{column} root") ** (1 / shape))
        d = shape - 1 / 3
        made, missing = np.empty(len(self)), np.arange(len(self))
        for attempt in itertools.count():
            draws = self.of(missing)
            x = draws.normal(f"{column} {attempt}").astype(np.float64)
            v = np.maximum(1 + x / math.sqrt(9 * d), 0.0) ** 3
            with np.errstate(divide="ignore"):
                accepted = np.log(draws.uniform(f"{column} {attempt} accept")) < x**2 / 2 + d * (1 - v + np.log(v))
            made[missing[accepted]] = d * v[accepted]
            missing = missing[~accepted]
            if not len(missing):
                break
        return made

    def _bits(self, column: str) -> Bits:
        """64 random bits per row."""
        name = f"{self.seed} {self.replication} {column}".encode()
        bits = self.place + np.uint64(int.from_bytes(blake2b(name, digest_size=8).digest(), "little"))
        bits ^= bits >> np.uint64(30)
        bits *= np.uint64(0xBF58476D1CE4E5B9)
        bits ^= bits >> np.uint64(27)
        bits *= np.uint64(0x94D049BB133111EB)
        bits ^= bits >> np.uint64(31)
        return bits
