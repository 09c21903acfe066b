"""Memory and log as one: events are folded and written in the same step, then those who watch are told.

Every entry point of the desk (a request, a message of a worker, a timer) is one step: it records what it decides and
ends with ``commit``. Nothing else runs between. While somebody else has locked the database nobody is told anything,
and whoever comes waits (``free``, ``once_free``): memory is not ahead of the log by more than what was under way.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from crestline.desk.conversation import Conversation, Event, Script, Sender
from crestline.desk.log import Log, Note

Clock = Callable[[], float]

AGAIN_S = 0.002
"""How long until a database that is locked is tried again."""


class Journal:
    """All conversations of this desk, by id and by key, and what is to be written at the end of the step."""

    def __init__(self, log: Log, clock: Clock = time.monotonic) -> None:
        self.log = log
        self.clock = clock
        self.conversations = {c.id: c for c in log.conversations()}
        self._by_key = {c.key: c for c in self.conversations.values()}
        self._opened: list[Conversation] = []
        self._events: list[tuple[int, Event]] = []
        self._notes: list[Note] = []
        self._watchers: dict[int, list[asyncio.Future[None]]] = {}
        self._stalled_at: float | None = None
        self._is_free = asyncio.Event()
        self._later: deque[Callable[[], None]] = deque()

    def find(self, key: str) -> Conversation | None:
        """The conversation that was opened with this idempotency key."""
        return self._by_key.get(key)

    def open(
        self,
        *,
        key: str,
        run: str,
        row: int,
        customer: int,
        contact: str,
        vip: bool,
        script: Script,
        sender: Sender,
        text: str,
    ) -> Conversation:
        """A new conversation with its first message."""
        number = len(self.conversations) + 1
        made = Conversation(number, key, run, row, customer, contact, vip, script, sender)
        self.conversations[number] = self._by_key[key] = made
        self._opened.append(made)
        self.record(made, "opened", text)
        return made

    def record(
        self, conversation: Conversation, kind: str, text: str = "", who: int | None = None, request: int | None = None
    ) -> None:
        """Something happens to a conversation, now."""
        event = Event(len(conversation.events) + 1, self.clock(), kind, text, who, request)
        conversation.fold(event)
        self._events.append((conversation.id, event))

    def note(self, kind: str, at: float | None = None, **body: Any) -> None:
        """Something happens that concerns no single conversation."""
        self._notes.append(Note(self.clock() if at is None else at, kind, body))

    def commit(self) -> None:
        """End the step: write, then wake those who watch. A desk that cannot write ends, to start anew from its log."""
        if (self._events or self._notes) and self._stalled_at is None:
            self._write()

    @property
    def stalled_s(self) -> float:
        """For how long the log has not been written because the database is locked; 0: it is free."""
        return 0.0 if self._stalled_at is None else max(1e-9, self.clock() - self._stalled_at)

    async def free(self) -> None:
        """Wait until the log can be written, and all that was to be written is."""
        while self._stalled_at is not None:
            await self._is_free.wait()

    def once_free(self, step: Callable[[], None]) -> None:
        """Take a step now, or as soon as the log can be written, after those that wait already."""
        if self._stalled_at is None:
            step()
        else:
            self._later.append(step)

    def _write(self) -> None:
        try:
            self.log.write(self._opened, self._events, self._notes)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                logging.getLogger(__name__).exception("the log cannot be written; the web worker starts anew")
                os._exit(1)
            self._stalled_at = self.clock() if self._stalled_at is None else self._stalled_at
            self._is_free.clear()
            asyncio.get_running_loop().call_later(AGAIN_S, self._write)
            return
        events = self._events
        self._opened, self._events, self._notes, self._stalled_at = [], [], [], None
        self._tell(number for number, _ in events)
        while self._later and self._stalled_at is None:
            self._later.popleft()()
        if self._stalled_at is None:
            self._is_free.set()

    def _tell(self, conversations: Iterable[int]) -> None:
        for number in conversations:
            for watcher in self._watchers.pop(number, ()):
                if not watcher.done():
                    watcher.set_result(None)

    def watch(self, conversation: Conversation) -> asyncio.Future[None]:
        """Done at the next event of this conversation."""
        watcher = asyncio.get_running_loop().create_future()
        self._watchers.setdefault(conversation.id, []).append(watcher)
        return watcher

    def unwatch(self, conversation: Conversation, watcher: asyncio.Future[None]) -> None:
        """Forget a watcher that has gone or has waited long enough."""
        watchers = self._watchers.get(conversation.id)
        if watchers and watcher in watchers:
            watchers.remove(watcher)
            if not watchers:
                del self._watchers[conversation.id]

    def release(self) -> None:
        """Wake all who watch, since the desk closes."""
        for watchers in self._watchers.values():
            for watcher in watchers:
                if not watcher.done():
                    watcher.set_result(None)
        self._watchers.clear()
