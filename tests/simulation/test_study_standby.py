"""The study of standby: one line for each call-in time, on the same customers."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

STUDY = Path(__file__).resolve().parents[2] / "simulation" / "study_standby.py"

RUSH: dict[str, Any] = {
    "name": "rush",
    "day": {"start": "00:00", "length": "2h"},
    "demand": {"rate": "240/h"},
    "contacts": {
        "all": {
            "share": "100%",
            "handle_time": {"exponential": {"mean": "3min"}},
            "patience": {"exponential": {"mean": "10min"}},
        }
    },
    "agents": {"all": {"skills": ["all"], "on_duty": 6}},
    "standby": {
        "group": "all",
        "agents": 8,
        "call_when": "longest_wait > 30s",
        "call_in": "5min",
        "release_after": "90min",
    },
}


def test_standby_that_comes_sooner_shortens_the_wait() -> None:
    """With half the agents that are needed, standby called in within a minute spares customers an hour of waits."""
    study = runpy.run_path(str(STUDY))
    soon, late = study["compare"](RUSH, ["1min", "60min"], replications=2, seed=1)
    assert (soon.call_in, late.call_in) == ("1min", "60min")
    answered_soon, abandoned_soon, _ = (value for value, _, _ in soon.estimates)
    answered_late, abandoned_late, _ = (value for value, _, _ in late.estimates)
    assert answered_soon < answered_late
    assert abandoned_soon < abandoned_late


def test_a_measure_that_was_not_there_is_a_dash() -> None:
    """Where nobody was resolved there is no cost per contact to print."""
    spelled = runpy.run_path(str(STUDY))["spelled"]
    assert spelled((None, None, None)) == "-"
    assert spelled((0.1234, 0.1, 0.15)) == "0.123 [0.1, 0.15]"
    assert spelled((2.0, None, None)) == "2"
