"""A small scenario to break in one place at a time."""

from typing import Any

import pytest


@pytest.fixture
def small() -> dict[str, Any]:
    """A sound scenario with a bot, two groups, a fault and a recovery objective."""
    return {
        "name": "small",
        "day": {"start": "08:00", "length": "4h"},
        "demand": {"rate": "600/h"},
        "contacts": {
            "order": {
                "share": "75%",
                "bot_resolves": "50%",
                "handle_time": {"lognormal": {"mean": "3min", "cv": "110%"}},
                "patience": {"exponential": {"mean": "4min"}},
            },
            "refund": {"share": "25%", "handle_time": {"exponential": {"mean": "5min"}}, "patience": "never"},
        },
        "triage": {
            "reply_time": {"constant": "10s"},
            "pool": {"workers": 2, "at_most": 4, "slots": 2, "start_up": "1min"},
        },
        "agents": {
            "general": {"skills": ["order", "refund"], "on_duty": {"08:00": 40, "10:00": 30}},
            "expert": {"skills": ["refund"], "on_duty": 5},
        },
        "standby": {
            "group": "general", "agents": 5, "call_when": "longest_wait > 30s", "call_in": "5min",
            "release_after": "10min",
        },
        "objectives": ["frt p90 < 45s", "recovery <= 15min"],
        "faults": [{"kind": "triage-outage", "at": "09:00", "for": "5min"}],
        "load_test": {"level": "200%", "from": "08:30", "for": "2h", "ramp": "5min"},
    }  # fmt: skip
