from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from crestline.desk.floor import Conflict

if TYPE_CHECKING:
    from tests.desk.conftest import FakePeer, Play, Played

POOL: dict[str, Any] = {
    "workers": 2, "at_most": 4, "slots": 1, "scale_out_at": 0.75, "step": 1, "start_up": 60.0,
    "scale_in_after": 3600.0, "when_down": "queue", "tick": 3600.0, "notice": 3600.0,
}  # fmt: skip


def opened(it: Played) -> list[FakePeer]:
    it.desk.start([])
    assert it.commands == [{"start": n, "opens": it.now} for n in range(it.pool.settings.workers)]
    it.commands.clear()
    return [it.up(number) for number in range(it.pool.settings.workers)]


def test_a_contact_holds_the_lowest_free_slot_and_others_wait_in_line(play: Play) -> None:
    async def story() -> None:
        it = play(triage=POOL)
        first, second = opened(it)
        script = {"bot": True, "reply_in": 2.0, "routed_to": "refund"}
        one, two, three = (it.contact(row, script=script) for row in (1, 2, 3))
        assert (first.told, second.told) == ([{"hold": 1, "until": 102.0}], [{"hold": 2, "until": 102.0}])
        assert (one.state, two.state, three.state) == ("bot", "bot", "waiting_bot")
        it.now = 102.0
        it.pool.heard(second, {"reply": 2})
        assert it.kinds(two) == ["opened", "bot", "bot_reply", "queued"]
        assert two.skill == "refund"
        assert it.kinds(three) == ["opened", "waiting_bot", "bot"]
        assert second.told[-1] == {"hold": 3, "until": 104.0}

    asyncio.run(story())


def test_the_bot_resolves_what_its_script_says(play: Play) -> None:
    async def story() -> None:
        it = play(triage=POOL)
        first, _ = opened(it)
        one = it.contact(1, script={"bot": True, "resolves": True})
        it.pool.heard(first, {"reply": 1})
        it.pool.heard(first, {"reply": 1})
        assert it.kinds(one) == ["opened", "bot", "bot_reply", "resolved"]
        assert one.state == "bot_resolved"

    asyncio.run(story())


def test_who_leaves_frees_the_slot_and_leaves_the_line(play: Play) -> None:
    async def story() -> None:
        it = play(triage=POOL | {"workers": 1})
        (peer,) = opened(it)
        one, two, three = (it.contact(row, script={"bot": True}) for row in (1, 2, 3))
        it.desk.abandon(two)
        it.desk.abandon(one)
        assert [m.get("hold") or m.get("drop") for m in peer.told] == [1, 1, 3]
        assert [c.state for c in (one, two, three)] == ["abandoned", "abandoned", "bot"]

    asyncio.run(story())


@pytest.mark.parametrize(("when_down", "ends"), [("queue", "queued"), ("reject", "rejected")])
def test_an_outage_sends_everyone_round_the_bot(play: Play, when_down: str, ends: str) -> None:
    async def story() -> None:
        it = play(triage=POOL | {"when_down": when_down, "notice": 0.001})
        opened(it)
        script = {"bot": True, "routed_to": "refund"}
        held, held_too, waits = (it.contact(row, script=script) for row in (1, 2, 3))
        fault = it.desk.faults.plan("triage-outage", for_s=3600, ttl_s=3600, in_s=0)
        comes = it.contact(4, script=script)
        assert (held.state, held_too.state, waits.state, comes.state) == ("bot", "bot", ends, ends)
        while held_too.state == "bot":
            await asyncio.sleep(0.001)
        assert it.kinds(held) == ["opened", "bot", "returned", ends]
        assert {c.skill for c in (held, waits, comes)} <= {"order", ""}
        assert it.commands == [{"kill": fault.id}]
        with pytest.raises(Conflict, match="a triage-outage is under way"):
            it.desk.faults.plan("triage-outage", for_s=1, ttl_s=1, in_s=0)

    asyncio.run(story())


def test_a_worker_that_was_still_starting_when_all_were_lost_comes_back_as_well(play: Play) -> None:
    async def story() -> None:
        it = play(triage=POOL)
        it.desk.start([])
        it.up(0)
        fault = it.desk.faults.plan("triage-outage", for_s=300, ttl_s=3600, in_s=0)
        it.desk.faults.lift(fault)
        assert [command["start"] for command in it.commands if "start" in command] == [0, 1, 0, 1]
        assert it.pool.planned == 2

    asyncio.run(story())


