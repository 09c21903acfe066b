from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from crestline.desk.floor import Conflict

if TYPE_CHECKING:
    from tests.desk.conftest import Play


def test_a_waiting_contact_is_claimed_and_resolved_with_the_next_request(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        one, two, anna = it.contact(1), it.contact(2), it.agent("anna")
        assert it.desk.floor.next(anna, None, 1) is one
        it.desk.floor.reply(anna, one.id, "good day")
        assert it.desk.floor.next(anna, one.id, 2) is two
        assert it.kinds(one) == ["opened", "queued", "claimed", "agent_reply", "resolved"]
        assert (one.state, two.state) == ("agent_resolved", "claimed")

    asyncio.run(story())


def test_a_retry_claims_the_same_contact_and_resolves_once(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        one, two, three, anna = it.contact(1), it.contact(2), it.contact(3), it.agent("anna")
        it.desk.floor.next(anna, None, 1)
        it.desk.floor.reply(anna, one.id, "good day")
        for _ in range(3):
            assert it.desk.floor.next(anna, one.id, 2) is two
        assert it.kinds(one).count("resolved") == 1
        assert it.kinds(two).count("claimed") == 1
        assert three.state == "queued"
        with pytest.raises(Conflict, match="request 1 is older than 2"):
            it.desk.floor.next(anna, None, 1)

    asyncio.run(story())


def test_an_arrival_is_pushed_to_the_longest_idle_session_of_the_best_group(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        polls = {}
        for name, group in (("gina", "general"), ("sam", "special"), ("sue", "special")):
            session = it.agent(name, group)
            it.now += 1
            assert it.desk.floor.next(session, None, 1) is None
            polls[name] = it.desk.floor.wait(session)
        refund, order = it.contact(1, "refund"), it.contact(2, "order")
        assert (await polls["sam"]) is refund
        assert (await polls["gina"]) is order
        assert not polls["sue"].done()

    asyncio.run(story())


# Longest idle counts from when the session came free, not from its latest poll.
def test_an_empty_answer_does_not_make_a_session_less_idle(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        anna, bert = it.agent("anna"), it.agent("bert")
        for request in (1, 2):
            for session in (anna, bert) if request == 1 else (bert, anna):
                it.now += 1
                it.desk.floor.next(session, None, request)
                it.desk.floor.wait(session)
        one = it.contact(1)
        assert one.holder == anna.id

    asyncio.run(story())


def test_a_push_into_a_dead_poll_comes_back_to_its_old_place(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        anna = it.agent("anna")
        it.desk.floor.next(anna, None, 1)
        poll = it.desk.floor.wait(anna)
        one, two = it.contact(1), it.contact(2)
        assert (await poll) is one
        it.desk.floor.lost(anna, anna.call)
        assert it.kinds(one) == ["opened", "queued", "claimed", "unclaimed"]
        assert it.desk.floor.next(it.agent("bert"), None, 1) is one
        assert two.state == "queued"

    asyncio.run(story())


# The client had given up on the connection and asked again before the desk saw it die.
def test_a_dead_poll_that_was_overtaken_by_its_retry_takes_nothing_back(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        anna = it.agent("anna")
        it.desk.floor.next(anna, None, 1)
        it.desk.floor.wait(anna)
        dead, one = anna.call, it.contact(1)
        assert it.desk.floor.next(anna, None, 1) is one
        it.desk.floor.lost(anna, dead)
        assert one.holder == anna.id

    asyncio.run(story())


def test_a_claim_without_a_first_reply_runs_out(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None, lease=0.01)
        one, two = it.contact(1), it.contact(2)
        anna, bert = it.agent("anna"), it.agent("bert")
        it.desk.floor.next(anna, None, 1)
        it.desk.floor.next(bert, None, 1)
        it.desk.floor.reply(bert, two.id, "good day")
        while one.state == "claimed":
            await asyncio.sleep(0.005)
        assert (one.state, two.state) == ("queued", "claimed")
        with pytest.raises(Conflict, match="does not hold conversation 1"):
            it.desk.floor.reply(anna, one.id, "too late")

    asyncio.run(story())


def test_a_session_that_asks_anew_gives_back_what_it_never_greeted_and_must_say_what_it_did(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        one, anna = it.contact(1), it.agent("anna")
        it.desk.floor.next(anna, None, 1)
        assert it.desk.floor.next(anna, None, 2) is one
        assert it.kinds(one)[2:] == ["claimed", "unclaimed", "claimed"]
        it.desk.floor.reply(anna, one.id, "good day")
        with pytest.raises(Conflict, match="still holds conversation 1"):
            it.desk.floor.next(anna, None, 3)

    asyncio.run(story())


def test_a_transferred_contact_keeps_its_place_by_its_first_entry(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        one = it.contact(1, "order")
        it.now += 5
        two, gina = it.contact(2, "refund"), it.agent("gina")
        it.desk.floor.next(gina, None, 1)
        it.now += 5
        it.desk.transfer(gina, one.id, "refund")
        assert it.kinds(one) == ["opened", "queued", "claimed", "transferred"]
        assert it.desk.floor.next(it.agent("sam", "special"), None, 1) is one
        assert two.state == "queued"

    asyncio.run(story())


def test_a_full_queue_turns_away_unless_somebody_is_free(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None, queue_limits={"order": 1})
        anna = it.agent("anna")
        it.desk.floor.next(anna, None, 1)
        it.desk.floor.wait(anna)
        states = [it.contact(row).state for row in (1, 2, 3)]
        assert states == ["claimed", "queued", "rejected"]
        assert it.contact(4, vip=True).state == "rejected"

    asyncio.run(story())


def test_contacts_and_sessions_of_different_runs_never_meet(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        mine = it.contact(1, run="mine")
        assert it.desk.floor.next(it.agent("anna", run="other"), None, 1) is None
        assert it.desk.floor.next(it.agent("anna", run="mine"), None, 1) is mine

    asyncio.run(story())


def test_an_abandoned_contact_is_not_claimed_and_a_claimed_one_not_abandoned(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        one, two, anna = it.contact(1), it.contact(2), it.agent("anna")
        it.desk.abandon(one)
        it.desk.abandon(one)
        assert it.kinds(one) == ["opened", "queued", "abandoned"]
        assert it.desk.floor.next(anna, None, 1) is two
        with pytest.raises(Conflict, match="conversation 2 is claimed"):
            it.desk.abandon(two)

    asyncio.run(story())


def test_after_logout_nothing_is_pushed_but_what_is_held_is_finished(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        one, anna, bert = it.contact(1), it.agent("anna"), it.agent("bert")
        it.desk.floor.next(anna, None, 1)
        it.desk.floor.next(bert, None, 1)
        poll = it.desk.floor.wait(bert)
        it.desk.floor.logout(bert)
        it.desk.floor.logout(anna)
        two = it.contact(2)
        assert (await poll) is None
        it.desk.floor.reply(anna, one.id, "good day")
        assert it.desk.floor.next(anna, one.id, 2) is None
        assert (one.state, two.state) == ("agent_resolved", "queued")

    asyncio.run(story())
