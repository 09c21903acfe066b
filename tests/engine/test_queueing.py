"""Agents and their queues, worked out on paper: who waits, who is next, who leaves, who is turned away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.engine.conftest import MakeContact, Tell


def test_contacts_are_served_in_order_of_arrival(tell: Tell, contact: MakeContact) -> None:
    """One agent serves one contact after the other; who waits starts when the one before ends."""
    told = tell(contact(0), contact(10), contact(20, handle=30), contact(200))
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         0          60       agent_resolved  desk
        1    10         10        60         120      agent_resolved  desk
        2    20         20        120        150      agent_resolved  desk
        3    200        200       200        260      agent_resolved  desk
    """)
    assert told.pool("desk") == [
        (0, 1, 1, 0),
        (10, 1, 1, 1),
        (20, 1, 1, 2),
        (60, 1, 1, 1),
        (120, 1, 1, 0),
        (150, 1, 0, 0),
        (200, 1, 1, 0),
        (260, 1, 0, 0),
    ]


def test_vips_are_served_before_the_others(tell: Tell, contact: MakeContact) -> None:
    """A VIP passes everyone who waits, yet interrupts no one; VIPs among themselves keep their order."""
    told = tell(contact(0), contact(10), contact(20, vip=True), contact(30, vip=True), contact(70))
    assert told.reads("""
        row  vip  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    no   0          0         0          60       agent_resolved  desk
        1    no   10         10        180        240      agent_resolved  desk
        2    yes  20         20        60         120      agent_resolved  desk
        3    yes  30         30        120        180      agent_resolved  desk
        4    no   70         70        240        300      agent_resolved  desk
    """)


def test_agent_prefers_vip_then_the_skill_named_first_then_who_waits_longest(
    tell: Tell, contact: MakeContact, order: dict[str, Any]
) -> None:
    """A VIP of the second skill comes before all; then the first skill, though the second has waited longer."""
    told = tell(
        contact(0),
        contact(5, "refund"),
        contact(10),
        contact(15),
        contact(20, "refund", vip=True),
        contacts={"order": order | {"share": 0.5}, "refund": order | {"share": 0.5}},
        agents={"desk": {"skills": ["order", "refund"], "on_duty": 1}},
    )
    assert told.reads("""
        row  contact  vip  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    order    no   0          0         0          60       agent_resolved  desk
        1    refund   no   5          5         240        300      agent_resolved  desk
        2    order    no   10         10        120        180      agent_resolved  desk
        3    order    no   15         15        180        240      agent_resolved  desk
        4    refund   yes  20         20        60         120      agent_resolved  desk
    """)


def test_contact_prefers_the_group_in_whose_list_its_skill_stands_earliest(
    tell: Tell, contact: MakeContact, order: dict[str, Any]
) -> None:
    """A refund goes to the specialists, though they stand last in the file; only then to who can do it as well."""
    told = tell(
        contact(0, "refund"),
        contact(10, "refund"),
        contact(20, "refund"),
        contact(30, "refund"),
        contacts={"order": order | {"share": 0.5}, "refund": order | {"share": 0.5}},
        agents={
            "first": {"skills": ["order", "refund"], "on_duty": 1},
            "second": {"skills": ["order", "refund"], "on_duty": 1},
            "specialist": {"skills": ["refund"], "on_duty": 1},
        },
    )
    assert told.reads("""
        row  contact  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    refund   0          0         0          60       agent_resolved  specialist
        1    refund   10         10        10         70       agent_resolved  first
        2    refund   20         20        20         80       agent_resolved  second
        3    refund   30         30        60         120      agent_resolved  specialist
    """)


