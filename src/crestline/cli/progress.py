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
BAR = 24  # characters


class Talk:
    """What a verb says while it works."""

    def __init__(self, console: Console, status: Status | None) -> None:
        self._console, self._status = console, status
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

    def reached(self, share: float, words: str) -> None:
        """How much of the work is done, drawn as a bar, and how long the rest of it may take."""
        left = (time.monotonic() - self._began) * (1 / share - 1) if share > 0 else math.inf
        rest = f", about {left:.0f} s left" if math.isfinite(left) else ""
        self.update(f"{bar(share)}  {words}{rest}")


def bar(share: float) -> str:
    """A share of the work as a bar."""
    full = round(BAR * min(max(share, 0.0), 1.0))
    return "━" * full + "┄" * (BAR - full)


@contextmanager
def talk(title: str) -> Iterator[Talk]:
    """Talk on standard error while something long is done."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        yield Talk(console, None)
        return
    with console.status(title) as status:
        yield Talk(console, status)
