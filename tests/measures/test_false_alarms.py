"""How often recovery's detector cries wolf: steady hours, judged as if a fault without effect had struck."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crestline import workload
from crestline.engine import default_engine, engine
from crestline.measures import recover
from crestline.scenario import load
from crestline.tables import Fault

RUNS = 60
MINUTE = 60.0


@pytest.mark.parametrize("persons", [47, 40])
def test_on_sixty_steady_hours_it_cries_at_most_once(persons: int) -> None:
    """From the planned fault of the monthly drill to the window's end; with its staff, and with a seventh less."""
    planned = load("monthly-drill", [f"agents.general.on_duty={persons}"])
    calm = load("monthly-drill", [f"agents.general.on_duty={persons}", "faults=[]", "objectives=[]"])
    span = workload.window(calm)
    line, at = workload.timeline(calm, span), calm.instant(planned.faults[0].at)
    harmless = Fault("triage-outage", at, at + 30 * MINUTE, at + 30 * MINUTE)
    judged = replace(line, faults=(harmless,))
    detected = 0
    for seed in range(RUNS):
        outcomes, pools = engine(default_engine())(calm, workload.sample(calm, seed, span, day_factor=False), line)
        (recovery,) = recover(outcomes, pools, planned, judged)
        assert recovery.why == "customers did not notice" or recovery.detected_s is not None  # every baseline is steady
        detected += recovery.detected_s is not None
    assert detected <= 1
