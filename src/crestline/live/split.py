"""Customers and agents between two hosts: a share of them belongs to the one that has the new version.

Who rolls out says the share in a file of the run folder; the run reads it. A customer is the candidate's by the same
hash as at a release switch. A seat belongs to one host at a time: seats change hosts as the share does, and from a
host where nobody new comes as those who still are there are through.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from math import ceil
from pathlib import Path

from crestline.tables import Floats

FILE = "share"  # in the run folder
READ = 0.1  # real seconds between two looks at it


class Split:
    """Who belongs to the candidate's host now; ``place`` is where the customer of every row stands."""

    def __init__(self, folder: Path, place: Floats) -> None:
        self._path, self._place = folder / FILE, place
        self._share, self._read_at = 0.0, float("-inf")
        self._there: set[int] = set()  # rows that opened at the candidate's host

    @property
    def share(self) -> float:
        """The share of the customers."""
        now = time.monotonic()
        if now >= self._read_at + READ:
            self._read_at = now
            self._share = float(self._path.read_text(encoding="ascii")) if self._path.exists() else 0.0
        return self._share

    def has(self, row: int) -> bool:
        """Whether the customer of a row, who opens now, does so at the candidate's host; it is remembered."""
        if self._place[row] < self.share:
            self._there.add(row)
        else:
            self._there.discard(row)
        return row in self._there

    def seats(self, wanted: int, unsettled: Iterable[int] = ()) -> int:
        """How many of so many seats are at the candidate's host: in proportion, at least one, and one left behind.

        Where the share is all or nothing, the other host keeps as many as are its part of those who still wait or talk
        to the bot (the rows ``unsettled``), so at least one until nobody does.
        """
        share = self.share
        if 0 < share < 1:
            return min(ceil(share * wanted), max(0, wanted - 1))
        at_candidate = [row in self._there for row in unsettled]
        left = at_candidate.count(share < 1)
        stay = min(ceil(wanted * left / len(at_candidate)), max(1, wanted - 1), wanted) if left else 0
        return wanted - stay if share >= 1 else stay


def turn(folder: Path, share: float) -> None:
    """Let this share of the customers go to the candidate's host from now on."""
    waiting = folder / f".{FILE}"
    waiting.write_text(f"{share!r}\n", encoding="ascii")
    waiting.replace(folder / FILE)
