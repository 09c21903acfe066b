"""Which dates of a log are of the type that is fitted, and when the service is open on them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from crestline.errors import UsageError
from crestline.fit.calls import DAY_S, Calls
from crestline.tables import Bools

HALF_HOUR_S = 1800.0
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
QUIET = 0.5  # below this share of the busiest weekday's calls a weekday is no working day; likewise a date of its kind


@dataclass(frozen=True)
class DayType:
    """The fitted dates (as day numbers), their weekdays, and the hours between which agents take calls."""

    days: tuple[int, ...]
    weekdays: tuple[str, ...]
    quiet_days: tuple[int, ...]  # of the right weekday, but with too few calls to be usual (holidays)
    opens_s: float
    closes_s: float

    @property
    def bins(self) -> int:
        """Half hours in the day."""
        return round((self.closes_s - self.opens_s) / HALF_HOUR_S)

    def of(self, calls: Calls) -> Bools:
        """Which calls came on the fitted dates in opening hours."""
        return self.on(calls) & (calls.asked_s >= self.opens_s) & (calls.asked_s < self.closes_s)

    def on(self, calls: Calls) -> Bools:
        """Which calls came on the fitted dates."""
        return np.isin(calls.day, self.days)


def day_type(calls: Calls, wanted: str) -> DayType:
    """The dates that ``wanted`` means: ``workday`` (found from the log), ``all``, or weekdays such as ``sun-thu``."""
    volume: dict[int, int] = defaultdict(int)
    for day in calls.day[calls.queued]:
        volume[int(day)] += 1
    usual = _usual_volume(calls, volume)
    weekdays = _weekdays(wanted, usual)
    right = [day for day in sorted(volume) if _weekday(calls.date(day)) in weekdays]
    if not right:
        msg = f"--day {wanted}: no date of the log falls on it (the log has {', '.join(sorted(usual))})"
        raise UsageError(msg)
    quiet = tuple(day for day in right if volume[day] < QUIET * usual[_weekday(calls.date(day))])
    days = tuple(day for day in right if day not in quiet)
    opens_s, closes_s = _opening_hours(calls, days)
    return DayType(days, tuple(w for w in WEEKDAYS if w in weekdays), quiet, opens_s, closes_s)


def _usual_volume(calls: Calls, volume: dict[int, int]) -> dict[str, float]:
    """Median calls of each weekday that the log holds."""
    by_weekday: dict[str, list[int]] = defaultdict(list)
    for day, count in volume.items():
        by_weekday[_weekday(calls.date(day))].append(count)
    return {weekday: float(np.median(counts)) for weekday, counts in by_weekday.items()}


def _weekdays(wanted: str, usual: dict[str, float]) -> frozenset[str]:
    """The weekdays that a --day means."""
    word = wanted.strip().lower()
    if word == "all":
        return frozenset(WEEKDAYS)
    if word == "workday":
        return frozenset(w for w, count in usual.items() if count >= QUIET * max(usual.values()))
    chosen: set[str] = set()
    for part in word.split(","):
        first, _, last = (p.strip()[:3] for p in part.partition("-"))
        if first not in WEEKDAYS or (last and last not in WEEKDAYS):
            msg = f'--day: got "{wanted}", expected workday, all, or weekdays such as sun-thu or mon,wed'
            raise UsageError(msg)
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last) - start) % 7 if last else 0
        chosen |= {WEEKDAYS[(start + k) % 7] for k in range(length + 1)}
    return frozenset(chosen)


def _weekday(date: dt.date) -> str:
    return WEEKDAYS[date.weekday()]


def _opening_hours(calls: Calls, days: tuple[int, ...]) -> tuple[float, float]:
    """First and last half hour in which callers usually get through and someone answers on half of the dates."""
    ours = np.isin(calls.day, days)
    slot = np.minimum(calls.asked_s // HALF_HOUR_S, DAY_S // HALF_HOUR_S - 1).astype(int)
    slots = int(DAY_S // HALF_HOUR_S)
    came = np.bincount(slot[ours], minlength=slots)
    through = np.bincount(slot[ours & calls.queued], minlength=slots)
    answered = np.zeros(slots)
    for day in days:
        answered[np.unique(slot[calls.answered & (calls.day == day)])] += 1
    is_open = np.flatnonzero((through > 0.5 * came) & (answered >= 0.5 * len(days)))
    if not len(is_open):
        msg = "no half hour of the day has answered calls on half of the dates; the log is too thin to fit a day"
        raise UsageError(msg)
    return float(is_open[0] * HALF_HOUR_S), float((is_open[-1] + 1) * HALF_HOUR_S)
