"""A scenario in which everything random is in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crestline.scenario import Scenario, load

BASE: dict[str, Any] = {
    "name": "sampled",
    "day": {"start": "08:00", "length": "4h"},
    "demand": {"rate": "500/h"},
    "contacts": {
        "order": {
            "share": 0.5,
            "bot_resolves": 0.7,
            "handle_time": {"lognormal": {"mean": "3min", "cv": "110%"}},
            "patience": {"exponential": {"mean": "4min"}},
        },
        "refund": {
            "share": 0.3,
            "bot_resolves": 0.4,
            "handle_time": {"gamma": {"mean": "5min", "cv": "80%"}},
            "patience": {"hyperexponential": [{"share": 0.25, "mean": "1min"}, {"share": 0.75, "mean": "14min"}]},
        },
        "complaint": {
            "share": 0.2,
            "bot": "skip",
            "handle_time": {"exponential": {"mean": "8min"}},
            "patience": "never",
        },
    },
    "vip": {"share": 0.05},
    "recontact": {"after": {"abandoned": 0.35, "agent_resolved": 0.05}, "delay": {"exponential": {"mean": "20min"}}},
    "triage": {
        "reply_time": {"lognormal": {"mean": "12s", "cv": "60%"}},
        "accuracy": 0.9,
        "pool": {"workers": 4, "at_most": 8, "slots": 4, "start_up": "1min"},
    },
    "agents": {
        "desk": {
            "skills": ["order", "refund", "complaint"],
            "on_duty": {"08:00": 10, "10:00": 20},
            "availability": 0.85,
        }
    },
}
MakeScenario = Callable[..., Scenario]


def _scenario(*sets: str, **parts: Any) -> Scenario:
    return load(BASE | parts, sets)


@pytest.fixture(scope="session")
def scenario() -> MakeScenario:
    """The scenario, changed by lines of ``--set``; keyword arguments replace parts."""
    return _scenario
