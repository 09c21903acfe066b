"""The steps of a handbook, and when each is due: counted from the instant at which a fault took effect.

Times come from the scenario alone, so that a drill can be held against them: a fifth of the recovery time objective to
notice (never less than two looks at queues that wait too long), then what each step waits for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from crestline.report.handbook.words import BRAND, COST, CUSTOMERS, PRIORITIES, fallback
from crestline.scenario import Fault, Scenario
from crestline.scenario.faults import kind_of_effect
from crestline.scenario.incident import HOUR_S, Phases
from crestline.units import format_duration

AT_ONCE, FIRST, SECOND, THIRD, AFTER = "at once", "0-1 h", "1-3 h", "3-4 h", "afterwards"
PHASES = (AT_ONCE, FIRST, SECOND, THIRD, AFTER)
SEEN, ALERT, CALLED, THERE, HOME, HEALED, BACK = "seen", "alert", "called", "there", "home", "healed", "back"
LATEST = {"apology": 1, "compensation": 3, "press": 4}  # hours after the effect
WORKERS = ("triage-outage",)  # faults after which workers of the bot have to start


class Step(NamedTuple):
    """One thing to do. ``sign`` is how a drill sees that it was done; empty: only people can do it."""

    phase: str
    text: str
    due_s: float  # after the fault's effect
    role: str
    serves: str
    sign: str = ""


def rto_s(scenario: Scenario) -> float:
    """Within what time queues have to be back: the strictest recovery objective, else when recovery is given up."""
    limits = [o.limit for o in scenario.objectives if o.key == "recovery_s"]
    return min(limits, default=scenario.recovery.give_up)


def at_once(scenario: Scenario, fault: Fault) -> list[Step]:
    """What one fault asks for in its first minutes."""
    return _in_order(_at_once(scenario, fault))


def golden(scenario: Scenario) -> list[Step]:
    """The golden four hours, once for an incident: counted from its first fault (DOMAIN row 16)."""
    return _in_order(_golden(scenario))


def _in_order(steps: Iterator[Step]) -> list[Step]:
    """Phase by phase; of what is due at one time customers come before brand, brand before cost (DOMAIN row 19)."""
    ranks = list(PRIORITIES)
    return sorted(steps, key=lambda step: (PHASES.index(step.phase), step.due_s, ranks.index(step.serves)))


def _at_once(scenario: Scenario, fault: Fault) -> Iterator[Step]:
    standby, due_s = scenario.standby, _notice_s(scenario)
    limit = format_duration(scenario.recovery.limit)
    yield Step(AT_ONCE, f"Notice it: waits over {limit}", due_s, "technology", CUSTOMERS, SEEN)
    slow = f"Raise alert level 1: answers over {format_duration(scenario.alerts.answer)}; the lead takes over"
    yield Step(AT_ONCE, slow, due_s, "lead", CUSTOMERS, ALERT)
    if standby is not None:
        rule = f"the longest wait is over {format_duration(standby.call_when.limit)}"
        call = f"Call in {standby.agents} standby agents for {standby.group}: {rule}"
        yield Step(AT_ONCE, call, due_s, "floor", CUSTOMERS, CALLED)
        seated = f"Standby agents answer, {format_duration(standby.call_in)} after the call"
        yield Step(AT_ONCE, seated, due_s + standby.call_in, "floor", CUSTOMERS, THERE)
    repair = fallback(kind_of_effect(fault)).repair
    yield Step(AT_ONCE, f"{repair[0].upper()}{repair[1:]}", _repair_s(scenario, fault), "technology", CUSTOMERS, HEALED)
    yield Step(AT_ONCE, "Queues are back: waits as before the fault", rto_s(scenario), "lead", CUSTOMERS, BACK)


def _notice_s(scenario: Scenario) -> float:
    limits = scenario.recovery
    return max(limits.limit + 2 * limits.bucket, rto_s(scenario) / 5)


def _repair_s(scenario: Scenario, fault: Fault) -> float:
    start_up = scenario.triage.pool.start_up if scenario.triage and kind_of_effect(fault) in WORKERS else 0.0
    return fault.for_ + start_up + 2 * scenario.recovery.bucket


def _golden(scenario: Scenario) -> Iterator[Step]:
    phases = (scenario.incident.phases if scenario.incident else Phases.model_validate({})).named()
    due = {name: min(phases[name].at, hours * HOUR_S) for name, hours in LATEST.items()}
    apology, offer, statement = due["apology"], due["compensation"], due["press"]
    sorry = "Say what is wrong and that we are sorry, in every channel; say when we speak next"
    yield Step(FIRST, sorry, apology, "voice", CUSTOMERS)
    yield Step(FIRST, "Trace who failed, gave up or was turned away; each gets an owner", apology, "relief", CUSTOMERS)
    yield Step(SECOND, "Offer compensation to the traced, before they ask", offer, "relief", CUSTOMERS)
    if scenario.handbook.escalation.questions:
        yield Step(SECOND, "Ask the escalation questions of every complaint", offer, "relief", CUSTOMERS)
    yield Step(SECOND, "Say what has been repaired and what has not", offer, "voice", BRAND)
    yield Step(THIRD, "One statement to press and partners: what, why, what changes", statement, "press", BRAND)
    if scenario.standby is not None:
        calm = format_duration(scenario.standby.release_after)
        home = f"Send standby home when it has been calm for {calm}"
        yield Step(AFTER, home, LATEST["press"] * HOUR_S, "floor", COST, HOME)
    yield Step(AFTER, "Count what it cost; rehearse it again", 24 * HOUR_S, "lead", COST)
