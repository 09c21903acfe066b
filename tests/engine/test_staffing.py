"""Shifts, standby agents and the drain, worked out on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.engine.conftest import MakeContact, Tell

STANDBY = {
    "group": "desk",
    "agents": 2,
    "call_when": "longest_wait > 30s",
    "call_in": "1min",
    "release_after": "2min",
}


def desk(**parts: Any) -> dict[str, Any]:
    """The group ``desk``, varied."""
    return {"desk": {"skills": ["order"], "on_duty": 1} | parts}


def test_who_is_on_when_the_shift_ends_finishes_first(tell: Tell, contact: MakeContact) -> None:
    """After a step down two are busy where one is staffed: overtime, and nothing is granted until one is free again."""
    told = tell(
        contact(0, handle=120),
        contact(0, handle=90),
        contact(70),
        agents=desk(on_duty={"00:00": 2, "00:01": 1, "00:04": 3}),
    )
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         0          120      agent_resolved  desk
        1    0          0         0          90       agent_resolved  desk
        2    70         70        120        180      agent_resolved  desk
    """)
    assert told.pool("desk") == [
        (0, 2, 2, 0),
        (60, 1, 2, 0),
        (70, 1, 2, 1),
        (90, 1, 1, 1),
        (120, 1, 1, 0),
        (180, 1, 0, 0),
        (240, 3, 0, 0),
    ]


def test_step_up_takes_as_many_as_there_are_new_slots(tell: Tell, contact: MakeContact) -> None:
    """Two agents begin at the same instant and take the first two in line; nobody is there before the first step."""
    told = tell(contact(0), contact(10), contact(20), agents=desk(on_duty={"00:01": 2}))
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         60         120      agent_resolved  desk
        1    10         10        60         120      agent_resolved  desk
        2    20         20        120        180      agent_resolved  desk
    """)


def test_standby_is_called_joins_and_is_released(tell: Tell, contact: MakeContact) -> None:
    """Called on the tick at 90 (a wait of 45 s), there at 150, calm since then, gone at 270 while one still works."""
    told = tell(
        contact(0, handle=300),
        contact(45),
        contact(155, handle=130),
        contact(280),
        standby=STANDBY,
    )
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         0          300      agent_resolved  desk
        1    45         45        150        210      agent_resolved  desk
        2    155        155       155        285      agent_resolved  desk
        3    280        280       300        360      agent_resolved  desk
    """)
    assert told.pool("standby") == [(150, 2, 0, 0), (270, 0, 0, 0)]
    assert told.pool("desk") == [
        (0, 1, 1, 0),
        (45, 1, 1, 1),
        (150, 3, 2, 0),
        (155, 3, 3, 0),
        (210, 3, 2, 0),
        (270, 1, 2, 0),
        (280, 1, 2, 1),
        (285, 1, 1, 1),
        (300, 1, 1, 0),
        (360, 1, 0, 0),
    ]


def test_standby_is_not_called_at_the_limit_itself(tell: Tell, contact: MakeContact) -> None:
    """On the tick at 60 the wait is 30 s, not more than 30 s; on the next it is 60 s."""
    told = tell(contact(0, handle=300), contact(30), standby=STANDBY | {"release_after": "1h"})
    assert told.pool("standby") == [(150, 2, 0, 0)]
    assert told.outcomes.claimed_s.tolist() == [0, 150]


def test_standby_is_called_once_and_may_be_called_again(tell: Tell, contact: MakeContact) -> None:
    """Called at 60, there at 120, gone at 150; a new wait of more than 30 s calls them again."""
    told = tell(
        contact(0, handle=500),
        contact(10),
        contact(200),
        standby=STANDBY | {"agents": 1, "release_after": "30s"},
        agents=desk(chats=1),
    )
    assert told.pool("standby") == [(120, 1, 0, 0), (150, 0, 0, 0), (300, 1, 0, 0), (330, 0, 0, 0)]
    assert told.outcomes.claimed_s.tolist() == [0, 120, 300]


def test_calm_begins_anew_when_the_wait_passes_the_limit(tell: Tell, contact: MakeContact) -> None:
    """Calm on the tick at 180, over the limit from 210 to 330: two calm minutes count from 360, not from 150."""
    told = tell(
        contact(0, handle=500),
        contact(45, handle=110),
        contact(160, handle=90),
        contact(200),
        standby=STANDBY | {"agents": 1, "call_in": "1min", "release_after": "2min"},
    )
    assert told.outcomes.claimed_s.tolist() == [0, 150, 260, 350]
    assert told.pool("standby") == [(150, 1, 0, 0), (480, 0, 0, 0)]


def test_standby_hears_only_queues_its_group_serves(tell: Tell, contact: MakeContact, order: dict[str, Any]) -> None:
    """A long wait for a skill that the group does not have calls nobody."""
    told = tell(
        contact(0, "refund", handle=300),
        contact(10, "refund"),
        contacts={"order": order | {"share": 0.5}, "refund": order | {"share": 0.5}},
        agents=desk() | {"other": {"skills": ["refund"], "on_duty": 1}},
        standby=STANDBY,
    )
    assert told.pool("standby") == []
    assert told.outcomes.claimed_s.tolist() == [0, 300]


def test_standby_persons_bring_their_chats_and_ignore_availability(tell: Tell, contact: MakeContact) -> None:
    """Two persons with two chats are four slots, though of those on duty only half are available."""
    told = tell(
        contact(0, handle=400),
        contact(0, handle=400),
        contact(10),
        agents=desk(on_duty=2, availability=0.5, chats=2),
        standby=STANDBY,
    )
    assert told.pool("standby")[0] == (120, 4, 0, 0)
    assert told.pool("desk")[:3] == [(0, 2, 2, 0), (10, 2, 2, 1), (120, 6, 3, 0)]


def test_drain_lets_those_who_wait_be_answered_for_five_minutes(tell: Tell, contact: MakeContact) -> None:
    """Planned until 600, drained until 900: with an agent by then ends at claim + handle time; who waits is open."""
    told = tell(
        contact(500, handle=200),
        contact(598, handle=200),
        contact(599, handle=1000),
        contact(599.5, patience=200),
        contact(599.75),
        contact(600),
    )
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    500        500       500        700      agent_resolved  desk
        1    598        598       700        900      agent_resolved  desk
        2    599        599       900        1900     agent_resolved  desk
        3    599.5      599.5     -          799.5    abandoned       -
        4    599.75     599.75    -          -        open            -
    """)
    assert told.pool("desk")[-1] == (900, 1, 1, 1)
