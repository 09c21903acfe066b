"""How long customers wait: for the first reply, for an agent, in the queue.

Never answered counts as over every limit; it is infinity here.
"""

from __future__ import annotations

from typing import Self

import numpy as np

from crestline.measures import intervals as interval_of
from crestline.measures.durations import Durations
from crestline.measures.values import Value
from crestline.scenario.objectives import SERVICE_LEVEL_S, service_level_key
from crestline.tables import Bools, Floats, Outcome, Outcomes

PERCENTS = (50, 90, 95, 99)


def entered_queue(outcomes: Outcomes) -> Bools:
    """Who entered an agent queue; whoever was turned away at a full one did not."""
    turned_away: Bools = (outcomes.outcome == Outcome.REJECTED) & np.isnan(outcomes.claimed_s)
    return ~(np.isnan(outcomes.queued_s) | turned_away)


def first_response_s(outcomes: Outcomes) -> Floats:
    """``frt``: planned to the first reply of bot or human."""
    return _or_never(np.fmin(outcomes.bot_reply_s, outcomes.claimed_s) - outcomes.planned_s)


def agent_response_s(outcomes: Outcomes) -> Floats:
    """``agent_frt``: planned to the first claim, with which the agent greets."""
    return _or_never(outcomes.claimed_s - outcomes.planned_s)


def answer_s(outcomes: Outcomes) -> Floats:
    """``answer``: planned to the bot's reply if the bot resolved, else to the first claim."""
    by_bot = outcomes.outcome == Outcome.BOT_RESOLVED
    return _or_never(np.where(by_bot, outcomes.bot_reply_s, outcomes.claimed_s) - outcomes.planned_s)


def wait_s(outcomes: Outcomes, seen_until_s: float) -> Floats:
    """``wait``: queue entry to claim or leaving; for who still waits, to ``seen_until_s``. NaN without a queue."""
    left = np.where(np.isnan(outcomes.claimed_s), outcomes.ended_s, outcomes.claimed_s)
    waited = np.where(np.isnan(left), seen_until_s, left) - outcomes.queued_s
    return np.where(entered_queue(outcomes), waited, np.nan)


def _or_never(seconds: Floats) -> Floats:
    return np.where(np.isnan(seconds), np.inf, seconds)


class Response:
    """A fold: response times, the wait in agent queues and service levels.

    ``seen_until_s`` is when the run stopped looking, ``longest_s`` the longest time it could have seen, ``limits_s``
    the times of the service levels, and a wait up to ``resolution_s`` counts as none.
    """

    def __init__(
        self, seen_until_s: float, longest_s: float, limits_s: tuple[float, ...] = (), resolution_s: float = 0.0
    ) -> None:
        self.seen_until_s, self.longest_s, self.resolution_s = seen_until_s, longest_s, resolution_s
        self.frt, self.agent_frt, self.wait = Durations(), Durations(), Durations()
        self.queued, self.waited = 0, 0
        self.within = dict.fromkeys(sorted({SERVICE_LEVEL_S, *limits_s}), 0)

    def add(self, chunk: Outcomes) -> None:
        """Count these contacts."""
        first = first_response_s(chunk)
        self.frt.add(*_known(first))
        queued = chunk.take(entered_queue(chunk))
        self.agent_frt.add(*_known(agent_response_s(queued)))
        waits = wait_s(queued, self.seen_until_s)
        left = ~np.isnan(queued.claimed_s) | (queued.outcome == Outcome.ABANDONED)
        self.wait.add(waits, left)
        self.queued += len(queued)
        self.waited += int((waits > self.resolution_s).sum())
        answered = waits[~np.isnan(queued.claimed_s)]
        self.within = {limit: hits + int((answered <= limit).sum()) for limit, hits in self.within.items()}

    def merge(self, other: Self) -> None:
        """Count everything that ``other`` has counted."""
        self.frt.merge(other.frt)
        self.agent_frt.merge(other.agent_frt)
        self.wait.merge(other.wait)
        self.queued += other.queued
        self.waited += other.waited
        self.within = {limit: hits + other.within[limit] for limit, hits in self.within.items()}

    def result(self, *, intervals: bool = True) -> dict[str, Value]:
        """Percentiles and means of the three times, service levels and the share that waited."""
        made: dict[str, Value] = {}
        for name, durations in {"frt": self.frt, "agent_frt": self.agent_frt, "wait": self.wait}.items():
            for percent in PERCENTS:
                made[f"{name}_p{percent}_s"] = durations.percentile(percent, self.longest_s, intervals=intervals)
            made[f"{name}_mean_s"] = durations.mean(intervals=intervals)
        made["mean_wait_s"] = made.pop("wait_mean_s")
        made["wait_probability"] = interval_of.share(self.waited, self.queued, intervals=intervals)
        for limit, hits in self.within.items():
            made[service_level_key(limit)] = interval_of.share(hits, self.queued, intervals=intervals)
        return made


def _known(seconds: Floats) -> tuple[Floats, Bools]:
    """Durations of which the infinite ones are not in the mean, and who was answered."""
    answered = np.isfinite(seconds)
    return np.where(answered, seconds, np.nan), answered
