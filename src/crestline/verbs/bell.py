"""Alerts of a live run as they come: said on the terminal, and sent to whoever was asked to be told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from crestline.live.ledger import ALERTS
from crestline.notify import OVER, Message, Notifier, sent_from, what_got_through
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.workload import window


class Bell:
    """Follows the alerts of a run folder; ``look`` takes in what is new."""

    def __init__(self, folder: RunFolder, scenario: Scenario, notifier: Notifier, say: Callable[[str], None]) -> None:
        self._folder, self._scenario, self._notifier, self._say = folder, scenario, notifier, say
        self._read = 0
        self._raised: dict[int, Message] = {}  # and not over, by level

    def look(self) -> None:
        """Say and send what has been written down since the last look."""
        path = self._folder.path / ALERTS
        if not path.exists():
            return
        with path.open("rb") as file:
            file.seek(self._read)
            whole = file.read().rpartition(b"\n")[0]
        self._read += len(whole) + 1 if whole else 0
        for line in whole.splitlines():
            self._ring(json.loads(line))

    def close(self) -> None:
        """The run has ended: so has every alert, also one that nobody ended any more; say what got through."""
        now = datetime.now(UTC)
        for message in self._raised.values():
            self._notifier.send(message._replace(state=OVER, at=now))
        self._notifier.close()
        for line in what_got_through(sent_from(self._folder.path)):
            self._say(f"sent      {line}")

    def _ring(self, told: dict[str, Any]) -> None:
        level, state, text, now = told["level"], told["state"], told["text"], datetime.now(UTC)
        start_s, scale = window(self._scenario).start_s, self._scenario.load_test.time_scale
        clock = self._scenario.clock(round(start_s + told["at"] * scale))
        self._say(f"alert     {clock} {'over: ' if state == OVER else ''}{text}")
        before = self._raised.pop(level, None)
        raised_at = before.raised_at if before else now
        message = Message(self._folder.name, self._scenario.name, level, state, text, raised_at, now)
        if state != OVER:
            self._raised[level] = message
        self._notifier.send(message)


@contextmanager
def ringing(
    folder: RunFolder, scenario: Scenario, notifier: Notifier, say: Callable[[str], None]
) -> Iterator[Callable[[], None]]:
    """Follow a run's alerts for as long as it is played; the last ones are told as it ends."""
    bell = Bell(folder, scenario, notifier, say)
    try:
        yield bell.look
    finally:
        try:
            bell.look()
        finally:
            bell.close()
