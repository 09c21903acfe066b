"""What a drill is about to do, said before it does it."""

from __future__ import annotations

from collections.abc import Sequence

from crestline.live.adapters import DESK
from crestline.live.faults import FROM_OUTSIDE, ON_TARGET
from crestline.notify import Channel
from crestline.scenario import Replay, Scenario
from crestline.scenario.load_shape import Graduated, Soak, Spike
from crestline.units import format_clock, format_duration, format_level
from crestline.verbs.unmeasured import not_to_be_judged
from crestline.workload import Span
from crestline.workload.arrivals import expected_arrivals, peak_rate


def announcement(
    scenario: Scenario,
    span: Span,
    target: str,
    adapter: str = DESK,
    *,
    agents: bool = True,
    notify: Sequence[Channel] = (),
) -> list[str]:
    """Duration, contacts, peak per second, faults and target, a line each; who is told; and what cannot be judged."""
    test = scenario.load_test
    lasts = span.end_s - span.start_s
    peak = peak_rate(scenario, span)
    return [
        f"plays     {scenario.clock(span.start_s)} to {scenario.clock(span.end_s)} "
        f"({format_duration(lasts)} in {format_duration(lasts / test.time_scale)}, time scale {test.time_scale:g})",
        f"load      {load_in_words(scenario)}: about {expected_arrivals(scenario, span):,.0f} "
        f"customers, at most {peak * 60:,.0f} a minute ({peak * test.time_scale:,.0f} per real second)",
        f"faults    {_faults(scenario, agents=agents)}",
        f"target    {target}",
        *([f"alerts    {_told(notify, agents=agents)}"] if notify else []),
        *(f"unseen    {objective}" for objective in not_to_be_judged(scenario, adapter, agents=agents)),
    ]


def load_in_words(scenario: Scenario) -> str:
    """How hard a drill is, and how it gets there: ``50 % to 200 % of usual demand in 4 steps, asked up to 100 %``."""
    test, usual = scenario.load_test, "the recorded day" if isinstance(scenario.demand.rate, Replay) else "usual demand"
    level = f"{format_level(test.level)} of {usual}"
    match test.shape:
        case Graduated(levels=(lowest, *_, highest) as levels):
            climb = f"{format_level(lowest)} to {format_level(highest)} of {usual} in {len(levels)} steps"
            return f"{climb}, asked up to {format_level(test.level)}"
        case Spike(at=at, for_=lasts, base=base):
            burst = f"{format_level(test.level)} from {format_clock(at)} to {format_clock(at + lasts)}"
            return f"{format_level(base)} of {usual}, {burst}"
        case Soak(parts_=many):
            return f"{level}, judged in {many} parts"
    return level


def _told(notify: Sequence[Channel], *, agents: bool) -> str:
    """Who hears of alerts."""
    names = ", ".join(channel.name for channel in notify)
    return f"are sent to {names}" if agents else f"nothing is sent to {names}: without agents none is raised"


def _faults(scenario: Scenario, *, agents: bool) -> str:
    """What will break; agents who are not there do not leave."""
    said = [
        f"{f.kind} at {scenario.clock(scenario.instant(f.at))} for {format_duration(f.for_)}"
        for f in scenario.faults
        if agents or f.kind in ON_TARGET | FROM_OUTSIDE
    ]
    return ", ".join(said) or "none"
