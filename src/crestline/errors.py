"""What can go wrong, as one tree; every branch knows the exit code that the command ends with.

    CrestlineError
    +-- ScenarioError      2   the scenario, a flag or an input file is not as it should be
    +-- UsageError         2   the command was called in a way that cannot work
    +-- TargetError        4   the target cannot be reached, or was refused before the start
    +-- GuardStop          5   a guard stopped the run

``Interrupted`` (130 after Ctrl-C, 143 after SIGTERM) is no ``Exception``, as ``KeyboardInterrupt`` is none.
"""

from __future__ import annotations

import signal
from typing import NamedTuple

MET, MISSED, USAGE, INCONCLUSIVE, TARGET, GUARD = 0, 1, 2, 3, 4, 5


class CrestlineError(Exception):
    """An error that is told to the user in words, without a traceback."""

    exit_code = USAGE


class UsageError(CrestlineError):
    """The command was called in a way that cannot work."""


class TargetError(CrestlineError):
    """The target cannot be reached, or was refused before the first request."""

    exit_code = TARGET


class GuardStop(CrestlineError):
    """A guard stopped the run: too many errors, a stop file, a limit of time or count."""

    exit_code = GUARD


class Interrupted(BaseException):
    """Somebody asked the work to end; ``exit_code`` is 128 + the signal, as shells have it."""

    def __init__(self, number: int) -> None:
        self.exit_code = 128 + number
        super().__init__(f"interrupted by {signal.Signals(number).name}")


class Problem(NamedTuple):
    """One thing that is wrong in an input: where it stands and what to do about it."""

    line: int | None
    column: int | None
    message: str

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}" if self.line is not None else "-"
        return f"  {place:<6} {self.message}"


class ScenarioError(CrestlineError):
    """All problems of one scenario or input file at once."""

    def __init__(self, source: str, problems: list[Problem]) -> None:
        self.source = source
        self.problems = sorted(problems, key=lambda p: (p.line or 0, p.column or 0))
        super().__init__(source, problems)

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"{self.source}: {count} problem{'s' if count != 1 else ''}"
        return "\n".join([head, *map(str, self.problems)])
