"""What a service has against trouble, by name, and the same service without it.

A mitigation is there where the scenario has it; each can be left out of a forecast or a drill, and what it is worth
is what the same customers meet without it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crestline.errors import UsageError
from crestline.scenario import Scenario, changed


@dataclass(frozen=True)
class Mitigation:
    """One of them: what it does, and the changes that take it out of a scenario; none where it is not there."""

    name: str
    about: str
    taken_out: Callable[[Scenario], list[str]]


def _no_standby(scenario: Scenario) -> list[str]:
    return ["standby=null"] if scenario.standby else []


def _no_scale_out(scenario: Scenario) -> list[str]:
    pool = scenario.triage.pool if scenario.triage else None
    return [f"triage.pool.at_most={pool.workers}"] if pool and pool.at_most > pool.workers else []


def _no_shedding(scenario: Scenario) -> list[str]:
    limited = [name for name, kind in scenario.contacts.items() if kind.queue_limit is not None]
    return [f"contacts.{name}.queue_limit=null" for name in limited]


def _no_fallback(scenario: Scenario) -> list[str]:
    return ["triage.when_down=reject"] if scenario.triage and scenario.triage.when_down == "queue" else []


def _no_breaker(scenario: Scenario) -> list[str]:
    return ["triage.breaker=null"] if scenario.triage and scenario.triage.breaker else []


def _no_word(scenario: Scenario) -> list[str]:
    phases = scenario.incident.phases.named() if scenario.incident else {}
    return [f"incident.phases.{name}.at=never" for name, phase in phases.items() if math.isfinite(phase.at)]


SPEAKING = "speaking"
MITIGATIONS = (
    Mitigation("standby", "agents who are called in when waits grow", _no_standby),
    Mitigation("scale-out", "more workers for the bot when most of its slots are busy", _no_scale_out),
    Mitigation("shedding", "queues that turn contacts away when they are full", _no_shedding),
    Mitigation("fallback", "people who take over while the bot is down", _no_fallback),
    Mitigation("breaker", "a circuit breaker: contacts stop trying a bot that does not answer", _no_breaker),
    Mitigation(SPEAKING, "what is said to customers after an incident", _no_word),
)


def mitigations(scenario: Scenario) -> tuple[Mitigation, ...]:
    """Those that a scenario has."""
    return tuple(one for one in MITIGATIONS if one.taken_out(scenario))


def without(scenario: Scenario, names: Iterable[str]) -> Scenario:
    """The same service without these; UsageError where it has none of a name."""
    known, there = [one.name for one in MITIGATIONS], {one.name: one for one in mitigations(scenario)}
    for name in names:
        if name not in known:
            msg = f"--without {name}: unknown; expected one of {', '.join(known)}"
            raise UsageError(msg)
        if name not in there:
            has = ", ".join(there) or "none of them"
            msg = f"--without {name}: {scenario.name} has none; it has {has}"
            raise UsageError(msg)
        scenario = changed(scenario, there[name].taken_out(scenario))
    return scenario
