"""Simulated time: SimPy's environment, with events ordered by (time, kind, row)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import simpy

from crestline.engine.kinds import Kind


class Planned(simpy.Event):
    """An event that is going to happen, like ``simpy.Timeout`` but with a priority of ours."""

    def __init__(self, env: simpy.Environment, row: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = row


class Clock(simpy.Environment):
    """A SimPy environment that schedules by kind and row, and runs up to and including an instant."""

    def after(self, delay_s: float, kind: Kind, row: int, act: Callable[..., None] | None = None) -> simpy.Event:
        """An event ``delay_s`` from now; ``act(row)`` is called when it happens."""
        event = Planned(self, row)
        if act is not None:
            event.callbacks.append(lambda _: act(row))
        self.schedule(event, priority=kind << 40 | row, delay=delay_s)  # type: ignore[arg-type]
        return event

    def granted(self, value: Any) -> simpy.Event:
        """An event that has happened already."""
        return self.event().succeed(value)

    def run_through(self, last_s: float) -> None:
        """Let everything happen up to ``last_s``, events at that very instant included."""
        while self.peek() <= last_s:
            self.step()
