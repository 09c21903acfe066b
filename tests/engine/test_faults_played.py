"""Faults as customers meet them, worked out on paper; what an outage of the bot does stands in test_triage_outage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.engine.conftest import MakeContact, Tell

OUTAGE = {"kind": "platform-outage", "at": "00:01", "for": "1min"}


def test_agents_who_leave_finish_what_they_hold_and_come_back(tell: Tell, contact: MakeContact) -> None:
    """Half of four persons are away from 60 to 120; three are busy then, so nobody is free until two have ended."""
    told = tell(
        *(contact(0, handle=65 + 5 * i) for i in range(3)),
        contact(61, handle=100),
        contact(62, handle=100),
        contact(63, handle=100),
        agents={"desk": {"skills": ["order"], "on_duty": 4}},
        faults=[{"kind": "agents-leave", "at": "00:01", "for": "1min", "group": "desk", "share": 0.5}],
    )
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         0          65       agent_resolved  desk
        1    0          0         0          70       agent_resolved  desk
        2    0          0         0          75       agent_resolved  desk
        3    61         61        70         170      agent_resolved  desk
        4    62         62        75         175      agent_resolved  desk
        5    63         63        120        220      agent_resolved  desk
    """)
    assert [(at, ready) for at, ready, _, _ in told.pool("desk") if at in {0, 60, 120}] == [(0, 4), (60, 2), (120, 4)]


def test_a_shut_door_fails_who_comes_and_leaves_the_others_alone(tell: Tell, contact: MakeContact) -> None:
    """Shut from 60, open again at 120: who is inside is served, who comes fails at once."""
    told = tell(contact(10), contact(59), contact(60), contact(119), contact(120), faults=[OUTAGE])
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    10         10        10         70       agent_resolved  desk
        1    59         59        70         130      agent_resolved  desk
        2    60         -         -          60       failed          -
        3    119        -         -          119      failed          -
        4    120        120       130        190      agent_resolved  desk
    """)


def test_failed_contacts_come_back_as_the_fault_says(tell: Tell, contact: MakeContact) -> None:
    """The fault's own share counts for failed contacts: below it customers come back, once more into the shut door."""
    after: dict[str, Any] = {"after": {"failed": 0.2}, "delay": {"constant": "20s"}}
    told = tell(
        contact(90, again_u=0.5, then=contact(20, again_u=0.5, then=contact(20, again_u=0.5))),
        contact(91, again_u=0.6, then=contact(20)),
        recontact=after,
        faults=[OUTAGE | {"recontact": 0.6}],
    )
    assert told.reads("""
        row  customer  attempt  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0         0        90         -         -          90       failed          -
        1    0         1        110        -         -          110      failed          -
        2    0         2        130        130       130        190      agent_resolved  desk
        3    1         0        91         -         -          91       failed          -
    """)
