"""The operational guards: whether customers are being served as they should, tick by tick.

A window is the last n contacts by the tick, judged by how long each waited in the end. It is bad when so many of them
waited longer than the limit that the allowed share is improbable (binomial, one-sided 0.1 %), or when a newcomer would
have to expect a wait over the limit. A naive test against the allowed share gives false alarms; a backlog held
against the calm baseline's maximum gives more.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import comb
from typing import NamedTuple

import numpy as np

from crestline.tables import Bools, Floats, Ints

ALLOWED = 0.10
IMPROBABLE = 0.001
LARGEST, SMALLEST, FEWEST = 100, 20, 10  # contacts in a window; with fewer than the last nothing can be said


@lru_cache(maxsize=1)
def too_many() -> Ints:
    """For every size of a window: the least number over the limit that is improbable for the allowed share."""
    return np.array([_least_improbable(size) for size in range(LARGEST + 1)], dtype=np.int64)


def _least_improbable(size: int) -> int:
    tail = 1.0  # chance of at least `hits`
    for hits in range(size + 1):
        if tail < IMPROBABLE:
            return hits
        tail -= comb(size, hits) * ALLOWED**hits * (1 - ALLOWED) ** (size - hits)
    return size + 1


class Flow(NamedTuple):
    """Contacts in the order in which they came: all of them counted at marks, and the latest before every mark."""

    marks_s: Floats
    came: Ints  # by every mark
    late: Ints  # those of them who waited longer than the limit
    last: Ints  # on every tick: how many of the latest are known by then
    over: Ints  # of the first k that are known, how many waited longer than the limit

    def between(self, from_s: float, to_s: float) -> tuple[int, int]:
        """How many came after one mark and up to another, and how many of them waited too long."""
        first, last = np.searchsorted(self.marks_s, [from_s, to_s])
        return int(self.came[last] - self.came[first]), int(self.late[last] - self.late[first])

    def size(self, from_s: float, to_s: float, sustain_s: float) -> int:
        """Contacts of a window: as many as came in ``sustain_s`` of the baseline, 20 to 100; 0 for too few to judge."""
        usual = self.between(from_s, to_s)[0] * sustain_s / (to_s - from_s)
        return 0 if usual < FEWEST else round(min(max(usual, SMALLEST), LARGEST))

    def improbable(self, size: int) -> Bools:
        """On which ticks too many of the last ``size`` contacts waited longer than the limit."""
        first = np.maximum(self.last - size, 0)
        return self.over[self.last] - self.over[first] >= too_many()[self.last - first]


class Service(NamedTuple):
    """What the guards look at."""

    queue: Flow  # contacts that entered an agent queue, over by their wait
    first: Flow  # all contacts, over by their first response
    waiting: Ints  # contacts that wait for an agent, on every tick
    handle_s: Mapping[float, float]  # mean handle time of those served from the ramp's end to the start of each fault
    ticks_s: Floats
    slots: Ints  # staffed, on every tick


def bad_windows(service: Service, baseline: tuple[float, float], sustain_s: float, limit_s: float) -> Bools:
    """On which ticks the window is bad, measured by the baseline (from, to)."""
    late = service.queue.improbable(service.queue.size(*baseline, sustain_s))
    late |= service.first.improbable(service.first.size(*baseline, sustain_s))
    newcomer_waits = service.waiting * service.handle_s[baseline[1]]
    return late | (newcomer_waits > limit_s * service.slots)


def holds_share(service: Service, from_s: float, to_s: float) -> bool:
    """Whether the contacts that came after one instant and up to another together hold the allowed share."""
    flows = (service.queue, service.first)
    return all(over <= ALLOWED * came for came, over in (flow.between(from_s, to_s) for flow in flows))
