"""How many days fit into memory at a time; where not even one does, that is said before anything is played."""

from __future__ import annotations

import sys

from crestline.scenario import Scenario
from crestline.workload import Span, require_memory
from crestline.workload.arrivals import demand_curve
from crestline.workload.memory import ALWAYS_THERE
from crestline.workload.recontacts import expected_attempts, largest_recontact_share
from crestline.workload.sampling import ROW_BYTES


def days_that_fit(scenario: Scenario, span: Span) -> int:
    """How many average days can be held at once; an error with what to do about it where none can."""
    customers = float(demand_curve(scenario, span).expected[-1])
    attempts = expected_attempts(scenario, largest_recontact_share(scenario, simulated=True))
    needed = customers * attempts * ROW_BYTES
    if needed < ALWAYS_THERE:
        return sys.maxsize
    require_memory(needed, f"about {customers:,.0f} customers in one piece")
    import psutil  # type: ignore[import-untyped]

    return max(1, int(psutil.virtual_memory().available / needed))
