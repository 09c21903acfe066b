"""The part of the day that is played: the whole of it, or the window of a load test."""

from __future__ import annotations

import math
from typing import NamedTuple

from crestline.faults import planned_faults
from crestline.scenario import Scenario
from crestline.scenario.load_shape import ClockPart
from crestline.tables import Part

GRID_PER_S = 1024  # instants of the timeline stand on this grid, so that sums and differences of them are exact


class Span(NamedTuple):
    """What is played and measured; instants in seconds since ``day.start``."""

    start_s: float
    measured_from_s: float
    end_s: float
    ramp_s: float  # the demand rises from nothing to its level over this time
    level: float  # factor on the whole demand curve
    horizon_s: float  # the latest end, should the play go on until a fault has been recovered from
    course: tuple[tuple[float, float], ...] = ()  # from when on which level is played, where that is not one alone
    parts: tuple[Part, ...] = ()  # what is judged one by one


def on_grid(instant_s: float) -> float:
    """The nearest instant on the grid of 1/1024 s."""
    return math.floor(instant_s * GRID_PER_S + 0.5) / GRID_PER_S


def day(scenario: Scenario, level: float = 1.0) -> Span:
    """The whole day at its usual level; ``settle`` is left out of the measures."""
    end = on_grid(scenario.day.length)
    return Span(0.0, on_grid(scenario.settle), end, 0.0, level, _horizon(scenario, 0.0, end))


def window(scenario: Scenario) -> Span:
    """The window of the load test, at its level and in its shape; measured from the ramp's end."""
    test = scenario.load_test
    start = on_grid(scenario.instant(test.from_))
    end = on_grid(start + test.for_)
    course = tuple((on_grid(scenario.instant(clock)), level) for clock, level in test.course)
    return Span(
        start_s=start,
        measured_from_s=on_grid(start + test.ramp),
        end_s=end,
        ramp_s=test.ramp,
        level=test.level,
        horizon_s=_horizon(scenario, start, end),
        course=course if len(course) > 1 else (),
        parts=tuple(_part(scenario, part) for part in test.parts),
    )


def _part(scenario: Scenario, part: ClockPart) -> Part:
    clocks = (part.start, part.measured_from, part.end)
    start, measured_from, end = (on_grid(scenario.instant(clock)) for clock in clocks)
    return Part(part.level, start, measured_from, end, part.asked)


def _horizon(scenario: Scenario, start: float, end: float) -> float:
    effects = [f.start_s for f in planned_faults(scenario) if start <= f.start_s < end]
    return max([end, *(on_grid(effect + scenario.recovery.give_up) for effect in effects)])
