"""What the supervisor does to its own processes and to the database when a fault asks for it, and how it undoes it.

Whatever is done carries the instant at which it is undone, and the supervisor keeps that by its own clock: neither
the client nor the web worker that ordered it has to be there. Asked again it answers as it did before.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOCK_S = 1.0
"""How long the lock on the database may have to be waited for."""


@dataclass
class Deed:
    """What is done for one fault; instants are monotonic."""

    how: Mapping[str, Any]
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    stopped: list[int] = field(default_factory=list)
    lock: sqlite3.Connection | None = None
    struck_at: float | None = None
    lifted_at: float | None = None


class Harm:
    """All that is done at the moment; ``shoot_web`` kills the web worker if there is one, ``tell`` speaks to it."""

    def __init__(
        self,
        db: Path,
        workers: Mapping[int, subprocess.Popen[bytes]],
        shoot_web: Callable[[], bool],
        tell: Callable[..., None],
    ) -> None:
        self._db, self._workers, self._shoot_web, self._tell = db, workers, shoot_web, tell
        self._deeds: dict[int, Deed] = {}

    def do(self, fault: int, how: Mapping[str, Any]) -> None:
        """Begin, or go on, and say so: ``do`` is stop (with ``workers``), shoot (``every``) or lock; to ``until``."""
        deed = self._deeds.get(fault)
        if deed is None:
            deed = self._deeds[fault] = Deed(how)
            self._at(deed, how["until"], self.undo, fault)
            if how["do"] == "shoot":
                self._shoot(fault, how["at"])
            elif how["do"] == "lock":
                deed.lock = self._locked()
                deed.struck_at = None if deed.lock is None else time.monotonic()
        if how["do"] == "stop" and deed.lifted_at is None:
            self._stop(deed, how["workers"])
        self._say(fault)

    def undo(self, fault: int) -> None:
        """Undo what is done for a fault, now."""
        deed = self._deeds.get(fault)
        if deed is not None and deed.lifted_at is None:
            for timer in deed.timers:
                timer.cancel()
            for pid in deed.stopped:
                _signal(pid, signal.SIGCONT)
            if deed.lock is not None:
                deed.lock.close()  # which rolls back
            deed.lifted_at = time.monotonic()
        self._say(fault)

    def end(self) -> None:
        """Undo everything, the last first."""
        for fault in reversed(self._deeds):
            self.undo(fault)

    def _say(self, fault: int) -> None:
        """Tell the web worker how far it is; one that is being replaced asks again."""
        deed = self._deeds.get(fault)
        if deed is not None and deed.struck_at is not None:
            self._tell(struck=fault, at=deed.struck_at, pids=deed.stopped)
        if deed is not None and deed.lifted_at is not None:
            self._tell(lifted=fault, at=deed.lifted_at)

    def _stop(self, deed: Deed, numbers: list[int]) -> None:
        """Stop processes, and wait until the system says that they are."""
        found = [self._workers[n].pid for n in numbers if n in self._workers]
        for pid in found:
            if pid not in deed.stopped and _signal(pid, signal.SIGSTOP):
                os.waitpid(pid, os.WUNTRACED)
                deed.stopped.append(pid)
        if deed.stopped and deed.struck_at is None:
            deed.struck_at = time.monotonic()

    def _shoot(self, fault: int, at: float) -> None:
        """Kill the web worker, and again ``every`` later; the one that comes up after the first time hears of it."""
        deed = self._deeds[fault]
        if self._shoot_web() and deed.struck_at is None:
            deed.struck_at = time.monotonic()
        next_at = at + deed.how["every"]
        if next_at < deed.how["until"]:
            self._at(deed, next_at, self._shoot, fault, next_at)

    def _locked(self) -> sqlite3.Connection | None:
        """A second connection that holds the database, so that nobody else can write; None: it was not to be had."""
        db = sqlite3.connect(self._db, timeout=LOCK_S, isolation_level=None)
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            logging.getLogger(__name__).warning("the database cannot be locked: %s", error)
            db.close()
            return None
        return db

    def _at(self, deed: Deed, at: float, act: Callable[..., None], *args: object) -> None:
        delay = max(0.0, at - time.monotonic())
        deed.timers.append(asyncio.get_running_loop().call_later(delay, act, *args))


def _signal(pid: int, number: signal.Signals) -> bool:
    """Whether there is such a process to be told."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
