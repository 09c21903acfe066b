"""The three alert levels (DOMAIN row 17): shown and recorded, in every execution; they decide nothing.

1: answers take too long, standby agents are due. 2: satisfaction is too low, review. 3: complaints rise, executive.
Each is a plain rule on counts of one control tick, or of the ticks of one interval: a live run counts as it goes, a
finished table is counted at once (``alert_counts``), and both are judged here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from crestline.measures.guards import FEWEST, IMPROBABLE
from crestline.scenario import Alerts, Scenario
from crestline.tables import Floats
from crestline.units import format_duration, format_share

SLOW_ANSWERS, SATISFACTION, COMPLAINTS = "slow_answers", "satisfaction", "complaints"
LEVELS = {1: SLOW_ANSWERS, 2: SATISFACTION, 3: COMPLAINTS}
WHO = {1: "standby agents are due", 2: "the service is to be reviewed", 3: "the executive is to be told"}


class Counts(NamedTuple):
    """What alerts look at on one control tick: contacts since the tick before."""

    seen: int = 0  # answered, ended, or still waiting
    late: int = 0  # of them: waited longer than the limit, or ended without an answer
    ended: int = 0
    satisfied: int = 0
    resolved: int = 0
    rated: int = 0  # of the resolved ones
    complaints: int = 0  # planned


@dataclass(frozen=True)
class Alert:
    """One alert. ``value`` is the worst share, or for level 3 factor, from ``start_s`` to ``end_s``.

    It was raised at ``at_s``, the control tick on which it was known first.
    """

    level: int
    start_s: float
    at_s: float
    end_s: float
    value: float
    limit: float
    what: str

    @property
    def measure(self) -> str:
        """What it is about, as ``run.json`` spells it."""
        return LEVELS[self.level]


def slow_answers(tick_s: float, bucket_s: float, seen: int, late: int, limits: Alerts) -> Alert | None:
    """Level 1, on a tick: of the contacts answered, ended or waiting since the last one, too many over the limit.

    Too many is a number that is improbable for the allowed share (binomial, one-sided 0.1 %), of at least ten.
    """
    if not improbably_many(seen, late, limits.slow):
        return None
    return Alert(1, tick_s - bucket_s, tick_s, tick_s, late / seen, limits.slow, what(1, limits))


def low_satisfaction(from_s: float, to_s: float, counts: Counts, limits: Alerts) -> Alert | None:
    """Level 2, as an interval ends: of the contacts that ended in it too few are satisfied, of at least ten.

    Who was not resolved is not satisfied. Nothing is known where contacts were resolved and nobody has rated.
    """
    if counts.ended < FEWEST or (counts.resolved and not counts.rated):
        return None
    share = counts.satisfied / counts.ended
    return (
        Alert(2, from_s, to_s, to_s, share, limits.satisfaction, what(2, limits))
        if share < limits.satisfaction
        else None
    )


def rising_complaints(
    from_s: float, to_s: float, now: int, before: int, before_s: float, limits: Alerts
) -> Alert | None:
    """Level 3, as an interval ends: so many more complaints came than in the one before, which took ``before_s``.

    So many that they are improbable if complaints came at one rate in both, of all that came (binomial, one-sided
    0.1 %); at least ten in each. Small counts often differ by half.
    """
    if min(now, before) < FEWEST:
        return None
    now_s, limit = to_s - from_s, 1 + limits.complaints
    factor = (now / now_s) / (before / before_s)
    if factor < limit or not improbably_many(now + before, now, now_s / (now_s + before_s)):
        return None
    return Alert(3, from_s, to_s, to_s, factor, limit, what(3, limits))


def join(alerts: Sequence[Alert], new: Alert | None) -> list[Alert]:
    """The alerts of one level with one more: what follows without a gap is one alert, with the worst value."""
    if new is None:
        return list(alerts)
    if not alerts or alerts[-1].end_s < new.start_s:
        return [*alerts, new]
    last, worst = alerts[-1], min if new.level == 2 else max
    return [*alerts[:-1], replace(last, end_s=new.end_s, value=worst(last.value, new.value))]


class Judge:
    """Judges tick after tick, with what was counted on each; for whoever cannot wait for the finished table."""

    def __init__(self, scenario: Scenario, ticks_s: Sequence[float]) -> None:
        self._limits, self._bucket_s, self._interval_s = scenario.alerts, scenario.recovery.bucket, scenario.interval
        self._ticks_s = ticks_s
        self._since_s = ticks_s[0] - self._bucket_s if ticks_s else 0.0
        self._sum, self._before, self._before_s = Counts(), 0, 1.0  # of the interval, and complaints of the one before

    def look(self, number: int, counts: Counts) -> dict[int, Alert | None]:
        """The levels that are judged on a tick: each with its alert, or None where all is well."""
        tick_s, limits = self._ticks_s[number], self._limits
        self._sum = Counts(*map(sum, zip(self._sum, counts, strict=True)))
        judged = {1: slow_answers(tick_s, self._bucket_s, counts.seen, counts.late, limits)}
        following = self._ticks_s[number + 1 : number + 2]
        if following and interval_of(tick_s, self._interval_s) == interval_of(following[0], self._interval_s):
            return judged
        from_s, whole = self._since_s, self._sum
        judged[2] = low_satisfaction(from_s, tick_s, whole, limits)
        judged[3] = rising_complaints(from_s, tick_s, whole.complaints, self._before, self._before_s, limits)
        self._since_s, self._sum = tick_s, Counts()
        self._before, self._before_s = whole.complaints, tick_s - from_s
        return judged


def in_order(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """By the instant at which they were raised."""
    return tuple(sorted(alerts, key=lambda alert: (alert.at_s, alert.level)))


def interval_of(tick_s: float, interval_s: float) -> int:
    """Which interval of the day the bucket before a tick belongs to."""
    return math.ceil(tick_s / interval_s - 1e-9) - 1


def intervals_of(ticks_s: Floats, interval_s: float) -> Floats:
    """The same of many ticks."""
    return np.asarray(np.ceil(ticks_s / interval_s - 1e-9) - 1)


def what(level: int, limits: Alerts) -> str:
    """What an alert is about, in words."""
    if level == 1:
        return f"answers over {format_duration(limits.answer)}"
    return {2: "customers satisfied", 3: "complaints"}[level]


def limit_of(level: int, limits: Alerts) -> float:
    """The limit beyond which an alert is raised: a share, for level 3 a factor."""
    return {1: limits.slow, 2: limits.satisfaction, 3: 1 + limits.complaints}[level]


def sentence(alert: Alert, *, is_drill: bool) -> str:
    """The alert as it is told: marked in a drill, so that nobody takes it for real."""
    if alert.level == 3:
        told = f"{alert.value:.1f} times the complaints of the interval before, limit {alert.limit:.1f}"
    else:
        told = f"{format_share(alert.value)} of {alert.what}, limit {format_share(alert.limit)}"
    return f"{'[DRILL] ' if is_drill else ''}alert level {alert.level}: {told}; {WHO[alert.level]}"


@lru_cache(maxsize=4096)
def improbably_many(of: int, hits: int, chance: float) -> bool:
    """Whether ``hits`` or more of at least ten are improbable, 0.1 %, where each is one with the same chance."""
    if of < FEWEST or hits <= chance * of or chance >= 1:
        return False
    spread = math.lgamma(of + 1) - math.lgamma(hits + 1) - math.lgamma(of - hits + 1)
    exactly = math.exp(spread + hits * math.log(chance) + (of - hits) * math.log1p(-chance))
    tail = 0.0
    for number in range(hits, of + 1):
        tail += exactly
        if tail >= IMPROBABLE or exactly < IMPROBABLE * 1e-12:
            break
        exactly *= (of - number) / (number + 1) * chance / (1 - chance)
    return tail < IMPROBABLE
