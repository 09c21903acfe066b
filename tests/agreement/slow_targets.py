"""Two targets that are a little worse than the reference desk: the comparison has to notice."""

from __future__ import annotations

import time

import gevent

from crestline.live.adapters import Claim
from crestline.live.adapters.desk import DeskAdapter

POLL = 0.1  # real seconds from one look at the queue to the next, the same instants for all agents
HAND_OVER = 10 / 60  # ten scenario seconds at time scale 60


class PollingDesk(DeskAdapter):
    """Contacts are handed out every 100 ms instead of at once, as by a desk that polls its queue."""

    def claim(self, agent: str, turn: int, wait: float, done: str | None = None) -> Claim | None:
        """Resolve, then ask on every tick of the desk."""
        if done is not None:
            self.resolve(agent, done)
        last = time.monotonic() + wait
        asked = turn * 1_000_000
        while time.monotonic() < last:
            gevent.sleep(POLL - time.monotonic() % POLL)
            asked += 1
            found = super().claim(agent, asked, 0.0)
            if found is not None:
                return found
        return None


class SlowHandOver(DeskAdapter):
    """It takes ten seconds of the scenario from the end of one contact until the next can be taken."""

    def claim(self, agent: str, turn: int, wait: float, done: str | None = None) -> Claim | None:
        """Resolve and claim, but late."""
        if done is not None:
            gevent.sleep(HAND_OVER)
        return super().claim(agent, turn, wait, done)
