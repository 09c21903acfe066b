"""When it hurts: the stretches of the day in which work outgrew slots, or an objective failed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from crestline.bottleneck import Row, is_full, stretches
from crestline.replicate import Day
from crestline.scenario import Objective, Scenario
from crestline.units import format_clock

MOST_STRETCHES = 3  # a roster with more exceptions than that is nothing one would write down
COLUMNS = {  # measure: the column of the intervals that tells when it was bad
    "frt": "frt_p90_s",
    "agent_frt": "agent_frt_p90_s",
    "wait": "agent_frt_p90_s",
    "service_level": "service_level",
    "abandonment": "abandonment",
    "resolution": "abandonment",
    "error_rate": "error_rate",
    "satisfaction": "satisfaction",
    "occupancy": "occupancy",
}
ALWAYS = 0.8  # of the day: what hurts for so long is a matter of the whole day
Stretch = tuple[float, float]


class Window(NamedTuple):
    """Stretches of a day, in clock seconds from and to; ``is_day``: the whole of it."""

    spans: tuple[Stretch, ...]
    is_day: bool = False

    def holds(self, clock_s: float) -> bool:
        """Whether a clock time lies in it."""
        return any(start <= clock_s < end for start, end in self.spans)

    def __str__(self) -> str:
        if self.is_day:
            return "all day"
        return " and ".join(f"{format_clock(start)}-{format_clock(end)}" for start, end in self.spans)


def whole_day(scenario: Scenario) -> Window:
    """From its start to its end."""
    return Window(((scenario.day.start, scenario.day.end),), is_day=True)


def windows(scenario: Scenario, days: Sequence[Day], rows: Sequence[Row], missed: Sequence[Objective]) -> list[Window]:
    """The worst stretch, all stretches that hurt, the whole day: the narrowest first, without those that are equal."""
    hurts = _hurting(missed)
    found = [_rounded(scenario, stretch) for stretch in stretches(rows, hurts)]
    found += _after_faults(scenario, days, missed)
    every = whole_day(scenario)
    if not found:
        found = [_rounded(scenario, stretch) for stretch in stretches(rows, _busiest(rows))]
    if not found:
        return [every]
    worst = max(stretches(rows, hurts), key=_contacts, default=None)
    narrow = Window((_rounded(scenario, worst) if worst else found[0],))
    together = Window(_joined(found, scenario.interval))
    lasting = sum(end - start for start, end in together.spans)
    made = [narrow, together] if lasting < ALWAYS * scenario.day.length else [narrow]
    return [*dict.fromkeys(made), every]


def _hurting(missed: Sequence[Objective]) -> Callable[[Row], bool]:
    asked = [(objective, COLUMNS[objective.measure]) for objective in missed if objective.measure in COLUMNS]

    def hurts(row: Row) -> bool:
        seen = [(objective, row.get(column)) for objective, column in asked]
        return is_full(row) or any(value is not None and not objective.holds(value) for objective, value in seen)

    return hurts


def _busiest(rows: Sequence[Row]) -> Callable[[Row], bool]:
    """Where agents are busy nearly as at the busiest time."""
    most = max((row.get("occupancy") or 0.0 for row in rows), default=0.0)
    return lambda row: (row.get("occupancy") or 0.0) > 0.9 * most


def _contacts(stretch: Sequence[Row]) -> float:
    return float(sum(row["offered"] or 0.0 for row in stretch))


def _after_faults(scenario: Scenario, days: Sequence[Day], missed: Sequence[Objective]) -> Iterator[Stretch]:
    """From each fault to when customers were served as before on most days, where that is what is missed."""
    if not any(objective.measure == "recovery" for objective in missed):
        return
    for same in zip(*(day.recoveries for day in days), strict=True):
        took = sorted(r.operational_recovery_s or 0.0 for r in same)
        effect = same[0].effective_s
        if effect is not None and took[-1] > 0:
            yield _span(scenario, effect, effect + took[len(took) // 2] + scenario.recovery.sustain)


def _rounded(scenario: Scenario, stretch: Sequence[Row]) -> Stretch:
    return _span(scenario, stretch[0]["start_s"], stretch[-1]["start_s"] + stretch[-1]["length_s"])


def _span(scenario: Scenario, from_s: float, to_s: float) -> Stretch:
    """Two instants as clock times, out to the nearest intervals, within the day."""
    step, day = scenario.interval, scenario.day
    start = math.floor(from_s / step) * step
    end = min(math.ceil(to_s / step) * step, day.length)
    return (day.start + start, day.start + max(end, min(start + step, day.length)))


def _joined(found: Sequence[Stretch], gap_s: float) -> tuple[Stretch, ...]:
    """In order, those together that touch or lie a gap apart; one from first to last where they would be too many."""
    made: list[Stretch] = []
    for start, end in sorted(found):
        if made and start - made[-1][1] <= gap_s:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return tuple(made) if len(made) <= MOST_STRETCHES else ((made[0][0], made[-1][1]),)
