"""What a drill is about to do, said before it does it."""

from __future__ import annotations

from crestline.scenario import Scenario
from crestline.units import format_duration, format_level
from crestline.workload import Span
from crestline.workload.arrivals import expected_arrivals, peak_rate


def announcement(scenario: Scenario, span: Span, target: str) -> list[str]:
    """Duration, contacts, peak per second, faults and target, a line each."""
    test = scenario.load_test
    lasts = span.end_s - span.start_s
    peak = peak_rate(scenario, span)
    return [
        f"plays     {scenario.clock(span.start_s)} to {scenario.clock(span.end_s)} "
        f"({format_duration(lasts)} in {format_duration(lasts / test.time_scale)}, time scale {test.time_scale:g})",
        f"load      {format_level(span.level)} of usual demand: about {expected_arrivals(scenario, span):,.0f} "
        f"customers, at most {peak * 60:,.0f} a minute ({peak * test.time_scale:,.0f} per real second)",
        f"faults    {_faults(scenario)}",
        f"target    {target}",
    ]


def _faults(scenario: Scenario) -> str:
    said = [
        f"{f.kind} at {scenario.clock(scenario.instant(f.at))} for {format_duration(f.for_)}" for f in scenario.faults
    ]
    return ", ".join(said) or "none"
