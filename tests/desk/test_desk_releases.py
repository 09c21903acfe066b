"""The release switch: who is served by the candidate, what it makes of a contact, and when that ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from crestline.desk.releases import BASELINE, CANDIDATE
from crestline.desk.service import Broken

if TYPE_CHECKING:
    from tests.desk.conftest import Play, Start

CUSTOMERS = range(2000)


def served(desk: object, share: float) -> set[int]:
    desk.releases.turn(share, "v2", None)  # type: ignore[attr-defined]
    return {customer for customer in CUSTOMERS if desk.releases.of(customer) == CANDIDATE}  # type: ignore[attr-defined]


# Who is served by the candidate at one step is at every later one, and nobody when it is rolled back.
def test_shares_grow_around_the_same_customers(play: Play) -> None:
    async def story() -> None:
        desk = play().desk
        steps = [served(desk, share) for share in (0.01, 0.1, 0.5, 1.0)]
        assert steps[0] <= steps[1] <= steps[2] <= steps[3] == set(CUSTOMERS)
        assert len(steps[1]) == pytest.approx(200, abs=60)
        assert served(desk, 0.0) == set()

    asyncio.run(story())


def test_the_candidate_does_what_it_is_said_to_do(play: Play) -> None:
    async def story() -> None:
        played = play()
        script = {"bot": True, "resolves": True, "candidate": {"resolves": False, "routed_to": "refund"}}
        before = played.contact(1, script=script)
        played.desk.releases.turn(1.0, "v2", None)
        after = played.contact(2, script=script)
        assert [(c.script.release, c.script.resolves, c.script.routed_to) for c in (before, after)] == [
            (BASELINE, True, "order"),
            (CANDIDATE, False, "refund"),
        ]
        with pytest.raises(Broken):
            played.contact(3, script={"candidate": {"fails": True}})

    asyncio.run(story())


# Whoever turned the switch may be gone: it turns back by itself, also where the web worker was replaced meanwhile.
def test_the_switch_turns_back_when_its_time_is_over(play: Play) -> None:
    async def story() -> None:
        played = play()
        played.desk.releases.turn(1.0, "v2", 60.0)
        played.desk.commit()
        played.now += 59
        again = played.reopened()
        assert again.releases.view() == {"share": 1.0, "version": "v2"}
        played.now += 1
        assert again.releases.view()["share"] == 0
        assert again.releases.of(1) == BASELINE

    asyncio.run(story())


def test_only_who_may_break_things_may_release(start: Start) -> None:
    desk = start("--allow-faults", triage=None)
    assert desk.ask("POST", "/release", {"share": 1}, token=None)[0] == 401
    assert desk.ok("POST", "/release", {"share": 1, "version": "v2"}) == {"share": 1.0, "version": "v2"}
    assert desk.open("k1")["release"] == "candidate"
    broken = {"key": "k2", "contact": "order", "meta": {"candidate": {"fails": True}}}
    assert desk.ask("POST", "/conversations", broken)[0] == 500
    assert [line["release"] for line in desk.ok("GET", "/v1/export?run=r")] == ["candidate"]
    assert desk.ok("GET", "/release")["share"] == 1