def test_waiting_contacts_are_noted_at_the_group_that_prefers_them(
    tell: Tell, contact: MakeContact, order: dict[str, Any]
) -> None:
    """A waiting refund counts once: at the specialists, even if another group takes it in the end."""
    told = tell(
        contact(0, "refund", handle=100),
        contact(10, "refund"),
        contact(20, "refund"),
        contacts={"order": order | {"share": 0.5}, "refund": order | {"share": 0.5}},
        agents={
            "general": {"skills": ["order", "refund"], "on_duty": 1},
            "specialist": {"skills": ["refund"], "on_duty": 1},
        },
    )
    assert told.outcomes.group.tolist() == [1, 0, 0]
    assert told.pool("specialist") == [(0, 1, 1, 0), (20, 1, 1, 1), (70, 1, 1, 0), (100, 1, 0, 0)]
    assert told.pool("general") == [(0, 1, 0, 0), (10, 1, 1, 0), (130, 1, 0, 0)]


def test_customer_leaves_when_patience_runs_out(tell: Tell, contact: MakeContact) -> None:
    """Patience ends the wait of one customer and nobody else's."""
    told = tell(contact(0), contact(10, patience=30), contact(20, patience=41), contact(30, patience=40.5))
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         0          60       agent_resolved  desk
        1    10         10        -          40       abandoned       -
        2    20         20        60         120      agent_resolved  desk
        3    30         30        -          70.5     abandoned       -
    """)
    assert told.pool("desk")[-4:] == [(40, 1, 1, 2), (60, 1, 1, 1), (70.5, 1, 1, 0), (120, 1, 0, 0)]


def test_queue_limit_of_nothing_is_a_loss_system(tell: Tell, contact: MakeContact, order: dict[str, Any]) -> None:
    """Who finds no agent free is turned away at once, and has not entered the queue."""
    told = tell(contact(0), contact(10), contact(59), contact(60), contacts={"order": order | {"queue_limit": 0}})
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         0          60       agent_resolved  desk
        1    10         -         -          10       rejected        -
        2    59         -         -          59       rejected        -
        3    60         60        60         120      agent_resolved  desk
    """)


def test_queue_limit_counts_everyone_who_waits_for_the_skill(
    tell: Tell, contact: MakeContact, order: dict[str, Any]
) -> None:
    """Two may wait: a VIP is turned away like anybody, and a place is free again when someone leaves."""
    told = tell(
        contact(0),
        contact(10, vip=True),
        contact(20, patience=15),
        contact(30, vip=True),
        contact(40),
        contacts={"order": order | {"queue_limit": 2}},
    )
    assert told.reads("""
        row  vip  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    no   0          0         0          60       agent_resolved  desk
        1    yes  10         10        60         120      agent_resolved  desk
        2    no   20         20        -          35       abandoned       -
        3    yes  30         -         -          30       rejected        -
        4    no   40         40        120        180      agent_resolved  desk
    """)


def test_agent_holds_as_many_contacts_as_chats(tell: Tell, contact: MakeContact) -> None:
    """With two chats one agent serves two contacts at a time, each for its own handle time."""
    told = tell(contact(0), contact(10), contact(20), agents={"desk": {"skills": ["order"], "on_duty": 1, "chats": 2}})
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         0          60       agent_resolved  desk
        1    10         10        10         70       agent_resolved  desk
        2    20         20        60         120      agent_resolved  desk
    """)
    assert told.pool("desk")[0] == (0, 2, 1, 0)


def test_rating_follows_the_time_to_the_answer(tell: Tell, contact: MakeContact) -> None:
    """92 % are satisfied with 18 s, 78 % with 120 s: who draws 0.80 is with the one and not with the other."""
    told = tell(
        contact(0, handle=120, rating_u=0.94),
        contact(102, rating_u=0.8),
        contact(110, patience=5),
        contact(120, rating_u=0.8),
        contact(120, rating_u=0.8),
    )
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group  rating
        0    0          0         0          120      agent_resolved  desk   1
        1    102        102       120        180      agent_resolved  desk   1
        2    110        110       -          115      abandoned       -      -
        3    120        120       180        240      agent_resolved  desk   1
        4    120        120       240        300      agent_resolved  desk   0
    """)
