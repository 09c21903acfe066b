"""Part of a group's agents leaves for a while; who is with a customer finishes first."""

from __future__ import annotations

from crestline import rules
from crestline.scenario import AgentsLeave, Scenario
from crestline.tables import Fault


def acts(scenario: Scenario, index: int) -> Fault:
    """Struck at ``at``, lifted and healed ``for`` later."""
    fault = scenario.faults[index]
    start = scenario.instant(fault.at)
    return Fault(fault.kind, start, start + fault.for_, start + fault.for_)


def persons_left(scenario: Scenario, group: str, instant_s: float, persons: int) -> int:
    """How many of ``persons`` of a group are left at an instant, when every such fault has taken its share."""
    left = persons
    for fault in scenario.faults:
        if isinstance(fault, AgentsLeave) and fault.group == group:
            start = scenario.instant(fault.at)
            if start <= instant_s < start + fault.for_:
                left -= rules.round_half_up(fault.share * persons)
    return max(0, left)
