"""Faults during which something is out of the ordinary, as customers meet them, worked out on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import MakeContact, Tell

    MakeTriage = Callable[..., dict[str, Any]]

MINUTE = {"at": "00:01", "for": "1min"}  # from 60 to 120
TWO = {"desk": {"skills": ["order"], "on_duty": 2}}


def during(kind: str, **options: Any) -> list[dict[str, Any]]:
    """The fault in force from 60 to 120."""
    return [{"kind": kind} | options | MINUTE]


def test_nothing_moves_while_storage_stalls_but_patience(tell: Tell, contact: MakeContact) -> None:
    """Row 0 was to end at 70; row 1 leaves at 90; rows 2 and 3 come in at 120, the lower row first."""
    told = tell(
        contact(10),
        contact(50, patience=40),
        contact(65, patience=100),
        contact(119),
        contact(121),
        faults=during("storage-stall"),
    )
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    10         10        10         120      agent_resolved  desk
        1    50         50        -          90       abandoned       -
        2    65         120       120        180      agent_resolved  desk
        3    119        120       180        240      agent_resolved  desk
        4    121        121       240        300      agent_resolved  desk
    """)


def test_patience_for_the_bot_runs_from_the_instant_of_coming(
    tell: Tell, contact: MakeContact, triage: MakeTriage
) -> None:
    """One slot, taken at 120 by the lower row; the others have waited for 50 and 10 seconds by then."""
    told = tell(
        contact(65, resolves=True, reply=30),
        contact(70, resolves=True, patience=40),
        contact(110, resolves=True, patience=25),
        triage=triage(),
        faults=during("storage-stall"),
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome       group
        0    65         150          -         -          150      bot_resolved  -
        1    70         -            -         -          120      abandoned     -
        2    110        -            -         -          135      abandoned     -
    """)


def test_agents_who_come_during_a_stall_begin_at_its_end(tell: Tell, contact: MakeContact) -> None:
    """A second agent is there from 90 on; who waits is taken at 120, before those who were let in then."""
    steps = {"desk": {"skills": ["order"], "on_duty": {"00:00": 1, "00:01:30": 2}}}
    told = tell(contact(0, handle=200), contact(40), contact(80), agents=steps, faults=during("storage-stall"))
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         0          200      agent_resolved  desk
        1    40         40        120        180      agent_resolved  desk
        2    80         120       180        240      agent_resolved  desk
    """)


def test_the_bot_takes_longer_for_what_begins_while_it_is_slow(
    tell: Tell, contact: MakeContact, triage: MakeTriage
) -> None:
    """Ten seconds are thirty from 60 on; what began at 59 is not slower, what begins at 120 is as usual."""
    told = tell(
        *(contact(at, resolves=True) for at in (59, 75, 106, 125)),
        triage=triage(),
        faults=during("triage-brownout", how="slow", factor=3),
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome       group
        0    59         69           -         -          69       bot_resolved  -
        1    75         105          -         -          105      bot_resolved  -
        2    106        136          -         -          136      bot_resolved  -
        3    125        146          -         -          146      bot_resolved  -
    """)


def test_a_bot_that_stands_still_replies_when_it_goes_on(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """What was due at 65 comes at 120; the next takes its slot then."""
    told = tell(
        contact(55, resolves=True),
        contact(70, resolves=True),
        triage=triage(),
        faults=during("triage-brownout", how="stop"),
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome       group
        0    55         120          -         -          120      bot_resolved  -
        1    70         130          -         -          130      bot_resolved  -
    """)


