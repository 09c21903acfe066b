"""What is allowed but worth saying before a run, and the pace at which a drill can be played live."""

from __future__ import annotations

import numpy as np

from crestline.scenario.model import Scenario
from crestline.scenario.replay import Replay
from crestline.tables import Floats
from crestline.units import format_clock, format_duration

LIVE_ARRIVALS_PER_S = 300.0  # in real time; up to here one injector process keeps within its measured bias
_GRID_S = 60.0


def live_time_scale(scenario: Scenario) -> float:
    """Scenario seconds per real second of a drill: as asked, but at most 300 arrivals per real second at the peak."""
    peak = peak_per_s(scenario)
    asked = scenario.load_test.time_scale
    return min(asked, LIVE_ARRIVALS_PER_S / peak) if peak > 0 else asked


def peak_per_s(scenario: Scenario) -> float:
    """The highest rate of first contacts per second in a drill's window, at its level."""
    window = scenario.load_test
    begin, end = window.from_, window.from_ + window.for_
    corners = [*scenario.demand.rate.at, *(clock for clock, _ in window.course), begin, end]
    for surge in scenario.demand.surges:
        corners += [surge.at, surge.at + surge.ramp, surge.at + surge.for_ - surge.ramp]
    inside = [corner for corner in corners if begin <= corner <= end]
    clock_s: Floats = np.concatenate((np.arange(begin, end, _GRID_S), inside))
    from_, levels = np.array(window.course).T
    level = levels[np.maximum(np.searchsorted(from_, clock_s, side="right") - 1, 0)]
    return float((level * scenario.demand.per_s(clock_s)).max())


def warnings(scenario: Scenario) -> list[str]:
    """What a run would do otherwise than its reader may expect, one sentence each."""
    return [
        *_recovery_without_fault(scenario),
        *_slower_than_asked(scenario),
        *_bot_that_is_not_there(scenario),
        *_bot_that_is_given_up_on(scenario),
        *_fault_past_the_end(scenario),
        *_times_without_shift(scenario),
        *_recorded_and_left_out(scenario),
        *_recorded_and_sampled(scenario),
    ]


def _recovery_without_fault(scenario: Scenario) -> list[str]:
    asked = any(objective.measure == "recovery" for objective in scenario.objectives)
    if not asked or scenario.faults:
        return []
    return ["objectives: recovery is asked for but there is no fault, so it is not judged; add one under faults"]


def _slower_than_asked(scenario: Scenario) -> list[str]:
    asked, kept = scenario.load_test.time_scale, live_time_scale(scenario)
    if kept == asked:
        return []
    words = f"load_test.time_scale: lowered from {asked:g} to {kept:.3g}"
    return [f"{words}, so that a live drill stays under {LIVE_ARRIVALS_PER_S:g} arrivals per real second"]


def _bot_that_is_not_there(scenario: Scenario) -> list[str]:
    if scenario.triage is not None:
        return []
    named = [name for name, contact in scenario.contacts.items() if contact.bot_resolves > 0]
    return [f"contacts.{name}.bot_resolves: without triage no bot resolves anything" for name in named]


def _bot_that_is_given_up_on(scenario: Scenario) -> list[str]:
    if scenario.triage is None or scenario.triage.breaker is None:
        return []
    timeout_s, reply_s = scenario.triage.breaker.timeout, scenario.triage.reply_time.mean_s
    if timeout_s > reply_s:
        return []
    usual = f"a reply takes {format_duration(reply_s)} on average"
    return [f"triage.breaker.timeout: is {format_duration(timeout_s)} and {usual}, so that it opens without any fault"]


def _fault_past_the_end(scenario: Scenario) -> list[str]:
    end = scenario.load_test.from_ + scenario.load_test.for_
    return [
        f"faults[{index}]: lasts beyond the window, which ends at {format_clock(end)}"
        for index, fault in enumerate(scenario.faults)
        if fault.at + fault.for_ > end
    ]


def _times_without_shift(scenario: Scenario) -> list[str]:
    """Where shifts leave a group without anybody, which ``crestline plan`` cannot mend."""
    said = []
    for group in scenario.agents if scenario.shifts else ():
        reached, day = scenario.day.start, scenario.day
        worked = [s for s in scenario.shifts.values() if s.is_for(group)]
        for begin, end in sorted(span for s in worked for start in s.start for span in s.on_duty(start)):
            if begin > reached:
                break
            reached = max(reached, end)
        if reached < day.end:
            said.append(
                f"shifts: nobody of {group} can be on duty at {format_clock(reached)}; add a shift that covers it"
            )
    return said


def _recorded_and_left_out(scenario: Scenario) -> list[str]:
    if not isinstance(scenario.demand.rate, Replay):
        return []
    at_s, day = scenario.demand.rate.recorded.at_s, scenario.day
    outside = int(((at_s < day.start) | (at_s >= day.end)).sum())
    where = f"the day, {format_clock(day.start)} to {format_clock(day.end)}"
    told = f"demand.rate: {outside:,} of {len(at_s):,} recorded arrivals are outside {where}, and are not played"
    return [told] if outside else []


def _recorded_and_sampled(scenario: Scenario) -> list[str]:
    if not isinstance(scenario.demand.rate, Replay) or scenario.recontact is None:
        return []
    return ["recontact: a recorded day holds those who came again already; without recontact nobody is counted twice"]
