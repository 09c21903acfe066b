"""What is told of an alert, and to whom."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

RAISED, IN_FORCE, OVER = "raised", "in force", "over"
URGENT = 2  # from this level on


class Message(NamedTuple):
    """One alert of a run that is ``raised``, is still ``in force``, or is ``over``."""

    run: str
    scenario: str
    level: int
    state: str
    text: str  # begins with [DRILL]
    raised_at: datetime
    at: datetime  # of this state; both in UTC


class Failed(Exception):
    """A message did not get through; the reason says nothing of the address."""


class Channel(Protocol):
    """One address that was asked for."""

    @property
    def name(self) -> str:
        """What it may be called in files and logs."""

    @property
    def renew_s(self) -> float | None:
        """Real seconds after which it has to hear again of an alert that is in force; None: it remembers."""

    def send(self, message: Message) -> None:
        """Tell; returns when it has been accepted, and raises ``Failed`` within some seconds otherwise."""
