"""The service-interruption handbook of a scenario: what to do, who, by when, when something breaks (DOMAIN row 12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from crestline.measures.alerts import LEVELS, WHO
from crestline.report.handbook import steps
from crestline.report.handbook.by_fault import Expected, by_fault, step_table
from crestline.report.handbook.document import BLANK, Block, Card, Cards, Document, Lines, Section, Table, Text
from crestline.report.handbook.words import PRIORITIES, ROLES, who
from crestline.scenario import Incident, Scenario
from crestline.scenario.incident import HOUR_S
from crestline.units import format_duration, format_share

HOURS = (0.5, 1, 2, 3, 4)
ALARMED = {1: "floor", 2: "lead", 3: "press"}  # who acts on each level of alert


def handbook(
    scenario: Scenario, expected: Sequence[Expected] = (), speaking: Sequence[str] = (), made_by: str = ""
) -> Document:
    """The handbook; ``expected`` are the forecast's times fault by fault, ``speaking`` what early words are worth."""
    return Document(
        title=f"Service-interruption handbook: {scenario.name}",
        sentence=_sentence(scenario),
        facts=tuple(_facts(scenario, made_by)),
        sections=(
            Section("priority", "What comes first", (_priorities(),)),
            Section("triggers", "When this handbook is opened, and closed", tuple(_triggers(scenario))),
            Section("roles", "Who does what", (_duties(scenario),)),
            *by_fault(scenario, expected),
            Section("golden", "The golden four hours", tuple(_golden(scenario, speaking))),
            *_escalation(scenario),
            Section("contacts", "Contact sheet", tuple(_contact_sheet(scenario))),
        ),
    )


def _sentence(scenario: Scenario) -> str:
    within = format_duration(steps.rto_s(scenario))
    told = format_duration(next(step.due_s for step in steps.golden(scenario) if step.phase == steps.FIRST))
    return f"The aim: queues are back within {within}, customers know within {told}, and nobody is lost."


def _facts(scenario: Scenario, made_by: str) -> Iterator[tuple[str, str]]:
    if scenario.about:
        yield "service", scenario.about
    is_set = any(objective.key == "recovery_s" for objective in scenario.objectives)
    within = format_duration(steps.rto_s(scenario))
    yield "recovery time objective", within if is_set else f"none is set; recovery is given up after {within}"
    if made_by:
        yield "made by", made_by
    yield "rehearsed on", BLANK


def _priorities() -> Block:
    cards = [Card(f"{i}. {title}", under) for i, (title, under) in enumerate(PRIORITIES.values(), 1)]
    return Cards(tuple(cards))


def _triggers(scenario: Scenario) -> Iterator[Block]:
    alerts, interval = scenario.alerts, format_duration(scenario.interval)
    limits = {
        1: f"more than {format_share(alerts.slow)} of answers take over {format_duration(alerts.answer)}",
        2: f"less than {format_share(alerts.satisfaction)} of customers are satisfied, over {interval}",
        3: f"complaints rise by {format_share(alerts.complaints)} or more against the {interval} before, beyond chance",
    }
    lead = who(scenario, "lead")
    then = WHO if scenario.standby else WHO | {1: "agents are to be moved"}
    rows = [(f"alert level {level}", limits[level], then[level], who(scenario, ALARMED[level])) for level in LEVELS]
    asked = [objective.text for objective in scenario.objectives if objective.measure != "recovery"]
    if asked:
        rows.append(
            ("objective", f"one of these no longer holds: {', '.join(asked)}", "find the queue behind it", lead)
        )
    limit, sustain = format_duration(scenario.recovery.limit), format_duration(scenario.recovery.sustain)
    back = f"waits under {limit} again, for {sustain} on end"
    rows.append(("all clear", back, f"due within {format_duration(steps.rto_s(scenario))}", lead))
    yield Table(("sign", "when", "then", "who acts"), tuple(rows))
    if scenario.standby is not None:
        standby = scenario.standby
        limit, call_in = format_duration(standby.call_when.limit), format_duration(standby.call_in)
        called = f"Standby: {standby.agents} agents for {standby.group}"
        yield Text(f"{called}, called when the longest wait is over {limit}, there {call_in} later.")


def _roles(scenario: Scenario) -> dict[str, str]:
    """Every role and what it is there for; roles of the scenario's own come last."""
    known = {name: duty.what for name, duty in ROLES.items()}
    return known | {name: "as agreed" for name in scenario.handbook.roles if name not in ROLES}


def _duties(scenario: Scenario) -> Block:
    rows = [(name, who(scenario, name), what) for name, what in _roles(scenario).items()]
    return Table(("role", "who", "duty"), tuple(rows))


def _golden(scenario: Scenario, speaking: Sequence[str]) -> Iterator[Block]:
    yield Text("Counted from the fault, not from the first call. Never silence: a word without news is still a word.")
    yield Cards(
        (
            Card("0-1 h", "apology and tracing", ("say it first, and everywhere", "every harmed case gets an owner")),
            Card("1-3 h", "compensation", ("offered, not asked for", "the upset get one person by name")),
            Card("3-4 h", "press", ("one statement, one speaker", "what, why, what changes")),
        )
    )
    yield step_table(scenario, steps.golden(scenario), {})
    if scenario.incident is not None:
        yield Text("Complaints, in times the usual ones: with words at the hours that the scenario plans, and without.")
        yield _inflow(scenario.incident)
    if speaking:
        yield Text("What early words are worth, by the forecast:")
        yield Lines(tuple(speaking))


def _inflow(incident: Incident) -> Block:
    """Complaints against the usual ones, hour by hour, as planned and if nobody spoke."""
    rows = []
    for said, course in (("as planned", incident.course), ("in silence", incident.silent().course)):
        beyond = np.interp(np.array(HOURS) * HOUR_S + 1.0, *course)  # a second later: what is said then is said
        rows.append((said, *(f"{1 + times:.1f} x" for times in beyond)))
    return Table(("complaints", *(f"after {hours:g} h" for hours in HOURS)), tuple(rows))


def _escalation(scenario: Scenario) -> Iterator[Section]:
    asked = scenario.handbook.escalation
    if not asked.questions:
        return
    then = asked.then or "one person by name keeps the case until it is closed"
    yield Section(
        "escalation",
        "Which complaints get a person of their own",
        (Lines(asked.questions, numbered=True), Text(f"Yes to all: {then}.")),
    )


def _contact_sheet(scenario: Scenario) -> Iterator[Block]:
    held = scenario.handbook.roles
    rows = []
    for name in _roles(scenario):
        role = held.get(name)
        filled = (role.who, role.phone, role.deputy) if role else ("", "", "")
        rows.append((name, *(text or BLANK for text in filled)))
    yield Table(("role", "who", "phone, any hour", "deputy"), tuple(rows))
    yield Text("Names and numbers stand in the scenario under handbook.roles; nothing secret belongs on this sheet.")
