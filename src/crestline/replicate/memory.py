"""How many days fit into memory at a time; where not even one does, that is said before anything is played."""

from __future__ import annotations

import sys

from crestline.engine import COMPILED
from crestline.replicate.streamed import is_large, memory_of_stream
from crestline.scenario import Scenario
from crestline.workload import Span, require_memory
from crestline.workload.arrivals import demand_curve
from crestline.workload.memory import ALWAYS_THERE
from crestline.workload.recontacts import expected_attempts, largest_recontact_share
from crestline.workload.sampling import ROW_BYTES


def days_that_fit(scenario: Scenario, span: Span, engine: str) -> int:
    """How many average days can be held at once; an error with what to do about it where none can."""
    streamed = engine == COMPILED and is_large(scenario, span)
    needed = memory_of_stream(scenario, span) if streamed else _memory_in_one_piece(scenario, span)
    if needed < ALWAYS_THERE:
        return sys.maxsize
    import psutil  # type: ignore[import-untyped]

    return max(1, int(psutil.virtual_memory().available / needed))


def _memory_in_one_piece(scenario: Scenario, span: Span) -> float:
    customers = float(demand_curve(scenario, span).expected[-1])
    share = largest_recontact_share(scenario, simulated=True)
    needed = customers * expected_attempts(scenario, share) * ROW_BYTES
    require_memory(needed, f"about {customers:,.0f} customers in one piece")
    return needed
