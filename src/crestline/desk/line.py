"""One line of waiting contacts: first come first served by (time, row), whoever leaves it from the middle."""

from __future__ import annotations

import heapq

from crestline.desk.dispatch import Waiting


class Line:
    """Contacts that wait; one that comes back stands at its old place."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, int]] = []
        self._waiting: dict[int, Waiting] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, contact: Waiting) -> None:
        """Stand in line at the place of (time, row)."""
        self._waiting[contact.conversation] = contact
        heapq.heappush(self._heap, (contact.queued_at, contact.row, contact.conversation))

    def remove(self, conversation: int) -> bool:
        """Leave the line; whether it was in it."""
        return self._waiting.pop(conversation, None) is not None

    @property
    def head(self) -> Waiting | None:
        """Who is first."""
        while self._heap and self._heap[0][2] not in self._waiting:
            heapq.heappop(self._heap)
        return self._waiting[self._heap[0][2]] if self._heap else None
