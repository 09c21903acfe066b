"""How the service did on the fitted dates: what a forecast of the fitted day has to give back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crestline.fit.calls import Calls
from crestline.fit.day_type import DayType
from crestline.fit.estimate import Estimate
from crestline.scenario.objectives import SERVICE_LEVEL_S
from crestline.tables import Bools, Floats

DRAWS = 500


class History(NamedTuple):
    """Measures of the log with intervals over dates; contacts are those who asked for an agent in opening hours."""

    contacts: int
    abandonment: Estimate
    mean_wait_s: Estimate
    service_level: Estimate
    wait_p90_s: float
    wait_by_contact: dict[str, float]


def measure_history(calls: Calls, day_type: DayType, cut: Bools) -> History:
    """The history of the fitted dates; whole dates are drawn again for the intervals, since days differ."""
    ours = calls.take(counted(calls, day_type, cut))
    in_time = (ours.answered & (ours.wait_s <= SERVICE_LEVEL_S)).astype(float)
    columns = np.column_stack((np.ones(len(ours)), ours.abandoned, ours.wait_s, in_time))
    by_day = np.array([columns[ours.day == day].sum(axis=0) for day in day_type.days])
    abandonment, wait, level = _ratios(by_day, len(ours))
    waits = {name: ours.wait_s[ours.contact == i] for i, name in enumerate(ours.contacts)}
    return History(
        contacts=len(ours),
        abandonment=abandonment,
        mean_wait_s=wait,
        service_level=level,
        wait_p90_s=float(np.quantile(ours.wait_s, 0.9, method="inverted_cdf")),
        wait_by_contact={name: float(seconds.mean()) for name, seconds in waits.items() if len(seconds)},
    )


def counted(calls: Calls, day_type: DayType, cut: Bools) -> Bools:
    """Calls that count: asked for an agent, on the fitted dates, in opening hours, outside of outages."""
    in_hours = (calls.queue_s >= day_type.opens_s) & (calls.queue_s < day_type.closes_s)
    return calls.queued & day_type.on(calls) & in_hours & ~cut


def _ratios(by_day: Floats, n: int) -> list[Estimate]:
    """Sums over contacts per day -> means over all contacts, with bootstrap intervals over days."""
    stream = np.random.Generator(np.random.Philox(n))
    drawn = by_day[stream.integers(len(by_day), size=(DRAWS, len(by_day)))].sum(axis=1)
    total = by_day.sum(axis=0)
    low, high = np.percentile(drawn[:, 1:] / drawn[:, :1], [2.5, 97.5], axis=0)
    values = total[1:] / total[0]
    return [Estimate(float(v), float(a), float(b), n) for v, a, b in zip(values, low, high, strict=True)]
