"""The bot is struck down and comes back, worked out on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.engine.conftest import MakeContact, Tell

MakeTriage = Callable[..., dict[str, Any]]
OUTAGE = {"kind": "triage-outage", "at": "00:01", "for": "1min", "notice": "5s"}


def test_outage_gives_everyone_back_to_the_queue(
    tell: Tell, contact: MakeContact, triage: MakeTriage, order: dict[str, Any]
) -> None:
    """Struck at 60, back at 60 + 60 + 30: in a slot given back at 65, in line at 60, arriving at once; then the bot.

    Given back means the queue of its own type, wherever triage would have routed it; patience starts anew.
    """
    told = tell(
        contact(55, reply=6, resolves=True, routed="refund"),
        contact(56, patience=5),
        contact(100, handle=10),
        contact(149, handle=10),
        contact(150, resolves=True),
        triage=triage(),
        contacts={"order": order | {"share": 0.5}, "refund": order | {"share": 0.5}},
        agents={"desk": {"skills": ["order", "refund"], "on_duty": 1}},
        faults=[OUTAGE],
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    55         -            65        120        180      agent_resolved  desk
        1    56         -            60        60         120      agent_resolved  desk
        2    100        -            100       180        190      agent_resolved  desk
        3    149        -            149       190        200      agent_resolved  desk
        4    150        160          -         -          160      bot_resolved    -
    """)
    assert told.pool("triage") == [
        (0, 1, 0, 0),
        (55, 1, 1, 0),
        (56, 1, 1, 1),
        (60, 0, 0, 0),
        (150, 1, 1, 0),
        (160, 1, 0, 0),
    ]


def test_outage_rejects_everyone_where_the_scenario_says_so(
    tell: Tell, contact: MakeContact, triage: MakeTriage
) -> None:
    """With ``when_down: reject`` they never reach an agent."""
    told = tell(
        contact(55), contact(56), contact(100), contact(150, resolves=True), triage=triage("reject"), faults=[OUTAGE]
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome       group
        0    55         -            -         -          65       rejected      -
        1    56         -            -         -          60       rejected      -
        2    100        -            -         -          100      rejected      -
        3    150        160          -         -          160      bot_resolved  -
    """)


def test_contacts_are_given_back_in_order_of_row(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """The recontact of the first customer entered its slot after the second customer, but has the lower row."""
    told = tell(
        contact(0, reply=5, resolves=True, again_u=0, then=contact(50)),
        contact(52, reply=20),
        triage=triage(slots=2),
        recontact={"after": {"bot_resolved": 0.5}, "delay": {"constant": "1min"}},
        faults=[OUTAGE],
    )
    assert told.reads("""
        row  customer  attempt  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    0         0        0          5            -         -          5        bot_resolved    -
        1    0         1        55         -            65        65         125      agent_resolved  desk
        2    1         0        52         -            65        125        185      agent_resolved  desk
    """)


def test_as_many_workers_come_back_as_were_ready(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """Three were ready and one was starting at the strike: three come back, and the start planned before is void.

    While nobody is ready the control tick scales nothing.
    """
    told = tell(
        *(contact(5 + i, reply=300, resolves=True) for i in range(3)),
        contact(10, patience=1),
        triage=triage(workers=3, at_most=9, start_up="40s"),
        faults=[OUTAGE | {"at": "00:00:50", "notice": "0s"}],
        agents={"desk": {"skills": ["order"], "on_duty": 3}},
    )
    assert told.outcomes.queued_s.tolist()[:3] == [50, 50, 50]
    assert told.pool("triage")[-3:] == [(11, 3, 3, 0), (50, 0, 0, 0), (150, 3, 0, 0)]


def test_a_strike_at_the_instant_of_the_return_keeps_the_workers_down(
    tell: Tell, contact: MakeContact, triage: MakeTriage
) -> None:
    """Back would be at 60 + 60 + 30 = 150, when it is struck again: back at 150 + 60 + 30, as many as there were."""
    again = OUTAGE | {"at": "00:02:30"}
    told = tell(contact(160, handle=10), contact(250, resolves=True), triage=triage(), faults=[OUTAGE, again])
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    160        -            160       160        170      agent_resolved  desk
        1    250        260          -         -          260      bot_resolved    -
    """)
    assert told.pool("triage") == [(0, 1, 0, 0), (60, 0, 0, 0), (240, 1, 0, 0), (250, 1, 1, 0), (260, 1, 0, 0)]
