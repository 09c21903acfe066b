"""The circuit breaker before the bot, worked out on paper: closed, open, half-open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.engine.conftest import MakeContact, Tell

MakeTriage = Callable[..., dict[str, Any]]
DESK = {"desk": {"skills": ["order"], "on_duty": 10}}


def guarded(triage: dict[str, Any], failures: int = 1, timeout: str = "20s", open_for: str = "30s") -> dict[str, Any]:
    """The same bot behind a circuit breaker."""
    return triage | {"breaker": {"failures": failures, "timeout": timeout, "open_for": open_for}}


def test_two_failures_open_it_and_the_first_contact_after_a_while_tries_alone(
    tell: Tell, contact: MakeContact, triage: MakeTriage
) -> None:
    """One slot: who holds it lets go at 20, who waited since 5 at 25; open until 55, and closed from 65 on.

    Nobody else tries while the trial does, at 60; who goes round the bot waits for nothing.
    """
    told = tell(
        contact(0, reply=100, resolves=True),
        contact(5, reply=100, resolves=True),
        contact(30, resolves=True),
        contact(55, resolves=True),
        contact(60, resolves=True),
        contact(66, resolves=True),
        triage=guarded(triage(), failures=2),
        agents=DESK,
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          -            20        20         80       agent_resolved  desk
        1    5          -            25        25         85       agent_resolved  desk
        2    30         -            30        30         90       agent_resolved  desk
        3    55         65           -         -          65       bot_resolved    -
        4    60         -            60        60         120      agent_resolved  desk
        5    66         76           -         -          76       bot_resolved    -
    """)
    assert told.pool("triage") == [
        (0, 1, 1, 0),
        (5, 1, 1, 1),
        (20, 1, 1, 0),
        (25, 1, 0, 0),
        (55, 1, 1, 0),
        (65, 1, 0, 0),
        (66, 1, 1, 0),
        (76, 1, 0, 0),
    ]


def test_a_trial_that_fails_opens_it_for_as_long_again(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """Open from 20 to 50, and from 70 to 100; one failure is enough for a trial, however many it takes to open it."""
    told = tell(
        contact(0, reply=100),
        contact(50, reply=100),
        contact(99),
        contact(100, resolves=True),
        triage=guarded(triage()),
        agents=DESK,
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          -            20        20         80       agent_resolved  desk
        1    50         -            70        70         130      agent_resolved  desk
        2    99         -            99        99         159      agent_resolved  desk
        3    100        110          -         -          110      bot_resolved    -
    """)


def test_failures_count_in_a_row_alone(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """A reply at the last instant is one: of a failure, a success and a failure none is the second in a row."""
    told = tell(
        contact(0, reply=100),
        contact(1, reply=20, resolves=True),
        contact(2, reply=100),
        contact(23, resolves=True),
        triage=guarded(triage(slots=4), failures=2),
        agents=DESK,
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          -            20        20         80       agent_resolved  desk
        1    1          21           -         -          21       bot_resolved    -
        2    2          -            22        22         82       agent_resolved  desk
        3    23         33           -         -          33       bot_resolved    -
    """)


def test_who_tried_before_it_opened_says_nothing_of_the_trial(
    tell: Tell, contact: MakeContact, triage: MakeTriage
) -> None:
    """Open at 20, half-open at 26: who came at 15 fails at 35, and the trial still closes it at 41."""
    told = tell(
        contact(0, reply=100),
        contact(15, reply=100),
        contact(26, reply=15, resolves=True),
        contact(42, resolves=True),
        triage=guarded(triage(slots=4), open_for="5s"),
        agents=DESK,
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          -            20        20         80       agent_resolved  desk
        1    15         -            35        35         95       agent_resolved  desk
        2    26         41           -         -          41       bot_resolved    -
        3    42         52           -         -          52       bot_resolved    -
    """)


def test_who_leaves_the_line_has_had_no_answer(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """The bot is busy, not slow: a customer without patience opens the breaker as well."""
    told = tell(
        contact(0, reply=15, resolves=True),
        contact(1, patience=3),
        contact(5),
        triage=guarded(triage()),
        agents=DESK,
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          15           -         -          15       bot_resolved    -
        1    1          -            -         -          4        abandoned       -
        2    5          -            5         5          65       agent_resolved  desk
    """)


def test_an_outage_opens_it_and_it_looks_again_after_the_bot_is_back(
    tell: Tell, contact: MakeContact, triage: MakeTriage
) -> None:
    """Struck at 60 and back at 150: given back at 65, open until 165, and with ``reject`` nobody sees an agent."""
    told = tell(
        contact(55),
        contact(155),
        contact(166, resolves=True),
        triage=guarded(triage("reject"), open_for="100s"),
        faults=[{"kind": "triage-outage", "at": "00:01", "for": "1min", "notice": "5s"}],
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome       group
        0    55         -            -         -          65       rejected      -
        1    155        -            -         -          155      rejected      -
        2    166        176          -         -          176      bot_resolved  -
    """)


def test_a_stall_of_the_target_holds_time_outs_back(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """Nothing is done from 60 to 120, and at its end what the bot was to say comes before what has waited too long."""
    told = tell(
        contact(55, reply=10, resolves=True),
        contact(56, reply=90),
        triage=guarded(triage(slots=4)),
        agents=DESK,
        faults=[{"kind": "storage-stall", "at": "00:01", "for": "1min"}],
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    55         120          -         -          120      bot_resolved    -
        1    56         -            120       120        180      agent_resolved  desk
    """)
