"""Faults that are in force for a while and leave nothing to be started anew: whole again as soon as they are lifted."""

from __future__ import annotations

from crestline.scenario import Scenario
from crestline.tables import Fault


def acts(scenario: Scenario, index: int) -> Fault:
    """Struck at ``at``, lifted and healed ``for`` later."""
    fault = scenario.faults[index]
    start = scenario.instant(fault.at)
    return Fault(fault.kind, start, start + fault.for_, start + fault.for_)
