"""Targets and harnesses of which a drill must not say that anything was met."""

from __future__ import annotations

import time

from crestline.live.adapters import FaultState, Opened, Opening
from crestline.live.adapters.desk import DeskAdapter


class Unbreakable(DeskAdapter):
    """Takes the order for a fault, and nothing happens."""

    def strike(self, kind: str, *more: object, **options: object) -> str:  # noqa: ARG002
        """As if it had been ordered."""
        return "1"

    def fault(self, order: str) -> FaultState:
        """It is never effective."""
        return FaultState(order, "planned")

    def heal(self, order: str) -> None:
        """There is nothing to heal."""


class Burning(DeskAdapter):
    """Needs more processor time for a contact than the generator has."""

    def open(self, contact: Opening) -> Opened:
        """Open, and think about it for long."""
        last = time.process_time() + 0.35
        while time.process_time() < last:
            pass
        return super().open(contact)
