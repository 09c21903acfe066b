"""The bot and its elastic pool, worked out on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.engine.conftest import MakeContact, Tell

MakeTriage = Callable[..., dict[str, Any]]


def two_types(order: dict[str, Any], **refund: Any) -> dict[str, Any]:
    """The contact types order and refund, the second varied."""
    return {"order": order | {"share": 0.5}, "refund": order | {"share": 0.5} | refund}


def test_bot_resolves_or_hands_on(tell: Tell, contact: MakeContact, triage: MakeTriage, order: dict[str, Any]) -> None:
    """One slot: the second waits for it, then is handed on to an agent; a type that skips the bot is queued at once."""
    told = tell(
        contact(0, resolves=True),
        contact(5),
        contact(30, "refund"),
        triage=triage(),
        contacts=two_types(order, bot="skip"),
        agents={"desk": {"skills": ["order", "refund"], "on_duty": 1}},
    )
    assert told.reads("""
        row  contact  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    order    0          10           -         -          10       bot_resolved    -
        1    order    5          20           20        20         80       agent_resolved  desk
        2    refund   30         -            30        80         140      agent_resolved  desk
    """)
    assert told.pool("triage") == [(0, 1, 1, 0), (5, 1, 1, 1), (10, 1, 1, 0), (20, 1, 0, 0)]


def test_patience_runs_while_waiting_and_starts_anew_in_the_queue(
    tell: Tell, contact: MakeContact, triage: MakeTriage
) -> None:
    """With 8 s of patience: 6 s for a slot, 10 s of reply and 4 s in the queue are borne; 9 s for a slot are not."""
    told = tell(
        contact(0, resolves=True),
        contact(4, patience=8, resolves=False, handle=4),
        contact(5, patience=8),
        contact(6, patience=16, handle=9),
        contact(24, patience=8),
        triage=triage(),
        agents={"desk": {"skills": ["order"], "on_duty": {"00:00": 0, "00:00:24": 1}}},
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          10           -         -          10       bot_resolved    -
        1    4          20           20        24         28       agent_resolved  desk
        2    5          -            -         -          13       abandoned       -
        3    6          30           30        30         39       agent_resolved  desk
        4    24         40           40        40         100      agent_resolved  desk
    """)


def test_slots_are_given_by_time_of_entry_not_to_vips_first(
    tell: Tell, contact: MakeContact, triage: MakeTriage
) -> None:
    """The bot knows no VIPs; the agents' queue behind it does."""
    told = tell(
        contact(0),
        contact(1, handle=10),
        contact(2, vip=True, handle=10),
        triage=triage(),
        agents={"desk": {"skills": ["order"], "on_duty": 1}},
    )
    assert told.reads("""
        row  vip  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    no   0          10           10        10         70       agent_resolved  desk
        1    no   1          20           20        80         90       agent_resolved  desk
        2    yes  2          30           30        70         80       agent_resolved  desk
    """)


def test_wrong_skill_is_passed_on_and_keeps_its_place(
    tell: Tell, contact: MakeContact, triage: MakeTriage, order: dict[str, Any]
) -> None:
    """Held 30 s by an agent of refunds, then first in line for orders: queued at 11, before who came at 30.

    Its patience of 20 s ended with the first claim, and the 54 s it waits thereafter are borne.
    """
    told = tell(
        contact(0, handle=85),
        contact(1, routed="refund", reply=10, patience=20),
        contact(20, patience=100),
        triage=triage(slots=4),
        contacts=two_types(order),
        agents={"desk": {"skills": ["order"], "on_duty": 1}, "money": {"skills": ["refund"], "on_duty": 1}},
    )
    assert told.reads("""
        row planned_s bot_reply_s queued_s claimed_s passed_s served_s ended_s outcome       first_group group transfers
        0   0         10          10       10        -        10       95      agent_resolved desk        desk  0
        1   1         11          11       11        41       95       155     agent_resolved money       desk  1
        2   20        30          30       -         -        -        130     abandoned      -           -     0
    """)
    assert told.pool("money") == [(0, 1, 0, 0), (11, 1, 1, 0), (41, 1, 0, 0)]
    assert told.pool("desk")[2:] == [(30, 1, 1, 1), (41, 1, 1, 2), (95, 1, 1, 1), (130, 1, 1, 0), (155, 1, 0, 0)]


