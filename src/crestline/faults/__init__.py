"""What each fault does to what is scheduled: pure functions, one fault a file.

Every file has ``acts`` (when the fault is in force); a fault that takes people away also says how many are away at an
instant. How a fault is injected into a live target is the matter of ``live/faults``.
"""

from __future__ import annotations

from collections.abc import Callable

from crestline.faults import agents_leave, for_a_while, from_outside, platform_outage, triage_outage
from crestline.scenario import Scenario
from crestline.tables import Fault

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


def planned_faults(scenario: Scenario) -> tuple[Fault, ...]:
    """When each fault of the scenario is in force, in the scenario's order."""
    return tuple(ACTS[fault.kind](scenario, index) for index, fault in enumerate(scenario.faults))
