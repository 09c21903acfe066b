from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

import pytest

from crestline.desk.export import export

if TYPE_CHECKING:
    from tests.desk.conftest import Play


def test_what_is_written_stays_as_it_was_written(play: Play) -> None:
    it = play(triage=None)
    it.contact(1)
    with sqlite3.connect(it.path) as db:
        for change in ("UPDATE events SET kind = 'resolved'", "DELETE FROM conversations"):
            with pytest.raises(sqlite3.IntegrityError, match="the log is insert-only"):
                db.execute(change)
    db.close()


# Whatever has happened, a desk that starts from the log stands where the one before stood.
def test_a_desk_started_anew_stands_where_it_stood(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None, queue_limits={"refund": 1})
        anna, bert, gone = (it.agent(name) for name in ("anna", "bert", "gone"))
        it.desk.floor.logout(gone)
        one, _, three = it.contact(1), it.contact(2, vip=True), it.contact(3)
        it.desk.floor.next(anna, None, 1)
        it.desk.floor.next(bert, None, 7)
        it.desk.floor.reply(bert, one.id, "good day")
        it.desk.transfer(bert, one.id, "refund")
        it.contact(4, "refund")
        it.desk.abandon(three)
        it.desk.rate(three, 2)
        it.desk.rehearse("r", 5.0, 60.0, "d1")
        it.desk.commit()
        anew = it.reopened()
        assert anew.journal.conversations == it.desk.journal.conversations
        assert anew.floor.lengths() == {"refund": 1}
        assert anew.zero_of("r") == 105.0
        assert [(s.name, s.left, s.request) for s in anew.floor.sessions.values()] == [
            ("anna", False, 1), ("bert", False, -1), ("gone", True, -1),
        ]  # fmt: skip
        retried = anew.floor.next(anew.session(anna.id), None, 1)
        assert retried is not None
        assert retried.id == 2

    asyncio.run(story())


def test_contacts_with_the_bot_go_on_with_their_worker_or_wait_anew(play: Play) -> None:
    async def story() -> None:
        it = play()
        it.desk.start([])
        it.up(0)
        for row in (1, 2, 3):
            it.contact(row, script={"bot": True})
        it.desk = it.reopened()
        it.desk.start([0])
        peer = it.up(0, open_already=True, held=[2, 9])
        states = [c.state for c in it.desk.journal.conversations.values()]
        assert states == ["bot", "bot", "waiting_bot"]
        assert it.kinds(it.desk.conversation(1)) == ["opened", "bot", "returned", "waiting_bot", "bot"]
        assert {"drop": 9} in peer.told

    asyncio.run(story())


def test_the_same_key_is_the_same_conversation(play: Play) -> None:
    it = play(triage=None)
    assert it.contact(1) is it.contact(1, customer=99)
    assert len(it.desk.journal.conversations) == 1


def test_the_export_tells_what_sqlite_holds_in_the_time_of_the_run(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        it.desk.rehearse("r", 0.0, 60.0, "d1")
        it.now += 2
        one = it.contact(1, vip=True)
        it.contact(2, run="other")
        it.now += 1
        it.desk.floor.next(it.agent("anna"), None, 1)
        it.desk.commit()
        chunks = [chunk async for chunk in export(it.desk, "r")]
        told = b"".join(chunks).decode()
        assert told == (
            '{"id": 1, "key": "k1", "run": "r", "row": 1, "customer": 1, "contact": "order", "vip": true, '
            '"name": "", "mark": "", "traceparent": "", '
            '"accepted": 2.0, "state": "claimed", "release": "baseline", "rating": null, "claims": 1, '
            '"resolutions": 0, "events": [["opened", 2.0, ""], ["queued", 2.0, "order"], ["claimed", 3.0, "anna"]]}\n'
        )
        assert one.holder == 1

    asyncio.run(story())
