from __future__ import annotations

from typing import Any

import pytest

from crestline.fit.availability import fit_availability, play_days, with_availability
from crestline.fit.estimate import Estimate
from crestline.scenario import Scenario

WORLD: dict[str, Any] = {
    "name": "small",
    "day": {"start": "08:00", "length": "4h"},
    "demand": {"rate": "120/h"},
    "contacts": {
        "all": {
            "share": "100%",
            "handle_time": {"exponential": {"mean": "5min"}},
            "patience": {"exponential": {"mean": "4min"}},
        }
    },
    "recontact": {"after": {"abandoned": "30%"}, "delay": {"exponential": {"mean": "10min"}}},
    "agents": {"all": {"skills": ["all"], "on_duty": {"08:00": 10, "10:00": 15}}},
}


@pytest.fixture
def scenario() -> Scenario:
    return Scenario.model_validate(WORLD)


# The availability that made the days is found again: the same persons are there, so as many leave.
def test_the_availability_behind_an_abandonment_is_found(scenario: Scenario) -> None:
    truth = play_days(with_availability(scenario, 0.78), days=4).abandonment
    found = fit_availability(scenario, Estimate(truth, truth - 0.02, truth + 0.02, 100), days=4)
    assert found.played.abandonment == truth
    assert found.value.low <= 0.78 <= found.value.high
    assert abs(found.value.value - 0.78) < 0.04
    assert not found.at_bound


# An abandonment that no availability explains ends at the bound, and says so.
@pytest.mark.parametrize(("wanted", "bound"), [(0.0001, 1.0), (0.99, 0.3)])
def test_an_impossible_abandonment_ends_at_the_bound(scenario: Scenario, wanted: float, bound: float) -> None:
    found = fit_availability(scenario, Estimate(wanted, wanted, wanted, 100), days=1)
    assert found.at_bound
    assert abs(found.value.value - bound) < 0.05


# Recontacts are counted per first attempt: less than the share that comes back, since not everyone leaves.
def test_days_are_played_with_their_recontacts(scenario: Scenario) -> None:
    played = play_days(with_availability(scenario, 0.5), days=2, day_factor=False)
    assert 0.1 < played.abandonment < 0.8
    assert 0.02 < played.recontacts < 0.3
    assert played.mean_wait_s > 20
