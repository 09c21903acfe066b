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
RECOVERY = "recovery"
ALWAYS = 0.8  # of the day: what hurts for so long is a matter of the whole day
Stretch = tuple[float, float]


class Window(NamedTuple):
    """Stretches of a day, in clock seconds from and to; ``is_day``: the whole of it."""

    spans: tuple[Stretch, ...]
    is_day: bool = False

    @property
    def lasts_s(self) -> float:
        """All stretches together."""
        return sum(end - start for start, end in self.spans)

    def holds(self, clock_s: float) -> bool:
        """Whether a clock time lies in it."""
        return any(start <= clock_s < end for start, end in self.spans)

    def __str__(self) -> str:
        if self.is_day:
            return "all day"
        *some, last = (f"{format_clock(start)}-{format_clock(end)}" for start, end in self.spans)
        return f"{', '.join(some)} and {last}" if some else last


def whole_day(scenario: Scenario) -> Window:
    """From its start to its end."""
    return Window(((scenario.day.start, scenario.day.end),), is_day=True)


def windows(scenario: Scenario, days: Sequence[Day], rows: Sequence[Row], missed: Sequence[Objective]) -> list[Window]:
    """When more agents could help: the worst stretch, after faults, all that hurts, the whole day.

    Without those that are equal, or nearly the whole day. Where nothing stands out it is when agents are busiest.
    """
    bad = stretches(rows, _hurting([objective for objective in missed if objective.measure != RECOVERY]))
    worst = max(bad, key=_contacts, default=None)
    spans = [_rounded(scenario, stretch) for stretch in bad]
    struck = list(_after_faults(scenario, days)) if any(o.measure == RECOVERY for o in missed) else []
    if not spans and not struck:
        spans = [_rounded(scenario, stretch) for stretch in stretches(rows, _busiest(rows))]
    made = [[_rounded(scenario, worst)] if worst else [], struck, [*spans, *struck]]
    narrow = [Window(_joined(each, scenario.interval)) for each in made if each]
    most_s = ALWAYS * scenario.day.length
    return [*dict.fromkeys(window for window in narrow if window.lasts_s < most_s), whole_day(scenario)]


def _hurting(missed: Sequence[Objective]) -> Callable[[Row], bool]:
    asked = [(objective, COLUMNS[objective.measure]) for objective in missed if objective.measure in COLUMNS]

    def hurts(row: Row) -> bool:
        seen = [(objective, row.get(column)) for objective, column in asked]
        return is_full(row) or any(value is not None and not objective.holds(value) for objective, value in seen)

    return hurts if missed else lambda _: False


def _busiest(rows: Sequence[Row]) -> Callable[[Row], bool]:
    """Where agents are busy nearly as at the busiest time."""
    most = max((row.get("occupancy") or 0.0 for row in rows), default=0.0)
    return lambda row: (row.get("occupancy") or 0.0) > 0.9 * most


def _contacts(stretch: Sequence[Row]) -> float:
    return float(sum(row["offered"] or 0.0 for row in stretch))


def _after_faults(scenario: Scenario, days: Sequence[Day]) -> Iterator[Stretch]:
    """From each fault that was noticed to when customers were served as before on most days.

    Where customers waited before it already, so that nobody can tell, from as long before as that is looked at.
    """
    for same in zip(*(day.recoveries for day in days), strict=True):
        effect = same[0].effective_s
        took = sorted(r.operational_recovery_s for r in same if r.operational_recovery_s is not None)
        if effect is not None and (not took or took[-1] > 0):
            before = 0.0 if took else 2 * scenario.recovery.sustain
            lasted = took[len(took) // 2] if took else scenario.recovery.limit
            yield _span(scenario, effect - before, effect + lasted + scenario.recovery.sustain)


def _rounded(scenario: Scenario, stretch: Sequence[Row]) -> Stretch:
    return _span(scenario, stretch[0]["start_s"], stretch[-1]["start_s"] + stretch[-1]["length_s"])


def _span(scenario: Scenario, from_s: float, to_s: float) -> Stretch:
    """Two instants as clock times, out to the nearest intervals, within the day."""
    step, day = scenario.interval, scenario.day
    start = max(0.0, math.floor(from_s / step) * step)
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
