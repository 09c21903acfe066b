"""What lost customers cost: the price of those without help, less those who come back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from crestline import load
from crestline.replicate import play_day
from crestline.replicate.losses import lost_cost
from crestline.scenario import Scenario
from crestline.tables import Outcome
from crestline.workload import day as whole_day

SERVICE: dict[str, Any] = {
    "name": "crowded",
    "day": {"start": "08:00", "length": "4h"},
    "demand": {"rate": "600/h"},
    "contacts": {
        "order": {
            "share": "100%",
            "handle_time": {"exponential": {"mean": "5min"}},
            "patience": {"exponential": {"mean": "2min"}},
            "lost_costs": 10,
        }
    },
    "agents": {"desk": {"skills": ["order"], "on_duty": 30}},
    "recontact": {"after": {"abandoned": "40%"}, "delay": {"constant": "5min"}, "at_most": 1},
}


def lost(scenario: Scenario) -> tuple[float | None, Any]:
    played = play_day(scenario, 1, whole_day(scenario))
    return lost_cost(scenario, played.outcomes, played.timeline), played.outcomes


def test_without_a_price_nothing_is_said() -> None:
    unpriced = {**SERVICE["contacts"]["order"], "lost_costs": None}
    assert lost(load(SERVICE | {"contacts": {"order": unpriced}}))[0] is None


def test_first_contacts_may_come_back_and_last_ones_do_not() -> None:
    cost, table = lost(load(SERVICE))
    gone = table.outcome == Outcome.ABANDONED
    first, second = (int(np.sum(gone & (table.attempt == attempt))) for attempt in (0, 1))
    assert second > 0
    assert cost == pytest.approx(10 * (0.6 * first + second))


def test_who_is_expected_to_be_lost_is_about_who_is() -> None:
    cost, table = lost(load(SERVICE))
    gone = table.outcome == Outcome.ABANDONED
    came_back = int(np.sum(table.attempt == 1))
    assert cost == pytest.approx(10 * (int(np.sum(gone)) - came_back), rel=0.1)


def test_in_a_retry_storm_more_come_back() -> None:
    storm = {"kind": "retry-storm", "at": "08:00", "for": "4h", "share": "90%", "delay": "5min"}
    cost, table = lost(load(SERVICE | {"faults": [storm]}))
    gone = table.outcome == Outcome.ABANDONED
    first, second = (int(np.sum(gone & (table.attempt == attempt))) for attempt in (0, 1))
    assert cost == pytest.approx(10 * (0.1 * first + second), rel=0.02)
