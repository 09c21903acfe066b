"""What must fit together in a load: the shape of a load test and its window, a recorded day and the contact types."""

from __future__ import annotations

from collections.abc import Iterator

from crestline.scenario.block import Place, nearest
from crestline.scenario.load_shape import Graduated, Spike
from crestline.scenario.model import Scenario
from crestline.scenario.replay import Replay
from crestline.units import format_clock, format_duration, format_level, show, spell_duration

SHAPE: Place = ("load_test", "shape")


def steps_fill_the_window(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    """The ramp and the steps after it are as long as the window."""
    test, shape = scenario.load_test, scenario.load_test.shape
    if not isinstance(shape, Graduated) or shape.length is None:
        return
    whole = test.ramp + shape.length
    if abs(whole - test.for_) > 1e-3:
        words = f"ramp and {len(shape.levels)} steps take {format_duration(whole)}"
        told = f"the window takes {format_duration(test.for_)}; set load_test.for to {spell_duration(whole)}"
        yield (*SHAPE, shape.kind, "each"), f"{words}, {told}, or leave either out"


def some_step_is_asked(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    """The objectives have to hold in the steps up to the level of the load test: there is one."""
    test, shape = scenario.load_test, scenario.load_test.shape
    if isinstance(shape, Graduated) and shape.levels[0] > test.level:
        words = f"begin at {format_level(shape.levels[0])}, beyond load_test.level ({format_level(test.level)})"
        yield (*SHAPE, shape.kind, "levels"), f"{words}; up to it the objectives have to hold, expected at least one"


def spike_lies_in_the_window(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    """The burst begins after the ramp and ends before the window does, and is higher than what is around it."""
    test, shape = scenario.load_test, scenario.load_test.shape
    if not isinstance(shape, Spike):
        return
    begin, end = test.from_ + test.ramp, test.from_ + test.for_
    where = f"the window is {format_clock(begin)}, after its ramp, to {format_clock(end)}"
    if not begin <= shape.at < end:
        yield (*SHAPE, shape.kind, "at"), f"{format_clock(shape.at)} is outside the window; {where}"
    elif shape.at + shape.for_ >= end:
        words = f"the burst ends at {format_clock(shape.at + shape.for_)}, expected before the window does"
        yield (*SHAPE, shape.kind, "for"), f"{words}; {where}"
    if shape.base >= test.level:
        words = f"got {format_level(shape.base)}, expected less than load_test.level"
        yield (*SHAPE, shape.kind, "base"), f"{words} ({format_level(test.level)}), which the burst has"


def recorded_contacts_are_known(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    """What customers of a recorded day came for is a contact type."""
    if isinstance(scenario.demand.rate, Replay):
        for name in scenario.demand.rate.recorded.names:
            if name not in scenario.contacts:
                words = f"{show(name)} is no contact type; {nearest(name, scenario.contacts)}"
                yield ("demand", "rate", "replay"), f"in the column contact, {words}"


def some_recorded_arrival_is_played(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    """The recorded day and the day that is played have some time in common."""
    if isinstance(scenario.demand.rate, Replay):
        at_s, day = scenario.demand.rate.recorded.at_s, scenario.day
        if not ((at_s >= day.start) & (at_s < day.end)).any():
            where = f"the day, {format_clock(day.start)} to {format_clock(day.end)}"
            yield ("demand", "rate", "replay"), f"none of {len(at_s):,} recorded arrivals is in {where}"
