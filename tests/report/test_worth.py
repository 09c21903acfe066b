"""What mitigations are worth, in words."""

from __future__ import annotations

from typing import Any

from crestline.report.worth import worth_sentences


def value(mean: float, half: float) -> dict[str, float]:
    return {"value": mean, "low": mean - half, "high": mean + half}


def told(**figures: Any) -> str:
    unknown = {"name": "standby", "recovery_s": None, "customers": None, "cost": None, "over": False}
    (sentence,) = worth_sentences({"currency": "EUR", "mitigations": [unknown | figures]})
    return sentence


def test_minutes_customers_and_money() -> None:
    said = told(recovery_s=value(450, 60), customers=value(41.3, 4), cost=value(-540, 20))
    assert said == (
        "standby: without it recovery takes 7 min 30 s longer and 41 more customers go without help a day; "
        "it costs 540 EUR a day in agents"
    )


def test_what_days_do_not_show_is_not_told() -> None:
    said = told(recovery_s=value(20, 60), customers=value(1, 4), cost=value(3, 20))
    assert said == "standby: without it these days would have gone no worse"


def test_what_it_does_harm_to_is_told_as_well() -> None:
    """A breaker spares customers who wait for a bot that stands still, and fills the queues of people."""
    said = told(recovery_s=value(-198, 58), customers=value(27.2, 6), over=True)
    assert said == (
        "standby: without it 27 more customers go without help a day; with it recovery takes 3 min 18 s longer"
    )


def test_a_recovery_that_was_given_up_takes_at_least_as_long() -> None:
    assert "recovery takes at least 10 min longer" in told(recovery_s=value(600, 60), over=True)


def test_what_could_not_be_told_stays_out() -> None:
    assert told(customers=value(1.2, 1)) == "standby: without it 1 more customer goes without help a day"


def test_lost_customers_who_have_a_price_are_set_against_agents() -> None:
    said = told(customers=value(41.3, 4), cost=value(-540, 20), lost_cost=value(1030, 100), net=value(490, 110))
    assert said.endswith("; it costs 540 EUR a day in agents and saves 1,030 EUR a day in lost customers, net +490 EUR")


def test_agents_may_cost_less_with_it() -> None:
    assert told(cost=value(100, 20)).endswith("; it saves 100 EUR a day in agents")
