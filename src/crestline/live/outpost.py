"""A child process that takes orders: a line of JSON in, a line out, one after the other; it ends with this process.

Its input is the pipe that ends it: however this process dies, the child hears the end of it and does what is left to
be done.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

import gevent

from crestline.errors import TargetError

START = 20.0  # real seconds that it has to say that it is there
DYING = 0.2  # real seconds in which one whose pipes have ended has ended, too


class Outpost:
    """One such child, of a session of its own, so that what ends this process's group does not end it first."""

    def __init__(self, module: str, arguments: Sequence[str], name: str) -> None:
        """Start ``python -m module`` and wait until it is there; ``told`` is what it said then."""
        self.name, self._number, self._one_at_a_time = name, 0, Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        try:
            self.told = self._hear(START)
        except BaseException:
            self.kill()
            raise

    def order(self, fields: Mapping[str, Any], within: float) -> dict[str, Any]:
        """Give an order and wait for its answer, ``within`` real seconds; TargetError where none comes."""
        with self._one_at_a_time:
            number = self._number + 1
            self._say({"n": number, **fields})
            self._number = number
            while (told := self._hear(within)).pop("n") != number:
                pass
            return told

    @property
    def has_orders(self) -> bool:
        """Whether an order has reached it, be it answered or not."""
        return self._number > 0

    @property
    def is_gone(self) -> bool:
        """Whether it has ended, be it by itself."""
        return self._process.poll() is not None

    def end(self, within: float) -> None:
        """Close its input and wait for it to end; one that takes longer goes on by itself."""
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            with suppress(OSError, ValueError):
                pipe.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(within)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        self.end(0.0)

    def _say(self, fields: Mapping[str, Any]) -> None:
        asking = self._process.stdin
        try:
            if asking is None:
                raise self._silence()
            asking.write(json.dumps(fields) + "\n")
            asking.flush()
        except (OSError, ValueError):
            raise self._silence() from None

    def _hear(self, within: float) -> dict[str, Any]:
        answering, line = self._process.stdout, ""
        with suppress(OSError, ValueError), gevent.Timeout(within, False):
            line = answering.readline() if answering else ""
        if not line:
            raise self._silence()
        told: dict[str, Any] = json.loads(line)
        return told

    def _silence(self) -> TargetError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(DYING)
        return TargetError(f"{self.name} does not answer (exit code {self._process.poll()})")
