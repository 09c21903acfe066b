"""The one clock of a live run: real seconds since the run's zero, by the machine's monotonic clock."""

from __future__ import annotations

import time

import gevent

EARLY = 0.0006  # real seconds


class Clock:
    """Turns scenario instants into real ones and holds greenlets until absolute deadlines.

    Everything in a live run is stamped in real seconds since zero; ``records`` turns them back. ``start_s`` is the
    scenario instant that falls on zero.
    """

    def __init__(self, start_s: float, time_scale: float) -> None:
        self.start_s, self.time_scale = start_s, time_scale
        self._zero = time.monotonic()

    def set_zero(self, lead: float) -> None:
        """Let zero be ``lead`` real seconds from now."""
        self._zero = time.monotonic() + lead

    def now(self) -> float:
        """Real seconds since zero."""
        return time.monotonic() - self._zero

    def monotonic(self, instant: float) -> float:
        """A real instant on the machine's monotonic clock."""
        return self._zero + instant

    def real(self, instant_s: float) -> float:
        """When a scenario instant falls."""
        return (instant_s - self.start_s) / self.time_scale

    def lasts(self, duration_s: float) -> float:
        """How long a scenario duration takes in real seconds."""
        return duration_s / self.time_scale

    def wait(self, until: float) -> None:
        """Sleep until an absolute instant, rounded up to a millisecond of the loop; not at all if it has passed.

        For what happens often: those who fall due in the same millisecond are woken together.
        """
        left = until - self.now()
        if left > 0:
            gevent.sleep(left)

    def hold(self, until: float) -> None:
        """Sleep until an absolute instant, to some hundredths of a millisecond; not at all if it has passed.

        The loop is woken a little early and goes round until it is time, which takes processor time.
        """
        left = until - self.now() - EARLY
        if left > 0:
            gevent.sleep(left)
        while self.now() < until:
            gevent.sleep(0)
