"""Small services to staff, and days of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import Any

import pytest

from crestline.engine import default_engine
from crestline.executors import Threads
from crestline.scenario import Scenario, load
from crestline.staffing import Asked, Days, Reach, Search, grid, usual
from crestline.workload import day

MakeDays = Callable[..., Days]
MakeFlat = Callable[..., Scenario]
Look = Callable[[Days, Reach], Search]


@pytest.fixture(scope="session")
def places() -> Iterator[Executor]:
    with Threads() as executor:
        yield executor


@pytest.fixture(scope="session")
def make_days(places: Executor) -> MakeDays:
    def make(scenario: Scenario, count: int, seed: int = 1) -> Days:
        calm = usual(scenario)
        span = day(calm)
        return Days(calm, grid(scenario, span), span, seed, count, engine=default_engine(), executor=places)

    return make


@pytest.fixture(scope="session")
def look() -> Look:
    """A search that has found its first roster."""

    def make(days: Days, limits: Reach) -> Search:
        looking = Search(Asked(days, limits))
        looking.rough(limits.load)
        return looking

    return make


@pytest.fixture(scope="session")
def flat() -> MakeFlat:
    """One group, and three contacts a minute that take four minutes each, all day: twelve erlang."""

    def make(patience: Any = "never", **parts: Any) -> Scenario:
        handle_time = {"exponential": {"mean": "4min"}}
        return load(
            {
                "name": "flat",
                "day": {"length": "18h"},
                "interval": "9h",
                "demand": {"rate": "3/min"},
                "contacts": {"all": {"share": 1, "handle_time": handle_time, "patience": patience}},
                "agents": {"all": {"skills": ["all"], "on_duty": 16}},
                "objectives": ["service_level 20s >= 80%"],
            }
            | parts
        )

    return make


@pytest.fixture(scope="session")
def two_groups() -> Scenario:
    """Two kinds of contacts, a bot, two groups of which one helps out, and a rush in the middle."""
    return load(
        {
            "name": "two-groups",
            "day": {"start": "09:00", "length": "4h"},
            "demand": {
                "rate": "500/h",
                "day_factor_cv": "10%",
                "surges": [{"at": "11:00", "for": "1h", "factor": 2, "ramp": "10min"}],
            },
            "contacts": {
                "order": {
                    "share": "70%",
                    "bot_resolves": "50%",
                    "handle_time": {"lognormal": {"mean": "3min", "cv": "110%"}},
                    "patience": {"exponential": {"mean": "4min"}},
                },
                "refund": {
                    "share": "30%",
                    "bot": "skip",
                    "handle_time": {"lognormal": {"mean": "5min", "cv": "100%"}},
                    "patience": {"exponential": {"mean": "5min"}},
                },
            },
            "recontact": {"after": {"abandoned": "30%"}, "delay": {"exponential": {"mean": "15min"}}},
            "triage": {
                "reply_time": {"constant": "10s"},
                "pool": {"workers": 4, "at_most": 8, "slots": 4, "start_up": "1min"},
            },
            "agents": {
                "front": {
                    "skills": ["order"], "on_duty": 20, "availability": "85%", "chats": 2, "cost_per_hour": 40,
                },
                "back": {"skills": ["refund", "order"], "on_duty": 20, "cost_per_hour": 60},
            },
            "objectives": ["agent_frt p90 < 2min", "abandonment < 5%"],
        }
    )  # fmt: skip