def test_after_an_outage_as_many_workers_open_together_as_were_planned(play: Play) -> None:
    async def story() -> None:
        it = play(triage=POOL)
        opened(it)
        fault = it.desk.faults.plan("triage-outage", for_s=300, ttl_s=3600, in_s=0)
        it.desk.faults.struck(fault.id, 100.25)
        assert it.desk.faults.view(fault) == {
            "id": 1, "kind": "triage-outage", "state": "effective",
            "struck_ago": 0.0, "effective_ago": None, "healed_ago": None,
        }  # fmt: skip
        it.now = 110.0
        it.desk.faults.lift(fault)
        assert it.commands[1:] == [{"start": 0, "opens": 170.0}, {"start": 1, "opens": 170.0}]
        assert it.pool.planned == 2
        it.now = 170.0
        it.up(0)
        assert fault.healed_at is None
        it.now = 170.5
        it.up(1)
        assert fault.healed_at == 170.5
        assert it.contact(1, script={"bot": True}).state == "bot"

    asyncio.run(story())


def test_a_worker_that_dies_by_itself_is_replaced_and_its_contacts_keep_their_turn(play: Play) -> None:
    async def story() -> None:
        it = play(triage=POOL | {"workers": 1})
        (peer,) = opened(it)
        one, two = (it.contact(row, script={"bot": True}) for row in (1, 2))
        it.pool.hung_up(peer)
        assert it.kinds(one) == ["opened", "bot", "returned", "waiting_bot"]
        it.pool.gone(0)
        assert it.commands == [{"start": 0, "opens": 160.0}]
        assert it.up(0).told == [{"hold": 1, "until": 101.0}]
        assert two.state == "waiting_bot"

    asyncio.run(story())


def test_a_rehearsal_begins_with_the_planned_pool_and_only_of_its_own_scenario(play: Play) -> None:
    async def story() -> None:
        it = play(triage=POOL)
        it.desk.start([0, 1, 2, 3])
        it.desk.rehearse("r", 5.0, 60.0, "d1")
        assert it.commands == [{"stop": 3}, {"stop": 2}]
        assert it.desk.zero_of("r") == 105.0
        with pytest.raises(Conflict, match="plays at time scale 60 \\(got 30\\)"):
            it.desk.rehearse("r", 0.0, 30.0, "d1")
        with pytest.raises(Conflict, match="plays another scenario \\(d1, got other\\)"):
            it.desk.rehearse("r", 0.0, 60.0, "other")

    asyncio.run(story())


def test_the_platform_shuts_its_door_only_for_the_time_to_live(play: Play) -> None:
    async def story() -> None:
        it = play(triage=None)
        fault = it.desk.faults.plan("platform-outage", for_s=3600, ttl_s=0.01, in_s=0)
        assert it.desk.faults.door_shut
        while it.desk.faults.door_shut:
            await asyncio.sleep(0.002)
        assert fault.state(it.now) == "healed"

    asyncio.run(story())


# The web worker dies in the middle of an outage; the next one goes on with it from the log.
def test_an_outage_goes_on_over_a_restart(play: Play) -> None:
    async def story() -> None:
        it = play(triage=POOL)
        opened(it)
        one = it.contact(1, script={"bot": True})
        fault = it.desk.faults.plan("triage-outage", for_s=300, ttl_s=3600, in_s=0)
        it.desk.commit()
        it.now = 101.0
        it.commands.clear()
        it.desk = it.reopened()
        it.desk.start([0, 1])
        assert it.commands == [{"kill": fault.id}]
        it.desk.faults.struck(fault.id, 101.5)
        it.desk.faults.struck(fault.id, 109.0)
        assert it.pool.planned == 2
        assert it.kinds(it.desk.conversation(one.id)) == ["opened", "bot", "returned", "queued"]
        assert it.contact(2, script={"bot": True}).state == "queued"
        again = it.desk.faults.all[fault.id]
        assert (again.effective_at, again.lift_at) == (101.5, 400.0)
        it.desk.faults.lift(again)
        it.now = 161.0
        it.up(0)
        it.up(1)
        assert again.healed_at == 161.0

    asyncio.run(story())
