"""The bot is down: all workers are killed and held down, then started anew.

Contacts in a slot are given back after ``notice``; they and everyone who comes go where ``triage.when_down`` says.
"""

from __future__ import annotations

from crestline.scenario import Scenario, TriageOutage
from crestline.tables import Fault

NOTICE_S = float(TriageOutage.model_fields["notice"].default)


def acts(scenario: Scenario, index: int) -> Fault:
    """Struck at ``at``, lifted ``for`` later, back when the workers have started up."""
    fault = scenario.faults[index]
    if scenario.triage is None:
        msg = f"faults[{index}]: a triage-outage needs a triage section (got {fault.kind})"
        raise ValueError(msg)
    notice_s = fault.notice if isinstance(fault, TriageOutage) else NOTICE_S
    start = scenario.instant(fault.at)
    end = start + fault.for_
    return Fault(fault.kind, start, end, end + scenario.triage.pool.start_up, notice_s)
