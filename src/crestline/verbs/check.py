"""``crestline check``: what a sound scenario says, in the figures a planner would ask for first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crestline.scenario import Scenario, live_time_scale, warnings
from crestline.tables import Staffing
from crestline.workload import Span, day, timeline, window
from crestline.workload.arrivals import demand_curve, expected_arrivals, expected_by_contact

SLICES = 200  # a contact type is divided among groups in so many parts


class Stretch(NamedTuple):
    """First contacts of the whole day, or of a drill's window."""

    start: str
    end: str
    contacts: float
    peak_per_s: float
    peak_at: str


class GroupLoad(NamedTuple):
    """What a group of agents is offered at the peak of the drill's window."""

    group: str
    offered_erlang: float
    slots: int


class Summary(NamedTuple):
    """What a scenario says."""

    day: Stretch
    window: Stretch
    real_s: float  # how long the window takes live
    groups: list[GroupLoad]
    warnings: list[str]


def summarize(scenario: Scenario) -> Summary:
    """Demand of day and window, offered load of each group at the window's peak, warnings."""
    span = window(scenario)
    drilled, peak_s = _stretch(scenario, span)
    return Summary(
        day=_stretch(scenario, day(scenario))[0],
        window=drilled,
        real_s=(span.end_s - span.start_s) / live_time_scale(scenario),
        groups=_group_loads(scenario, span, drilled.peak_per_s, peak_s),
        warnings=warnings(scenario),
    )


def _stretch(scenario: Scenario, span: Span) -> tuple[Stretch, float]:
    curve = demand_curve(scenario, span)
    per_s = np.where(curve.at_s <= span.end_s, curve.per_s, 0.0)
    peak_s = float(curve.at_s[per_s.argmax()])
    start, end, peak = (scenario.clock(instant) for instant in (span.start_s, span.end_s, peak_s))
    return Stretch(start, end, expected_arrivals(scenario, span), float(per_s.max()), peak), peak_s


def _group_loads(scenario: Scenario, span: Span, per_s: float, at_s: float) -> list[GroupLoad]:
    """Offered load in erlang: rate x share not resolved by the bot x mean handle time, first contacts only.

    Contact types that several groups serve are divided so that these groups are equally busy, as far as it goes.
    """
    slots = {staffing.group: _slots_at(staffing, at_s) for staffing in timeline(scenario, span).staffing}
    loads, shares = dict.fromkeys(slots, 0.0), _shares(scenario, span)
    serving = {name: [g for g, a in scenario.agents.items() if name in a.skills] for name in scenario.contacts}
    for name in sorted(scenario.contacts, key=lambda name: len(serving[name])):
        offered = per_s * shares[name] * _erlang(scenario, name)
        for _ in range(SLICES):
            least = min(serving[name], key=lambda group: (loads[group] + offered / SLICES) / max(slots[group], 1e-9))
            loads[least] += offered / SLICES
    return [GroupLoad(group, loads[group], slots[group]) for group in loads]


def _shares(scenario: Scenario, span: Span) -> dict[str, float]:
    """What part of all contacts is of each type; of a recorded day as they were recorded."""
    expected = expected_by_contact(scenario, span)
    total = sum(expected.values())
    return {name: many / total if total else 0.0 for name, many in expected.items()}


def _erlang(scenario: Scenario, name: str) -> float:
    """Offered load in erlang of one contact a second."""
    contact = scenario.contacts[name]
    met_by_bot = scenario.triage is not None and contact.bot == "triage"
    return (1 - contact.bot_resolves if met_by_bot else 1) * contact.handle_time.mean_s


def _slots_at(staffing: Staffing, at_s: float) -> int:
    steps = zip(staffing.time_s, staffing.slots, strict=True)
    return [count for begin, count in steps if begin <= at_s][-1]
