"""A scenario of one hour in which anything can break."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crestline.scenario import Scenario, load

CALL = {"handle_time": {"constant": "1min"}, "patience": "never"}
POOL = {"workers": 2, "at_most": 4, "slots": 2, "start_up": "30s"}
MakeScenario = Callable[..., Scenario]


def _scenario(*faults: dict[str, Any], **parts: Any) -> Scenario:
    base = {
        "name": "faulty",
        "day": {"start": "08:00", "length": "1h"},
        "demand": {"rate": "1/h"},
        "contacts": {"order": CALL | {"share": 0.5}, "refund": CALL | {"share": 0.5}},
        "agents": {"general": {"skills": ["order"], "on_duty": 10}, "money": {"skills": ["refund"], "on_duty": 5}},
        "triage": {"reply_time": {"constant": "10s"}, "pool": POOL},
        "faults": list(faults),
    }
    return load(base | parts)


@pytest.fixture(scope="session")
def scenario() -> MakeScenario:
    """A scenario with these faults; keyword arguments replace parts."""
    return _scenario