def test_who_comes_during_a_bad_release_meets_it(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """Due at 119 and replied to at 129: the bad release; due at 130: the good one."""
    told = tell(
        contact(50, resolves=True, worse=False),
        contact(119, resolves=True, worse=False),
        contact(130, resolves=True, worse=False),
        triage=triage(),
        faults=during("triage-worse", resolves=0),
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    50         60           -         -          60       bot_resolved    -
        1    119        129          129       129        189      agent_resolved  desk
        2    130        140          -         -          140      bot_resolved    -
    """)


def test_slow_agents_take_longer_for_what_they_claim_then(tell: Tell, contact: MakeContact) -> None:
    """A minute is a minute and a half for whoever is claimed from 60 on, and an end after the play counts so, too."""
    late = [{"kind": "slow-agents", "factor": 1.5, "at": "00:09", "for": "1min"}]
    told = tell(
        contact(30), contact(90), contact(180), contact(599, handle=600), agents=TWO,
        faults=during("slow-agents", factor=1.5) + late,
    )  # fmt: skip
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    30         30        30         90       agent_resolved  desk
        1    90         90        90         180      agent_resolved  desk
        2    180        180       180        240      agent_resolved  desk
        3    599        599       599        1499     agent_resolved  desk
    """)


def test_a_pool_that_is_frozen_starts_no_worker(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """On the tick of 60 a second worker would start and be there at 90; so it is after the next tick, 120."""
    busy = [contact(at, reply=300, resolves=True) for at in (55, 56)]
    pool = triage(at_most=2)
    told = tell(*busy, triage=pool, faults=during("pool-freeze"))
    assert next(step[:2] for step in told.pool("triage") if step[1] == 2) == (150, 2)
    assert next(step[:2] for step in tell(*busy, triage=pool).pool("triage") if step[1] == 2) == (90, 2)


def test_who_gets_no_help_in_a_storm_tries_again_at_once(tell: Tell, contact: MakeContact) -> None:
    """Who leaves at 70 is back at 90 as the storm says; who leaves at 150 is back a minute later, as ever."""
    usual = {"after": {"abandoned": 0.2}, "delay": {"constant": "1min"}}
    told = tell(
        contact(0, handle=500),
        contact(50, patience=20, again_u=0.5, then=contact(60, patience=60, again_u=0.1, then=contact(60, patience=9))),
        recontact=usual,
        faults=during("retry-storm", share=0.9, delay="20s"),
    )
    assert told.reads("""
        row  customer  attempt  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0         0        0          0         0          500      agent_resolved  desk
        1    1         0        50         50        -          70       abandoned       -
        2    1         1        90         90        -          150      abandoned       -
        3    1         2        210        210       -          219      abandoned       -
    """)


def test_errors_on_the_wire_meet_a_share_of_those_who_come(tell: Tell, contact: MakeContact) -> None:
    told = tell(
        contact(59, fail_u=0.1),
        contact(60, fail_u=0.29),
        contact(61, fail_u=0.3),
        faults=during("wire", how="errors", share=0.3),
    )
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    59         59        59         119      agent_resolved  desk
        1    60         -         -          60       failed          -
        2    61         61        119        179      agent_resolved  desk
    """)


def test_latency_delays_hearing_the_bot_and_joining_a_queue(
    tell: Tell, contact: MakeContact, triage: MakeTriage
) -> None:
    """Five seconds each."""
    told = tell(
        contact(70, resolves=True),
        contact(90),
        triage=triage(),
        faults=during("wire", how="latency", delay="5s"),
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    70         85           -         -          85       bot_resolved    -
        1    90         105          110       110        170      agent_resolved  desk
    """)
    alone = tell(contact(70), faults=during("wire", how="latency", delay="5s"))
    assert alone.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    70         75        75         135      agent_resolved  desk
    """)


def test_a_wire_that_hangs_holds_customers_and_not_agents(tell: Tell, contact: MakeContact) -> None:
    """Row 0 ends and row 1 is claimed meanwhile; row 2 is let in at the end."""
    told = tell(contact(10), contact(50), contact(65), agents=TWO, faults=during("wire", how="hang"))
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    10         10        10         70       agent_resolved  desk
        1    50         50        50         110      agent_resolved  desk
        2    65         120       120        180      agent_resolved  desk
    """)
