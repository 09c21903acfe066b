"""What the desk finds wrong with itself, by its own looks: as any service's monitoring would, it knows no faults."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Iterator

from crestline.desk.breaker import CLOSED
from crestline.desk.metrics import ServiceTimes
from crestline.desk.service import Desk

EVERY_S = 0.25
SHORT_S = 1.0
"""For how long workers must have been missing."""
LOOKS, FEWEST, TOO_MANY = 4, 10, 0.1
"""Answers of so many looks are judged together, where they are at least so many, by the share of 5xx among them."""
FALLEN_S = 5.0
"""For how long a web worker tells that it has come in the place of one that died."""


class Alarms:
    """The alarms that are raised, each since when."""

    def __init__(self, desk: Desk, times: ServiceTimes) -> None:
        self._desk, self._times = desk, times
        self._since: dict[str, float] = {}  # what is wrong, be it too short a time for an alarm
        self._raised: dict[str, float] = {}
        self._answers: deque[tuple[int, int]] = deque([(0, 0)], maxlen=LOOKS + 1)
        self._took_over = -math.inf

    def take_over(self) -> None:
        """The web worker before has died: there was nobody to tell it until now."""
        self._took_over = self._desk.journal.clock()
        self.look()

    async def watch(self) -> None:
        """Look for as long as the desk serves."""
        while True:
            await asyncio.sleep(EVERY_S)
            self.look()

    def look(self) -> None:
        """Raise what is wrong for long enough, and lower what is well again."""
        now, lasts = self._desk.journal.clock(), dict(self._wrong())
        self._since = {name: self._since.get(name, now) for name in lasts}
        raised = [name for name, since in self._since.items() if now - since >= lasts[name]]
        self._raised = {name: self._raised.get(name, now) for name in raised}

    def ages(self) -> dict[str, float]:
        """For how long each has been raised."""
        now = self._desk.journal.clock()
        return {name: now - at for name, at in self._raised.items()}

    def _wrong(self) -> Iterator[tuple[str, float]]:
        """What is wrong now, and how long that has to last."""
        desk, times = self._desk, self._times
        if desk.pool is not None and desk.triage is not None and len(desk.triage.ready) < desk.pool.planned:
            yield "triage", SHORT_S
        if desk.triage is not None and desk.triage.breaker is not None and desk.triage.breaker.state != CLOSED:
            yield "breaker", 0.0
        if desk.journal.clock() - self._took_over < FALLEN_S:
            yield "web_worker", 0.0
        if desk.floor.longest_wait(desk.journal.clock()) > desk.settings.alarm_wait:
            yield "waiting", 0.0
        self._answers.append((times.count, times.errors))
        answers, errors = (last - first for first, last in zip(self._answers[0], self._answers[-1], strict=True))
        if answers >= FEWEST and errors > TOO_MANY * answers:
            yield "errors", 0.0
