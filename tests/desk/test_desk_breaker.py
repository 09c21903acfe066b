"""The circuit breaker of the desk: a bot that does not answer is left alone for a while."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crestline.desk.breaker import STATES, Breaker
from crestline.desk.settings import BreakerSettings
from crestline.engine.reference.breaker import Breaker as Simulated
from crestline.scenario import Breaker as Block

if TYPE_CHECKING:
    from tests.desk.conftest import FakePeer, Play, Played, Start

SOON_S = 0.01
POOL: dict[str, Any] = {
    "workers": 1, "at_most": 1, "slots": 1, "scale_out_at": 1, "step": 1, "start_up": 60.0,
    "scale_in_after": 3600.0, "when_down": "queue", "tick": 3600.0, "notice": 3600.0,
    "breaker": {"failures": 2, "timeout": SOON_S, "open_for": 30.0},
}  # fmt: skip


def opened(it: Played) -> FakePeer:
    it.desk.start([])
    return it.up(0)


def state(it: Played) -> str:
    assert it.triage.breaker is not None
    return it.triage.breaker.state


@pytest.mark.parametrize(("when_down", "ends"), [("queue", "queued"), ("reject", "rejected")])
def test_a_bot_that_does_not_answer_is_left_alone_until_a_trial_succeeds(play: Play, when_down: str, ends: str) -> None:
    """One in a slot and one in line wait long enough; whoever comes then does not wait at all."""

    async def story() -> None:
        it = play(triage=POOL | {"when_down": when_down})
        peer = opened(it)
        held, waits = (it.contact(row, script={"bot": True, "routed_to": "refund"}) for row in (1, 2))
        while waits.state != ends or held.state != ends:
            await asyncio.sleep(SOON_S)
        assert it.kinds(held) == ["opened", "bot", "returned", ends]
        assert it.kinds(waits)[:2] == ["opened", "waiting_bot"]
        assert peer.told[:2] == [{"hold": 1, "until": 101.0}, {"drop": 1}]
        assert state(it) == "open"
        it.now += 29
        assert it.kinds(it.contact(3, script={"bot": True})) == ["opened", ends]
        it.now += 1
        trial, beside = (it.contact(row, script={"bot": True, "resolves": True}) for row in (4, 5))
        assert (trial.state, beside.state, state(it)) == ("bot", ends, "half-open")
        it.pool.heard(peer, {"reply": trial.id})
        assert (trial.state, state(it)) == ("bot_resolved", "closed")
        assert it.contact(6, script={"bot": True}).state == "bot"

    asyncio.run(story())


def test_who_was_in_a_slot_at_a_strike_waits_for_the_notice(play: Play) -> None:
    async def story() -> None:
        it = play(triage=POOL | {"notice": 5 * SOON_S})
        opened(it)
        held = it.contact(1, script={"bot": True})
        it.desk.faults.plan("triage-outage", for_s=3600, ttl_s=3600, in_s=0)
        await asyncio.sleep(3 * SOON_S)
        assert held.state == "bot"
        while held.state == "bot":
            await asyncio.sleep(SOON_S)
        assert (it.kinds(held), state(it)) == (["opened", "bot", "returned", "queued"], "closed")
        assert it.contact(2, script={"bot": True}).state == "queued"
        assert state(it) == "open"

    asyncio.run(story())


def test_it_stays_open_over_a_restart_and_is_closed_for_the_next_rehearsal(play: Play) -> None:
    """The log says since when it is open and who is the trial; who has waited too long meanwhile waits no longer."""

    async def story() -> None:
        it = play(triage=POOL | {"breaker": {"failures": 1, "timeout": 20.0, "open_for": 30.0}})
        opened(it)
        slow = it.contact(1, script={"bot": True})

        async def restart(*held: int) -> None:
            it.desk = it.reopened()
            it.desk.start([0])
            it.up(0, open_already=True, held=held)
            await asyncio.sleep(SOON_S)

        it.now += 20
        await restart(slow.id)
        assert (it.desk.conversation(slow.id).state, state(it)) == ("queued", "open")
        it.now += 29
        await restart()
        assert (it.contact(2, script={"bot": True}).state, state(it)) == ("queued", "open")
        it.now += 1
        trial = it.contact(3, script={"bot": True})
        await restart(trial.id)
        assert (it.desk.conversation(trial.id).state, state(it)) == ("bot", "half-open")
        it.now += 20
        await restart(trial.id)
        assert (it.desk.conversation(trial.id).state, state(it)) == ("queued", "open")
        it.desk.rehearse("r2", 0.0, 60.0, "d1")
        assert state(it) == "closed"

    asyncio.run(story())


def test_health_and_metrics_tell_its_state(start: Start) -> None:
    """Processes that stand still: two contacts wait for 50 ms each, the third goes to people at once."""
    breaker = {"failures": 2, "timeout": 0.05, "open_for": 60}
    desk = start("--allow-faults", triage=POOL | {"slots": 4, "breaker": breaker})
    assert desk.ok("GET", "/health")["breaker"] == "closed"
    fault = desk.ok("POST", "/faults", {"kind": "triage-brownout", "how": "stop", "for_s": 60, "ttl_s": 60})
    desk.eventually(lambda: desk.ok("GET", f"/faults/{fault['id']}")["state"] == "effective")
    for key in ("a", "b"):
        told = desk.open(key, reply_in=0.001)
        assert desk.until(told["id"], "queued") == ["opened", "bot", "returned", "queued"]
    assert desk.ok("GET", "/health")["breaker"] == "open"
    desk.eventually(lambda: "breaker" in desk.ok("GET", "/health")["alarms"])
    assert desk.open("c", reply_in=0.001)["state"] == "queued"
    told = desk.ask("GET", "/metrics")[1]
    assert 'crestline_desk_breaker{crestline_desk_breaker="open"} 1.0' in told
    assert 'crestline_desk_breaker{crestline_desk_breaker="closed"} 0.0' in told


@dataclass
class Noted:
    """A clock that is set by hand, and a log that nobody reads."""

    now: float = 0.0
    notes: list[str] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def note(self, kind: str, **_body: Any) -> None:
        self.notes.append(kind)


moves = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["comes", "answered", "failed"]), st.integers(0, 3)))


# The engines' rules and the desk's are written twice; over any course of contacts they must decide the same.
@given(course=moves, failures=st.integers(1, 3), open_for=st.sampled_from([1, 10, 30]))
def test_the_rules_of_the_engines_decide_the_same(
    course: list[tuple[int, str, int]], failures: int, open_for: int
) -> None:
    """Whoever comes is let in by both or by neither, and after every end both are in the same state."""
    time: Any = Noted()
    desk = Breaker(time, BreakerSettings(failures=failures, timeout=1, open_for=open_for))
    engine = Simulated(time, Block.model_validate({"failures": failures, "open_for": f"{open_for:g}s"}))
    trying: list[int] = []
    for number, (later, move, which) in enumerate(course):
        time.now += later
        if move == "comes":
            lets_in = engine.lets_in(number)
            assert desk.admits(number) is lets_in
            trying += [number] if lets_in else []
        elif trying:
            ended = trying.pop(which % len(trying))
            engine.note(ended, has_failed=move == "failed")
            (desk.failed if move == "failed" else desk.answered)(ended)
        assert desk.state == STATES[engine.state]
