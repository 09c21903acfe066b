"""Part of a group's agents leaves for a while; who is with a customer finishes first."""

from __future__ import annotations

from crestline.scenario import AgentsLeave, Scenario
from crestline.tables import Fault


def acts(scenario: Scenario, index: int) -> Fault:
    """Struck at ``at``, lifted and healed ``for`` later."""
    fault = scenario.faults[index]
    start = scenario.instant(fault.at)
    return Fault(fault.kind, start, start + fault.for_, start + fault.for_)


def shares_away(scenario: Scenario, group: str, instant_s: float) -> list[float]:
    """The share of a group's persons that each such fault in force at an instant takes away."""
    return [
        fault.share
        for fault in scenario.faults
        if isinstance(fault, AgentsLeave)
        and fault.group == group
        and scenario.instant(fault.at) <= instant_s < scenario.instant(fault.at) + fault.for_
    ]
