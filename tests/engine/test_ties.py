"""Several events at one instant happen in the documented order of kinds, and by row within a kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import crestline.engine
from crestline.engine.kinds import Kind

if TYPE_CHECKING:
    from tests.engine.conftest import MakeContact, Tell

MakeTriage = Callable[..., dict[str, Any]]


def desk(**parts: Any) -> dict[str, Any]:
    """The group ``desk``, varied."""
    return {"desk": {"skills": ["order"], "on_duty": 1} | parts}


def test_the_documented_order_is_the_order_of_the_code() -> None:
    """The table in engine/DESIGN.md names every kind with its number."""
    text = Path(str(crestline.engine.__file__)).with_name("DESIGN.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", text, flags=re.MULTILINE)
    assert [(int(number), name) for number, name in rows] == [(kind.value, kind.name) for kind in Kind]


def test_lower_row_first_within_a_kind(tell: Tell, contact: MakeContact) -> None:
    """Three who come at once are taken in the order of their rows; two who end at once, too."""
    told = tell(contact(0), contact(0), contact(0, handle=10), contact(5), agents=desk(on_duty=2))
    assert told.outcomes.claimed_s.tolist() == [0, 0, 60, 60]
    first, second = told.pools.of("desk").busy.tolist(), told.pools.of("desk").waiting.tolist()
    assert max(first) == 2
    assert max(second) == 2


def test_resolve_before_leave(tell: Tell, contact: MakeContact) -> None:
    """Who is out of patience at the instant an agent is free is still answered; the next in line is not."""
    told = tell(contact(0), contact(10, patience=50), contact(20, patience=40))
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         0          60       agent_resolved  desk
        1    10         10        60         120      agent_resolved  desk
        2    20         20        -          60       abandoned       -
    """)


def test_leave_before_arrive(tell: Tell, contact: MakeContact, order: dict[str, Any]) -> None:
    """A place in a full queue that is given up at 60 is there for who comes at 60."""
    told = tell(
        contact(0, handle=100), contact(10, patience=50), contact(60), contacts={"order": order | {"queue_limit": 1}}
    )
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         0          100      agent_resolved  desk
        1    10         10        -          60       abandoned       -
        2    60         60        100        160      agent_resolved  desk
    """)


def test_resolve_before_arrive(tell: Tell, contact: MakeContact) -> None:
    """Who waits gets the agent who is free at 60, not the VIP who comes at 60."""
    told = tell(contact(0), contact(10), contact(60, vip=True))
    assert told.outcomes.claimed_s.tolist() == [0, 60, 120]


def test_reply_before_resolve(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """A VIP whom the bot hands on at 60 is in line when the agent is free at 60."""
    told = tell(
        contact(0, reply=0),
        contact(10, reply=0),
        contact(50, reply=10, vip=True),
        triage=triage(slots=4),
    )
    assert told.outcomes.claimed_s.tolist() == [0, 120, 60]


def test_resolve_before_pass(tell: Tell, contact: MakeContact, triage: MakeTriage, order: dict[str, Any]) -> None:
    """The agent who is free at 60 takes who waits; the contact passed on at 60 comes an instant too late."""
    told = tell(
        contact(10, reply=0, handle=50),
        contact(20, reply=10, routed="refund", vip=True),
        contact(31, reply=0),
        triage=triage(slots=4),
        contacts={"order": order | {"share": 0.5}, "refund": order | {"share": 0.5}},
        agents=desk() | {"money": {"skills": ["refund"], "on_duty": 1}},
    )
    assert told.outcomes.passed_s.tolist()[1] == 60
    assert told.outcomes.served_s.tolist() == [10, 120, 60]


def test_shift_before_resolve_and_arrive(tell: Tell, contact: MakeContact) -> None:
    """At 60 the second agent begins, then the first is free: both who wait are answered, and who comes then waits."""
    told = tell(contact(0), contact(10), contact(20), contact(60), agents=desk(on_duty={"00:00": 1, "00:01": 2}))
    assert told.outcomes.claimed_s.tolist() == [0, 60, 60, 120]
    down = tell(contact(0), contact(10), agents=desk(on_duty={"00:00": 1, "00:01": 0, "00:02": 1}))
    assert down.outcomes.claimed_s.tolist() == [0, 120]


def test_strike_before_reply_and_back_before_arrive(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """A reply due at the strike is lost; who comes at the very instant the bot is back talks to it."""
    told = tell(
        contact(50, resolves=True),
        contact(150, resolves=True),
        triage=triage(),
        faults=[{"kind": "triage-outage", "at": "00:01", "for": "1min"}],
    )
    assert told.reads("""
        row  planned_s  bot_reply_s  queued_s  claimed_s  ended_s  outcome         group
        0    50         -            65        65         125      agent_resolved  desk
        1    150        160          -         -          160      bot_resolved    -
    """)


def test_notice_before_back(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """Notice and return at one instant: contacts are given back in order of row, then the bot is there again."""
    told = tell(
        contact(50),
        contact(51),
        triage=triage(slots=2, start_up="0s"),
        faults=[{"kind": "triage-outage", "at": "00:01", "for": "5s"}],
    )
    assert told.outcomes.queued_s.tolist() == [65, 65]
    assert told.outcomes.claimed_s.tolist() == [65, 125]
    assert told.pool("triage")[-2:] == [(60, 0, 0, 0), (65, 2, 0, 0)]


def test_start_before_reply(tell: Tell, contact: MakeContact, triage: MakeTriage) -> None:
    """The worker that is ready at 60 takes who waits for a slot; the slot that is free at 60 is left over."""
    told = tell(
        contact(20, reply=40, resolves=True),
        contact(25, reply=10, resolves=True),
        triage=triage(at_most=2, start_up="30s"),
    )
    rows = told.pools.of("triage")
    at_60 = rows.take(rows.time_s == 60)
    assert list(zip(at_60.ready.tolist(), at_60.busy.tolist(), strict=True)) == [(2, 1), (2, 2), (2, 1)]


def test_tick_after_everything_else(tell: Tell, contact: MakeContact) -> None:
    """The wait that ends on the tick at 60 is not seen by it: nobody is called."""
    standby = {
        "group": "desk",
        "agents": 1,
        "call_when": "longest_wait > 30s",
        "call_in": "1min",
        "release_after": "1min",
    }
    told = tell(contact(0), contact(10), standby=standby)
    assert told.pool("standby") == []
    late = tell(contact(0, handle=60.5), contact(10), standby=standby)
    assert late.pool("standby") == [(120, 1, 0, 0), (180, 0, 0, 0)]


def test_arrivals_at_one_instant_as_an_agent_is_free(tell: Tell, contact: MakeContact) -> None:
    """Equal instants everywhere: every handle time a minute, everyone on the minute, and still one clear order."""
    told = tell(*(contact(60 * (i // 2), patience=60) for i in range(6)))
    assert told.reads("""
        row  planned_s  queued_s  claimed_s  ended_s  outcome         group
        0    0          0         0          60       agent_resolved  desk
        1    0          0         60         120      agent_resolved  desk
        2    60         60        120        180      agent_resolved  desk
        3    60         60        -          120      abandoned       -
        4    120        120       180        240      agent_resolved  desk
        5    120        120       -          180      abandoned       -
    """)
