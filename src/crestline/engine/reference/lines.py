"""Lines of waiting contacts."""

from __future__ import annotations

import heapq

import simpy

from crestline.engine.reference.clock import Clock


class Line:
    """Contacts that wait, first by the instant from which they count, then by row.

    Who leaves early is only marked as gone; the entry is dropped when it comes to the front.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.waiting: dict[int, simpy.Event] = {}
        self._order: list[tuple[float, int]] = []

    def __len__(self) -> int:
        return len(self.waiting)

    def join(self, row: int, since_s: float) -> simpy.Event:
        """Wait in line; the event happens when the wait is over and says why."""
        heapq.heappush(self._order, (since_s, row))
        self.waiting[row] = self.clock.event()
        return self.waiting[row]

    def first(self) -> tuple[float, int] | None:
        """Since when the first in line has waited, and its row."""
        while self._order and self._order[0][1] not in self.waiting:
            heapq.heappop(self._order)
        return self._order[0] if self._order else None

    def call(self, row: int, word: object) -> None:
        """End the wait of one contact: it goes on with ``word``."""
        self.waiting.pop(row).succeed(word)
