"""Faults in force together make one step function of what is out of the ordinary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crestline.faults import Spell, conditions
from crestline.faults.effect import Effect
from crestline.tables import Condition
from crestline.workload import arrivals, day, timeline

if TYPE_CHECKING:
    from tests.faults.conftest import MakeScenario

GROUPS = ("general", "money")


def test_each_edge_is_a_step_and_the_last_is_that_all_is_as_usual() -> None:
    """Delays add up, factors multiply, the later instant counts, and each share meets who was not met yet."""
    spells = [
        Spell(
            10, 40, Effect(delay_s=2, fail_share=0.5, reply_factor=2, enters_at_s=40, handle_factor=2, group="money")
        ),
        Spell(20, 30, Effect(delay_s=3, fail_share=0.2, reply_factor=3, enters_at_s=30, handle_factor=1.5)),
    ]
    one = Condition(10, delay_s=2, fail_share=0.5, reply_factor=2, enters_at_s=40, handle_factors=(1, 2))
    both = Condition(20, delay_s=5, fail_share=0.6, reply_factor=6, enters_at_s=40, handle_factors=(1.5, 3))
    assert list(conditions(spells, GROUPS)) == [one, both, one._replace(time_s=30), Condition(40)]


def test_one_fault_after_the_other_leaves_nothing_between() -> None:
    """What ends where the next begins is one step."""
    spells = [Spell(10, 20, Effect(is_frozen=True)), Spell(20, 30, Effect(is_worse=True))]
    assert list(conditions(spells, GROUPS)) == [
        Condition(10, is_frozen=True),
        Condition(20, is_worse=True),
        Condition(30),
    ]


def test_without_such_faults_all_is_as_usual(scenario: MakeScenario) -> None:
    """An outage, a spike and absent agents are events, arrivals and shifts."""
    made = scenario(
        {"kind": "triage-outage", "at": "08:10", "for": "1min"},
        {"kind": "demand-spike", "at": "08:20", "for": "1min", "factor": 2},
        {"kind": "web-worker-kill", "at": "08:25", "for": "1min", "every": "10s"},
        {"kind": "agents-leave", "at": "08:30", "for": "1min", "group": "general", "share": 0.5},
    )
    assert timeline(made, day(made)).conditions == ()


def test_they_last_from_when_a_fault_was_seen_until_it_was_healed(scenario: MakeScenario) -> None:
    """As a live run had it; a fault that never struck leaves all as usual."""
    made = scenario(
        {"kind": "storage-stall", "at": "08:10", "for": "1min"}, {"kind": "pool-freeze", "at": "08:20", "for": "1min"}
    )
    line = timeline(made, day(made), seen=[(601.0, 665.0), None])
    assert [(one.time_s, one.serves_at_s, one.is_frozen) for one in line.conditions] == [
        (601, 665, False),
        (665, -float("inf"), False),
    ]


def test_a_spike_is_that_many_times_the_usual_demand(scenario: MakeScenario) -> None:
    """From one instant to another, of one contact type or of all."""
    fault = {"kind": "demand-spike", "at": "08:30", "for": "30min", "factor": 3}
    usual, all_, one = (
        scenario(*faults, demand={"rate": "100/h"}) for faults in ((), (fault,), (fault | {"contact": "refund"},))
    )
    span = day(usual)
    assert arrivals.expected_by_contact(usual, span) == pytest.approx({"order": 50, "refund": 50})
    assert arrivals.expected_by_contact(all_, span) == pytest.approx({"order": 100, "refund": 100})
    assert arrivals.expected_by_contact(one, span) == pytest.approx({"order": 50, "refund": 100})
    curve = arrivals.demand_curve(all_, span)
    assert [round(curve.between(at, at + 60), 3) for at in (1739, 1800, 3539)] == pytest.approx([1.667, 5, 5])
