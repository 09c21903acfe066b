"""The circuit breaker before the bot: who may try it, judged by how earlier tries have ended."""

from __future__ import annotations

from collections.abc import Iterable

from crestline.desk.journal import Journal
from crestline.desk.log import Note
from crestline.desk.settings import BreakerSettings

STATES = CLOSED, OPEN, HALF_OPEN = "closed", "open", "half-open"


class Breaker:
    """Open after so many failures in a row; later one conversation is the trial, by which it closes or stays open."""

    def __init__(self, journal: Journal, settings: BreakerSettings) -> None:
        self.settings = settings
        self._journal = journal
        self._failures = 0
        self._opened_at: float | None = None
        self._trial: int | None = None

    @property
    def state(self) -> str:
        """Closed, open or half-open."""
        if self._opened_at is None:
            return CLOSED
        return OPEN if self._trial is None else HALF_OPEN

    def admits(self, conversation: int) -> bool:
        """Whether a conversation may try the bot; the first after a while of rest becomes the trial."""
        if self._opened_at is None:
            return True
        if self._trial is not None or self._journal.clock() - self._opened_at < self.settings.open_for:
            return False
        self._trial = conversation
        self._note()
        return True

    def answered(self, conversation: int) -> None:
        """The bot has replied in time."""
        if self.state == CLOSED:
            self._failures = 0
        elif conversation == self._trial:
            self.close()

    def failed(self, conversation: int) -> None:
        """A try has ended without a reply. Of those who came before it opened, and of who was not admitted: nothing."""
        if self.state == CLOSED:
            self._failures += 1
            if self._failures == self.settings.failures:
                self._open()
        elif conversation == self._trial:
            self._open()

    def close(self) -> None:
        """Everybody may try, as when the desk was new."""
        was_closed = self.state == CLOSED
        self._failures, self._opened_at, self._trial = 0, None, None
        if not was_closed:
            self._note()

    def restore(self, notes: Iterable[Note]) -> None:
        """After a restart: as the log says. Failures in a row that have not opened it are forgotten."""
        for at, kind, body in notes:
            if kind != "breaker":
                continue
            self._trial = body.get("trial")
            if body["state"] == OPEN:
                self._opened_at = at
            elif body["state"] == CLOSED:
                self._opened_at = None

    def _open(self) -> None:
        self._opened_at, self._trial = self._journal.clock(), None
        self._note()

    def _note(self) -> None:
        trial = {} if self._trial is None else {"trial": self._trial}
        self._journal.note("breaker", state=self.state, **trial)
