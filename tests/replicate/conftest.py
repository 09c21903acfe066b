"""A small service, and days of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crestline.replicate import Day, replicate
from crestline.scenario import Scenario, load
from crestline.workload import day

SEED = 3
MakeService = Callable[..., Scenario]


def make_service(**parts: object) -> Scenario:
    """An hour of a small service with an objective, with changes."""
    base: dict[str, object] = {
        "name": "replicated",
        "day": {"start": "08:00", "length": "1h"},
        "demand": {"rate": "240/h", "day_factor_cv": 0.2},
        "contacts": {
            "order": {
                "share": 1,
                "handle_time": {"exponential": {"mean": "1min"}},
                "patience": {"exponential": {"mean": "2min"}},
            }
        },
        "agents": {"desk": {"skills": ["order"], "on_duty": 6}},
        "objectives": ["abandonment < 5%"],
    }
    return load(base | parts)


@pytest.fixture(scope="session")
def service() -> MakeService:
    """Make it."""
    return make_service


@pytest.fixture(scope="session")
def days() -> list[Day]:
    """Six days of it."""
    return replicate(make_service(), SEED, day(make_service()), 6)
