"""The operational guards: whether customers are being served as they should, tick by tick.

A window is the last n contacts by the tick, judged by how long each waited in the end. It is bad when so many of them
waited longer than the limit that the allowed share is improbable (binomial, one-sided 0.1 %), or when a newcomer would
have to expect a wait over the limit. A naive test against the allowed share gives false alarms; a backlog held
against the calm baseline's maximum gives more.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import NamedTuple

import numpy as np

from crestline.measures.capacity import slots_staffed
from crestline.measures.response import entered_queue, first_response_s, wait_s
from crestline.tables import Bools, Floats, Ints, Outcome, Outcomes, Pools, Timeline

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
    """Contacts in the order in which they came, and how many of the first k waited longer than the limit."""

    came_s: Floats
    over: Ints

    def by(self, instant_s: Floats) -> Ints:
        """How many had come by each instant."""
        return np.searchsorted(self.came_s, instant_s, side="right")

    def between(self, from_s: float, to_s: float) -> tuple[int, int]:
        """How many came after one instant and up to another, and how many of them waited too long."""
        first, last = self.by(np.array([from_s, to_s]))
        return int(last - first), int(self.over[last] - self.over[first])

    def size(self, from_s: float, to_s: float, sustain_s: float) -> int:
        """Contacts of a window: as many as came in ``sustain_s`` of the baseline, 20 to 100; 0 for too few to judge."""
        usual = self.between(from_s, to_s)[0] * sustain_s / (to_s - from_s)
        return 0 if usual < FEWEST else round(min(max(usual, SMALLEST), LARGEST))

    def improbable(self, ticks_s: Floats, size: int) -> Bools:
        """On which ticks too many of the last ``size`` contacts waited longer than the limit."""
        last = self.by(ticks_s)
        first = np.maximum(last - size, 0)
        return self.over[last] - self.over[first] >= too_many()[last - first]


def _flow(came_s: Floats, over: Bools) -> Flow:
    order = np.argsort(came_s, kind="stable")
    return Flow(came_s[order], np.concatenate(([0], np.cumsum(over[order]))))


class Service(NamedTuple):
    """What the guards look at, of one finished table."""

    queue: Flow  # contacts that entered an agent queue, over by their wait
    first: Flow  # all contacts, over by their first response
    joined_s: Floats  # when somebody began to wait for an agent, sorted
    left_s: Floats  # when somebody no longer waited, sorted
    served_s: Floats
    handle_s: Floats
    ticks_s: Floats
    slots: Ints  # staffed, on every tick

    def handle_time(self, from_s: float, to_s: float) -> float:
        """Mean handle time of the contacts claimed from one instant to another; 0 where there were none."""
        inside = (self.served_s >= from_s) & (self.served_s < to_s)
        return float(self.handle_s[inside].mean()) if inside.any() else 0.0

    def waiting(self) -> Ints:
        """Contacts that wait for an agent, on every tick."""
        joined = np.searchsorted(self.joined_s, self.ticks_s, side="right")
        return joined - np.searchsorted(self.left_s, self.ticks_s, side="right")


def observe(outcomes: Outcomes, pools: Pools, timeline: Timeline, ticks_s: Floats, limit_s: float) -> Service:
    """What the guards look at; who still waits has waited until the run stopped looking."""
    seen_until = timeline.stop_s + timeline.drain_s
    queued = outcomes.take(entered_queue(outcomes))
    unanswered = np.isnan(queued.claimed_s)
    gave_up = unanswered & (queued.outcome != Outcome.OPEN)
    late = gave_up | (wait_s(queued, seen_until) > limit_s)
    left = np.where(unanswered, queued.ended_s, queued.claimed_s)
    again = queued.take(~np.isnan(queued.passed_s))
    resolved = queued.take(queued.outcome == Outcome.AGENT_RESOLVED)
    return Service(
        queue=_flow(queued.queued_s, late),
        first=_flow(outcomes.planned_s, _late_first(outcomes, seen_until, limit_s)),
        joined_s=np.sort(np.concatenate((queued.queued_s, again.passed_s))),
        left_s=np.sort(np.concatenate((left, again.served_s))),
        served_s=resolved.served_s,
        handle_s=resolved.ended_s - resolved.served_s,
        ticks_s=ticks_s,
        slots=slots_staffed(pools, timeline, ticks_s),
    )


def _late_first(outcomes: Outcomes, seen_until_s: float, limit_s: float) -> Bools:
    """Whose first response came later than the limit; never answered is late, still open only after the limit."""
    still_young: Bools = (outcomes.outcome == Outcome.OPEN) & (seen_until_s - outcomes.planned_s <= limit_s)
    return ~(still_young | (first_response_s(outcomes) <= limit_s))


def bad_windows(service: Service, baseline: tuple[float, float], sustain_s: float, limit_s: float) -> Bools:
    """On which ticks the window is bad, measured by the baseline (from, to)."""
    late = service.queue.improbable(service.ticks_s, service.queue.size(*baseline, sustain_s))
    late |= service.first.improbable(service.ticks_s, service.first.size(*baseline, sustain_s))
    newcomer_waits = service.waiting() * service.handle_time(*baseline)
    return late | (newcomer_waits > limit_s * service.slots)


def holds_share(service: Service, from_s: float, to_s: float) -> bool:
    """Whether the contacts that came after one instant and up to another together hold the allowed share."""
    flows = (service.queue, service.first)
    return all(over <= ALLOWED * came for came, over in (flow.between(from_s, to_s) for flow in flows))
