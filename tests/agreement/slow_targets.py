"""Two targets that are a little worse than the reference desk: the comparison has to notice."""

from __future__ import annotations

import time

import gevent

from crestline.live.adapters import Claim
from crestline.live.adapters.desk import DeskAdapter

POLL = 0.1  # real seconds between two looks
HAND_OVER = 10 / 60  # ten scenario seconds at time scale 60


class PollingDesk(DeskAdapter):
    """Agents look for work every 100 ms instead of being told at once."""

    def claim(self, agent: str, turn: int, wait: float, done: str | None = None) -> Claim | None:
        """Resolve, then ask again and again."""
        if done is not None:
            self.resolve(agent, done)
        last = time.monotonic() + wait
        asked = turn * 1_000_000
        while time.monotonic() < last:
            asked += 1
            found = super().claim(agent, asked, 0.0)
            if found is not None:
                return found
            gevent.sleep(POLL)
        return None


class SlowHandOver(DeskAdapter):
    """It takes ten seconds of the scenario from the end of one contact until the next can be taken."""

    def claim(self, agent: str, turn: int, wait: float, done: str | None = None) -> Claim | None:
        """Resolve and claim, but late."""
        if done is not None:
            gevent.sleep(HAND_OVER)
        return super().claim(agent, turn, wait, done)
