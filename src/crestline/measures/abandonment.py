"""Who leaves without an answer: from an agent queue, or before any."""

from __future__ import annotations

from typing import Self

from crestline.measures import intervals as interval_of
from crestline.measures.response import entered_queue
from crestline.measures.values import Value
from crestline.tables import Outcome, Outcomes


class Abandonment:
    """A fold: ``abandonment`` of those who entered an agent queue, ``abandonment_triage`` of all contacts."""

    def __init__(self) -> None:
        self.contacts, self.queued = 0, 0
        self.left_queue, self.left_triage = 0, 0

    def add(self, chunk: Outcomes) -> None:
        """Count these contacts."""
        queued = entered_queue(chunk)
        left = chunk.outcome == Outcome.ABANDONED
        self.contacts += len(chunk)
        self.queued += int(queued.sum())
        self.left_queue += int((left & queued).sum())
        self.left_triage += int((left & ~queued).sum())

    def merge(self, other: Self) -> None:
        """Count everything that ``other`` has counted."""
        self.contacts += other.contacts
        self.queued += other.queued
        self.left_queue += other.left_queue
        self.left_triage += other.left_triage

    def result(self, *, intervals: bool = True) -> dict[str, Value]:
        """The two shares."""
        return {
            "abandonment": interval_of.share(self.left_queue, self.queued, intervals=intervals),
            "abandonment_triage": interval_of.share(self.left_triage, self.contacts, intervals=intervals),
        }
