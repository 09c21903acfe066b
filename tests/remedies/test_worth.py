"""What mitigations are worth: the same days with and without them."""

from __future__ import annotations

import pytest

from crestline import load
from crestline.mitigations import without
from crestline.remedies import Worth, worth
from crestline.replicate import Day, replicate
from crestline.scenario import Scenario, changed
from crestline.workload import Span, window

SEED, DAYS = 1, 6


@pytest.fixture(scope="module")
def drill() -> tuple[Scenario, Span, list[Day]]:
    """The hour of the monthly drill, a few times."""
    scenario = load("monthly-drill")
    span = window(scenario)
    return scenario, span, replicate(scenario, SEED, span, DAYS, day_factor=False)


@pytest.fixture(scope="module")
def found(drill: tuple[Scenario, Span, list[Day]]) -> dict[str, Worth]:
    scenario, span, days = drill
    return {one.mitigation.name: one for one in worth(scenario, SEED, span, days, day_factor=False)}


def test_standby_shortens_recovery_and_has_its_price(found: dict[str, Worth]) -> None:
    standby = found["standby"]
    assert standby.recovery_s.low is not None
    assert standby.recovery_s.low > 0
    assert standby.customers.low is not None
    assert standby.customers.low > 0
    assert standby.cost.value is not None
    assert standby.cost.value < 0


# Each is what a forecast without it says, on the same days.
def test_worth_is_the_difference_of_two_forecasts(
    drill: tuple[Scenario, Span, list[Day]], found: dict[str, Worth]
) -> None:
    scenario, span, days = drill
    bare = replicate(without(scenario, ["standby"]), SEED, span, DAYS, day_factor=False)
    recoveries = [[day.measures["recovery_s"].value or 0.0 for day in some] for some in (days, bare)]
    longer = (sum(recoveries[1]) - sum(recoveries[0])) / DAYS
    assert found["standby"].recovery_s.value == pytest.approx(longer)


def test_large_days_are_not_played_again(drill: tuple[Scenario, Span, list[Day]]) -> None:
    scenario, span, days = drill
    assert worth(scenario, SEED, span, days * 60, day_factor=False) != []  # the first twenty alone
    assert worth(scenario, SEED, span, []) == []


# A price changes nothing about the days; net is agents and lost customers together.
def test_lost_customers_have_the_price_of_the_scenario(
    drill: tuple[Scenario, Span, list[Day]], found: dict[str, Worth]
) -> None:
    scenario, span, _ = drill
    assert (found["standby"].lost_cost.value, found["standby"].net.value) == (None, None)
    priced = changed(scenario, [f"contacts.{name}.lost_costs=25" for name in scenario.contacts])
    days = replicate(priced, SEED, span, DAYS, day_factor=False)
    (standby,) = worth(priced, SEED, span, days, day_factor=False, only=["standby"])
    assert standby.cost == found["standby"].cost
    assert standby.lost_cost.low is not None
    assert standby.lost_cost.low > 0
    assert standby.net.value == pytest.approx((standby.cost.value or 0.0) + (standby.lost_cost.value or 0.0))
