"""What must fit together about faults. Each check yields (place, words)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from crestline.scenario.block import Place, nearest
from crestline.scenario.faults import (
    AgentsLeave,
    DemandSpike,
    PlatformOutage,
    SlowAgents,
    TriageWorse,
    kind_of_effect,
)
from crestline.scenario.model import Scenario
from crestline.scenario.replay import Replay
from crestline.units import format_clock, format_duration, format_share, show

Finding = tuple[Place, str]
OF_TRIAGE = frozenset({"triage-outage", "triage-brownout", "triage-worse", "pool-freeze"})
MAY_OVERLAP = frozenset({"agents-leave", "command", "http", "chaos"})


def faults_hit_a_group(scenario: Scenario) -> Iterator[Finding]:
    """Agents leave a group that exists."""
    for index, fault in enumerate(scenario.faults):
        if isinstance(fault, AgentsLeave | SlowAgents) and fault.group not in (None, *scenario.agents):
            words = f"{show(fault.group)} is no group of agents; {nearest(str(fault.group), scenario.agents)}"
            yield ("faults", index, "group"), words


def faults_find_what_they_break(scenario: Scenario) -> Iterator[Finding]:
    """An outage of the bot needs a bot; customers can only come back where their delay is known."""
    for index, fault in enumerate(scenario.faults):
        if kind_of_effect(fault) in OF_TRIAGE and scenario.triage is None:
            place = "kind" if fault.kind in OF_TRIAGE else "as"
            yield ("faults", index, place), "the scenario has no triage that could fail"
        if isinstance(fault, PlatformOutage) and fault.recontact and scenario.recontact is None:
            yield ("faults", index, "recontact"), "needs the section recontact, which says after what delay"
        if isinstance(fault, DemandSpike) and fault.contact not in (None, *scenario.contacts):
            words = f"{show(fault.contact)} is no contact type; {nearest(str(fault.contact), scenario.contacts)}"
            yield ("faults", index, "contact"), words


def spikes_add_demand(scenario: Scenario) -> Iterator[Finding]:
    """A spike adds customers to a curve: a recorded day has its own."""
    for index, fault in enumerate(scenario.faults):
        if isinstance(fault, DemandSpike) and fault.factor <= 1:
            yield ("faults", index, "factor"), f"got {format_share(fault.factor)}, expected more than 100 %"
        if isinstance(fault, DemandSpike) and isinstance(scenario.demand.rate, Replay):
            words = "a recorded day cannot be told who else would have come; give demand.rate as a curve"
            yield ("faults", index, "kind"), words


def bad_releases_are_alike(scenario: Scenario) -> Iterator[Finding]:
    """What a bad release makes of each contact is sampled once, so that all of a scenario are the same one."""
    found = [(index, fault) for index, fault in enumerate(scenario.faults) if isinstance(fault, TriageWorse)]
    for index, fault in found[1:]:
        for key in ("resolves", "accuracy"):
            if getattr(fault, key) != getattr(found[0][1], key):
                words = f"differs from that of the triage-worse of {format_clock(found[0][1].at)}; expected the same"
                yield ("faults", index, key), words


def faults_lie_in_the_window(scenario: Scenario) -> Iterator[Finding]:
    """A fault strikes within the window that a drill plays."""
    begin, end = scenario.load_test.from_, scenario.load_test.from_ + scenario.load_test.for_
    for index, fault in enumerate(scenario.faults):
        if not begin <= fault.at < end:
            words = f"{format_clock(fault.at)} is outside the window of load_test"
            yield ("faults", index, "at"), f"{words}, {format_clock(begin)} to {format_clock(end)}"


def faults_of_a_kind_do_not_overlap(scenario: Scenario) -> Iterator[Finding]:
    """What is down cannot fail; a bot is back when its workers have started up."""
    start_up = scenario.triage.pool.start_up if scenario.triage else 0.0
    for kind in sorted({kind_of_effect(fault) for fault in scenario.faults} - MAY_OVERLAP):
        after = start_up if kind == "triage-outage" else 0.0
        found = [(index, fault) for index, fault in enumerate(scenario.faults) if kind_of_effect(fault) == kind]
        for (_, first), (index, second) in pairwise(sorted(found, key=lambda each: each[1].at)):
            back = first.at + first.for_ + after
            if second.at < back or (kind == "wire" and second.at == back):  # each is seen to be gone first
                words = f"strikes before the {first.kind} of {format_clock(first.at)} is over"
                yield ("faults", index, "at"), f"{words}, at {format_clock(back)}"


def baseline_is_long_enough(scenario: Scenario) -> Iterator[Finding]:
    """Recovery is judged against a steady time between the ramp's end and the first fault."""
    asked = any(objective.measure == "recovery" for objective in scenario.objectives)
    if not asked or not scenario.faults:
        return
    first = min(range(len(scenario.faults)), key=lambda index: scenario.faults[index].at)
    begin = scenario.load_test.from_ + scenario.load_test.ramp
    need, got = 2 * scenario.recovery.sustain, scenario.faults[first].at - begin
    if got < need:
        words = f"strikes {format_duration(got)} after the ramp's end at {format_clock(begin)}"
        yield ("faults", first, "at"), f"{words}, expected at least 2 x recovery.sustain ({format_duration(need)})"
