"""Customers that were sampled once: who may meet them again, and how many are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from crestline.replicate import Customers
from crestline.replicate.customers import size_of
from crestline.scenario import Scenario, changed, load
from crestline.workload import day, sample

if TYPE_CHECKING:
    from tests.replicate.conftest import MakeService

SEED = 3
WHAT_IF = (
    "agents.general.on_duty=90", "agents.general.availability=70%", "agents.specialist.skills=[complaint]",
    "standby.agents=60", "standby.call_in=2min", "triage.pool.workers=8", "triage.pool.at_most=32",
    "triage.transfer_after=10s", "triage.when_down=reject", "objectives=[abandonment < 1%]",
    "contacts.complaint.queue_limit=10", "interval=15min", "name=other",
)  # fmt: skip
OTHER_CUSTOMERS = (
    "demand.day_factor_cv=0", "contacts.order.bot_resolves=80%", "contacts.order.patience={exponential: {mean: 1min}}",
    "contacts.refund.handle_time={constant: 5min}", "contacts.complaint.bot=triage", "vip.share=6%",
    "recontact.at_most=2", "recontact.after.agent_resolved=50%", "recontact.delay={constant: 5min}",
    "triage.accuracy=90%", "triage.reply_time={constant: 5s}", "day.length=15h", "demand.surges=[]",
    "faults=[{kind: platform-outage, at: '21:00', for: 5min, recontact: 90%}]",
)  # fmt: skip


@pytest.fixture(scope="module")
def promotion() -> Scenario:
    """Everything that a scenario may have."""
    return load("promotion-day")


@pytest.mark.parametrize("change", WHAT_IF)
def test_what_does_not_concern_customers_finds_them_again(promotion: Scenario, change: str) -> None:
    """And rightly so: sampled anew they would be the same."""
    customers, other = Customers(), changed(promotion, [change])
    first = customers.sample(promotion, SEED, day(promotion))
    assert customers.sample(other, SEED, day(other)) is first
    anew = sample(other, SEED, day(other)).columns()
    assert all(np.array_equal(column, anew[name]) for name, column in first.columns().items())


@pytest.mark.parametrize("change", OTHER_CUSTOMERS)
def test_what_concerns_customers_samples_others(promotion: Scenario, change: str) -> None:
    customers, other = Customers(), changed(promotion, [change])
    assert customers.sample(other, SEED, day(other)) is not customers.sample(promotion, SEED, day(promotion))
    assert customers.sampled == 2


def test_other_days_are_other_customers(service: MakeService) -> None:
    """By seed, number, level, day factor, and by whether what only happens live is left out."""
    customers, scenario = Customers(), service()
    span = day(scenario)
    customers.sample(scenario, SEED, span, 0)
    customers.sample(scenario, SEED + 1, span, 0)
    customers.sample(scenario, SEED, span, 1)
    customers.sample(scenario, SEED, day(scenario, 2.0), 0)
    customers.sample(scenario, SEED, span, 0, day_factor=False)
    customers.sample(scenario, SEED, span, 0, simulated=True)
    assert customers.sampled == 6


def test_no_more_is_kept_than_there_is_room_for(service: MakeService) -> None:
    """Room for two days of three: the one that was not asked for the longest goes."""
    scenario, span = service(demand={"rate": "240/h"}), day(service())
    sizes = [size_of(sample(scenario, SEED, span, number)) for number in range(3)]
    customers = Customers(sum(sizes) - 1)
    for number in (0, 1, 0, 2):
        customers.sample(scenario, SEED, span, number)
    assert customers.sampled == 3
    customers.sample(scenario, SEED, span, 0)
    assert customers.sampled == 3
    customers.sample(scenario, SEED, span, 1)
    assert customers.sampled == 4
    nothing = Customers(0)
    for _ in range(2):
        nothing.sample(scenario, SEED, span)
    assert nothing.sampled == 2
