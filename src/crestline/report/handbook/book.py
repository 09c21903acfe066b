"""The service-interruption handbook of a scenario: what to do, who, by when, when something breaks (DOMAIN row 12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from crestline.measures.alerts import LEVELS, WHO
from crestline.report import words
from crestline.report.handbook import steps
from crestline.report.handbook.document import BLANK, Block, Card, Cards, Document, Lines, Section, Table, Text
from crestline.report.handbook.steps import Step
from crestline.report.handbook.words import IF, PRIORITIES, ROLES, fallback, who
from crestline.scenario import Fault, Incident, Scenario
from crestline.scenario.faults import kind_of_effect
from crestline.scenario.incident import HOUR_S
from crestline.units import format_duration, format_share

HOURS = (0.5, 1, 2, 3, 4)
ALARMED = {1: "floor", 2: "lead", 3: "press"}  # who acts on each level of alert


class Expected(NamedTuple):
    """What the forecast says of one fault: seconds after its effect, means over days; None where most have none."""

    kind: str
    planned_s: float  # when it strikes
    seen_s: float | None
    alert_s: float | None
    called_s: float | None
    there_s: float | None
    healed_s: float | None
    back_s: float | None
    within: float  # the share of days on which queues are back in time
    over: bool  # on most days recovery was given up

    def by_sign(self) -> dict[str, float | None]:
        """The times by what a drill sees of a step."""
        return {
            steps.SEEN: self.seen_s,
            steps.ALERT: self.alert_s,
            steps.CALLED: self.called_s,
            steps.THERE: self.there_s,
            steps.HEALED: self.healed_s,
            steps.BACK: None if self.over or self.seen_s is None else self.back_s,
        }


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
            Section("triggers", "When this handbook is opened", tuple(_triggers(scenario))),
            Section("roles", "Who does what", (_duties(scenario),)),
            *_faults(scenario, expected),
            Section("golden", "The golden four hours", tuple(_golden(scenario, speaking))),
            *_escalation(scenario),
            Section("contacts", "Contact sheet", tuple(_contact_sheet(scenario))),
        ),
    )


def _sentence(scenario: Scenario) -> str:
    within = format_duration(steps.rto_s(scenario))
    return f"Queues are back within {within}, customers know within an hour, and nobody is lost."


def _facts(scenario: Scenario, made_by: str) -> Iterator[tuple[str, str]]:
    if scenario.about:
        yield "service", scenario.about
    yield "recovery time objective", format_duration(steps.rto_s(scenario))
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
    rows = [(f"alert level {level}", limits[level], WHO[level], who(scenario, ALARMED[level])) for level in LEVELS]
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


def _faults(scenario: Scenario, expected: Sequence[Expected]) -> Iterator[Section]:
    """What to do about every kind of fault; of several of a kind about the longest."""
    kinds = dict.fromkeys(map(_known_as, scenario.faults))
    for number, known in enumerate(kinds, 1):
        same = [fault for fault in scenario.faults if _known_as(fault) == known]
        longest = max(same, key=lambda fault: fault.for_)
        of_kind = [one for one in expected if one.kind == longest.kind]
        planned_s = scenario.instant(longest.at)
        seen = min(of_kind, key=lambda one: abs(one.planned_s - planned_s), default=None)
        yield Section(f"fault-{number}", f"If {known}", tuple(_fault(scenario, longest, seen)))


def _known_as(fault: Fault) -> str:
    """What happens, in words; of a hook also what brings it about."""
    effect = kind_of_effect(fault)
    if effect == fault.kind:
        return IF.get(effect, f"the fault of a hook strikes ({effect})")
    return f"{IF.get(effect, effect)} (by {fault.kind})"


def _fault(scenario: Scenario, fault: Fault, seen: Expected | None) -> Iterator[Block]:
    what = fallback(kind_of_effect(fault))
    yield Cards(
        (
            Card("Customers meet", what.meets),
            Card("Meanwhile", _meanwhile(scenario, fault)),
            Card("What ends it", what.repair),
        )
    )
    times = seen.by_sign() if seen else {}
    yield _table(scenario, steps.at_once(scenario, fault), times)
    if seen is not None:
        yield Text(_forecast_sentence(scenario, seen))


def _meanwhile(scenario: Scenario, fault: Fault) -> str:
    """What carries the service; of a failed bot what the scenario says becomes of its contacts."""
    text = fallback(kind_of_effect(fault)).meanwhile
    if kind_of_effect(fault) == "triage-outage" and scenario.triage:
        queue = scenario.triage.when_down == "queue"
        return f"{'contacts go to people by themselves' if queue else 'contacts are turned away'}; {text}"
    if fault.kind == "agents-leave":
        others = [name for name in scenario.agents if name != getattr(fault, "group", "")]
        return f"{text}{f'; ask {_listed(others)} to help' if others else ''}"
    return text


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _forecast_sentence(scenario: Scenario, seen: Expected) -> str:
    if seen.seen_s is None and not seen.over:
        return "Forecast: customers do not notice it on most days; the steps are for the others."
    within = format_duration(steps.rto_s(scenario))
    back = "are not back before recovery is given up" if seen.over else f"are back {_time(seen.back_s)} after it"
    return f"Forecast: queues {back} on average, within {within} on {format_share(seen.within)} of days."


def _table(scenario: Scenario, listed: Sequence[Step], times: dict[str, float | None]) -> Block:
    head = ("due after", "step", "who", "for", *(("forecast",) if times else ()), "done at, by")
    rows = [
        (
            format_duration(step.due_s),
            step.text,
            who(scenario, step.role),
            step.serves,
            *((_time(times.get(step.sign)),) if times else ()),
            BLANK,
        )
        for step in listed
    ]
    return Table(head, tuple(rows))


def _time(seconds: float | None) -> str:
    return words.NOTHING if seconds is None else format_duration(seconds)


def _golden(scenario: Scenario, speaking: Sequence[str]) -> Iterator[Block]:
    yield Text("Counted from the fault, not from the first call. Never silence: a word without news is still a word.")
    yield Cards(
        (
            Card("0-1 h", "apology and tracing", ("say it first, and everywhere", "every harmed case gets an owner")),
            Card("1-3 h", "compensation", ("offered, not asked for", "the upset get one person by name")),
            Card("3-4 h", "press", ("one statement, one speaker", "what, why, what changes")),
        )
    )
    yield _table(scenario, steps.golden(scenario), {})
    if scenario.incident is not None:
        yield _inflow(scenario.incident)
    if speaking:
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