def test_agent_who_has_both_skills_may_take_the_passed_contact_again(
    tell: Tell, contact: MakeContact, triage: MakeTriage, order: dict[str, Any]
) -> None:
    """It joined the right queue before the slot was free, at its old place, so the same agent goes on with it."""
    told = tell(
        contact(0, routed="refund"),
        contact(5),
        triage=triage(slots=4),
        contacts=two_types(order),
        agents={"desk": {"skills": ["order", "refund"], "on_duty": 1}},
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  passed_s  served_s  ended_s  outcome         group  transfers
        0    0          10           10        10         40        40        100      agent_resolved  desk   1
        1    5          15           15        100        -         100       160      agent_resolved  desk   0
    """)


def test_who_was_passed_on_is_never_turned_away(
    tell: Tell, contact: MakeContact, triage: MakeTriage, order: dict[str, Any]
) -> None:
    """A full queue is no reason to reject a contact that an agent has held already."""
    told = tell(
        contact(0, routed="refund"),
        contact(1),
        contact(2),
        triage=triage(slots=4),
        contacts=two_types(order) | {"order": order | {"share": 0.5, "queue_limit": 0}},
        agents={"desk": {"skills": ["order"], "on_duty": 1}, "money": {"skills": ["refund"], "on_duty": 1}},
    )
    assert told.reads("""
        row planned_s bot_reply_s queued_s claimed_s passed_s served_s ended_s outcome       first_group group transfers
        0   0         10          10       10        40       71       131     agent_resolved money       desk  1
        1   1         11          11       11        -        11       71      agent_resolved desk        desk  0
        2   2         12          -        -         -        -        12      rejected       -           -     0
    """)


def test_pool_scales_out_and_in_on_the_control_tick(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """Two of two slots busy at 30: two workers start, none at 60 while they do, there at 75; calm since 120, one tick
    of two workers at 180, and never fewer than one."""
    told = tell(
        contact(10, reply=100, resolves=True),
        contact(20, reply=100, resolves=True),
        contact(25, reply=10, resolves=True),
        contact(26, reply=100, patience=20),
        triage=triage(slots=2, at_most=4, step=2, start_up="45s", scale_out_at=0.75, scale_in_after="1min"),
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome       group
        0    10         110          -         -          110      bot_resolved  -
        1    20         120          -         -          120      bot_resolved  -
        2    25         85           -         -          85       bot_resolved  -
        3    26         -            -         -          46       abandoned     -
    """)
    assert told.pool("triage") == [
        (0, 2, 0, 0),
        (10, 2, 1, 0),
        (20, 2, 2, 0),
        (25, 2, 2, 1),
        (26, 2, 2, 2),
        (46, 2, 2, 1),
        (75, 6, 3, 0),
        (85, 6, 2, 0),
        (110, 6, 1, 0),
        (120, 6, 0, 0),
        (150, 2, 0, 0),
    ]


def test_pool_never_grows_beyond_its_limit(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """A step of three is cut to the one worker that is still allowed."""
    told = tell(
        contact(10, reply=200, resolves=True),
        contact(11, reply=200, resolves=True),
        triage=triage(at_most=2, step=3, start_up="0s", scale_out_at=1, scale_in_after="10min"),
    )
    assert [step[:3] for step in told.pool("triage")] == [
        (0, 1, 0),
        (10, 1, 1),
        (11, 1, 1),
        (30, 2, 2),
        (210, 2, 1),
        (230, 2, 0),
        (840, 1, 0),
    ]


def test_only_idle_workers_are_stopped(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """Two workers may go at 150, but only the first is idle: it goes, and one of the others when they are, too."""
    told = tell(
        contact(10, reply=60, resolves=True),
        contact(11, reply=60, resolves=True),
        contact(40, reply=10, resolves=True),
        contact(41, reply=300, resolves=True),
        contact(42, reply=300, resolves=True),
        triage=triage(slots=2, at_most=3, step=2, scale_in_after="1min"),
    )
    assert told.pool("triage") == [
        (0, 2, 0, 0),
        (10, 2, 1, 0),
        (11, 2, 2, 0),
        (40, 2, 2, 1),
        (41, 2, 2, 2),
        (42, 2, 2, 3),
        (60, 6, 5, 0),
        (70, 6, 3, 0),
        (71, 6, 2, 0),
        (150, 4, 2, 0),
        (360, 4, 0, 0),
        (420, 2, 0, 0),
    ]


def test_the_pool_shrinks_one_step_at_a_time(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """Calm since 120, one worker gone at 180; calm is then watched anew from 210, and the next is gone at 270."""
    told = tell(
        contact(10, reply=100, resolves=True),
        contact(11, reply=70, resolves=True),
        contact(12, reply=40, resolves=True),
        triage=triage(at_most=3, start_up="10s", scale_in_after="1min"),
    )
    assert told.pool("triage") == [
        (0, 1, 0, 0),
        (10, 1, 1, 0),
        (11, 1, 1, 1),
        (12, 1, 1, 2),
        (40, 2, 2, 1),
        (70, 3, 3, 0),
        (110, 3, 0, 0),
        (180, 2, 0, 0),
        (270, 1, 0, 0),
    ]
