"""What each fault does to what is scheduled: pure functions, one fault a file.

A file says when its fault is in force (``acts``) where that is not simply from ``at`` on ``for`` a while, and what it
changes meanwhile (``effect``). Of the others, an outage of bot or platform is an event of its own in the engines,
agents who leave are a step of the shifts, a spike of demand comes with the arrivals (``workload/inflow``), and a web
worker that is killed is back before the model would notice. How a fault is injected into a live target is the matter
of ``live/faults``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from crestline.faults import (
    agents_leave,
    for_a_while,
    from_outside,
    platform_outage,
    pool_freeze,
    retry_storm,
    slow_agents,
    storage_stall,
    triage_brownout,
    triage_outage,
    triage_worse,
    wire,
)
from crestline.faults.effect import Effect, Spell, conditions
from crestline.scenario import Scenario
from crestline.tables import Fault

__all__ = ["ACTS", "EFFECTS", "Spell", "conditions", "planned_faults", "spells"]

ACTS: dict[str, Callable[[Scenario, int], Fault]] = {
    "triage-outage": triage_outage.acts,
    "agents-leave": agents_leave.acts,
    "platform-outage": platform_outage.acts,
    "triage-brownout": for_a_while.acts,
    "triage-worse": for_a_while.acts,
    "web-worker-kill": for_a_while.acts,
    "storage-stall": for_a_while.acts,
    "slow-agents": for_a_while.acts,
    "pool-freeze": for_a_while.acts,
    "demand-spike": for_a_while.acts,
    "retry-storm": for_a_while.acts,
    "wire": from_outside.acts,
    "command": from_outside.acts,
    "http": from_outside.acts,
    "chaos": from_outside.acts,
}

EFFECTS: dict[str, Callable[[Any, float], Effect]] = {
    "triage-brownout": triage_brownout.effect,
    "triage-worse": triage_worse.effect,
    "storage-stall": storage_stall.effect,
    "slow-agents": slow_agents.effect,
    "pool-freeze": pool_freeze.effect,
    "retry-storm": retry_storm.effect,
    "wire": wire.effect,
}


def planned_faults(scenario: Scenario) -> tuple[Fault, ...]:
    """When each fault of the scenario is in force, in the scenario's order."""
    return tuple(ACTS[fault.kind](scenario, index) for index, fault in enumerate(scenario.faults))


def spells(scenario: Scenario, faults: Sequence[Fault | None]) -> Iterator[Spell]:
    """What faults change while they are in force; those of the scenario, as they act, None for one that does not."""
    for fault, as_acts in zip(scenario.faults, faults, strict=True):
        if as_acts is not None and as_acts.does in EFFECTS and as_acts.start_s < as_acts.healed_s:
            effect = EFFECTS[as_acts.does](fault, as_acts.healed_s)
            yield Spell(as_acts.start_s, as_acts.healed_s, effect)
