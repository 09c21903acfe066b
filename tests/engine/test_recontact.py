"""Customers who come back, worked out on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import MakeContact, Tell

SHARES = {"abandoned": 0.5, "rejected": 0.4, "bot_resolved": 0.3, "agent_resolved": 0.2}
AGAIN: dict[str, Any] = {"after": SHARES, "delay": {"constant": "1min"}}


def test_customer_comes_back_after_the_end_and_the_delay(tell: Tell, contact: MakeContact) -> None:
    """Leaves at 40, comes back 25 s later with its own handle time and patience; then resolved and at peace."""
    told = tell(
        contact(0, handle=100),
        contact(10, patience=30, again_u=0.45, then=contact(25, handle=7, again_u=0.2, then=contact(1))),
        recontact=AGAIN,
    )
    assert told.reads("""
        row  customer  attempt  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0         0        0          0         0          100      agent_resolved  desk
        1    1         0        10         10        -          40       abandoned       -
        2    1         1        65         65        100        107      agent_resolved  desk
    """)


@pytest.mark.parametrize(("again_u", "comes_back"), [(0.19, True), (0.2, False)])
def test_the_share_of_the_outcome_decides(tell: Tell, contact: MakeContact, again_u: float, comes_back: bool) -> None:
    """20 % come back after an agent resolved their contact, though 50 % would after leaving."""
    told = tell(contact(0, again_u=again_u, then=contact(60)), recontact=AGAIN)
    assert len(told.outcomes) == 1 + comes_back
    assert told.outcomes.planned_s.tolist()[1:] == [120] * comes_back


def test_recontact_keeps_the_type_and_the_rank_of_its_customer(
    tell: Tell, contact: MakeContact, order: dict[str, Any]
) -> None:
    """A VIP's recontact is a VIP's, and of the same type."""
    told = tell(
        contact(0, "refund", vip=True, again_u=0, then=contact(30)),
        recontact=AGAIN,
        contacts={"order": order | {"share": 0.5}, "refund": order | {"share": 0.5}},
        agents={"desk": {"skills": ["order", "refund"], "on_duty": 1}},
    )
    assert told.outcomes.contact.tolist() == [1, 1]
    assert told.outcomes.vip.tolist() == [True, True]


def test_nothing_is_planned_at_the_stop_or_later(tell: Tell, contact: MakeContact) -> None:
    """The play stops planning at 600: a recontact due at 599 is played, one due at 600 is not."""
    told = tell(
        contact(500, handle=50, again_u=0, then=contact(49, handle=1)),
        contact(500, handle=1, again_u=0, then=contact(49, handle=1)),
        recontact=AGAIN,
    )
    assert told.outcomes.planned_s.tolist() == [500, 599, 500]
    assert told.outcomes.ended_s.tolist() == [550, 600, 551]
