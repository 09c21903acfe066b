"""How far a long piece of work is: one living line on a terminal, a line now and then elsewhere; on standard error."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.status import Status

EVERY_S = 30.0  # off a terminal


class Talk:
    """What a verb says while it works."""

    def __init__(self, console: Console, status: Status | None, total: int) -> None:
        self._console, self._status, self._total = console, status, total
        self._said_at = -math.inf
        self._began = time.monotonic()

    def say(self, line: str) -> None:
        """A line that stays."""
        self._console.print(line, soft_wrap=True)

    def update(self, line: str, block: RenderableType | None = None) -> None:
        """How far the work is: in a line, or on a terminal in a block."""
        if self._status is not None:
            self._status.update(block or line)
        elif time.monotonic() - self._said_at >= EVERY_S:
            self._said_at = time.monotonic()
            self.say(line)

    def reached(self, count: int) -> None:
        """So many of all are done."""
        seconds = time.monotonic() - self._began
        left = seconds / count * (self._total - count)
        self.update(f"{count} of {self._total}, about {left:.0f} s left")


@contextmanager
def talk(title: str, total: int = 0) -> Iterator[Talk]:
    """Talk on standard error while something long is done."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        yield Talk(console, None, total)
        return
    with console.status(title) as status:
        yield Talk(console, status, total)
