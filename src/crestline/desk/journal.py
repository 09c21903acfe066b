"""Memory and log as one: events are folded and written in the same step, then those who watch are told.

Every entry point of the desk (a request, a message of a worker, a timer) is one step: it records what it decides and
ends with ``commit``. Nothing else runs between.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from crestline.desk.conversation import Conversation, Event, Script, Sender
from crestline.desk.log import Log, Note

Clock = Callable[[], float]


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
        if not (self._events or self._notes):
            return
        opened, events, notes = self._opened, self._events, self._notes
        self._opened, self._events, self._notes = [], [], []
        try:
            self.log.write(opened, events, notes)
        except sqlite3.Error:
            logging.getLogger(__name__).exception("the log cannot be written; the web worker starts anew")
            os._exit(1)
        for number, _ in events:
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
