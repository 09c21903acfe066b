"""What the desk finds wrong with itself; it is told of no fault."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from crestline.desk.alarms import Alarms
from crestline.desk.metrics import ServiceTimes

if TYPE_CHECKING:
    from tests.desk.conftest import Play, Played, Start


def alarms_of(played: Played) -> tuple[Alarms, ServiceTimes]:
    times = ServiceTimes(lambda *_: asyncio.sleep(0), "X-Load-Test")
    return Alarms(played.desk, times), times


def test_missing_workers_raise_an_alarm_after_a_second(play: Play) -> None:
    """A moment without them raises none; once they are back it is lowered."""

    async def story() -> None:
        played = play()
        played.desk.start([])
        for number in sorted(played.triage.workers):
            played.up(number)
        alarms, _ = alarms_of(played)
        alarms.look()
        assert alarms.ages() == {}
        lost = min(played.triage.workers)
        played.pool.gone(lost)
        seen = []
        for _ in range(6):
            alarms.look()
            seen.append(alarms.ages().get("triage"))
            played.now += 0.5
        assert seen == [None, None, 0.0, 0.5, 1.0, 1.5]
        for number, worker in played.triage.workers.items():
            if not worker.ready:
                played.up(number)
        alarms.look()
        assert alarms.ages() == {}

    asyncio.run(story())


def test_a_contact_that_waits_too_long_raises_one_until_it_is_served(play: Play) -> None:
    async def story() -> None:
        played = play(triage=None, alarm_wait=2.0)
        alarms, _ = alarms_of(played)
        played.contact(1)
        played.now += 2.0
        alarms.look()
        assert alarms.ages() == {}
        played.now += 0.5
        alarms.look()
        assert alarms.ages() == {"waiting": 0.0}
        played.desk.floor.next(played.agent("a"), None, 1)
        alarms.look()
        assert alarms.ages() == {}

    asyncio.run(story())


def test_many_answers_with_5xx_raise_one(play: Play) -> None:
    """Two of ten are too many, one is not; what lies four looks back counts no more."""

    async def story() -> None:
        alarms, times = alarms_of(play(triage=None))
        found = []
        for answers, errors in ((10, 1), (10, 2), (0, 0), (0, 0), (0, 0), (10, 0)):
            times.count += answers
            times.errors += errors
            alarms.look()
            found.append("errors" in alarms.ages())
        assert found == [False, True, True, True, True, False]

    asyncio.run(story())


def test_a_web_worker_that_takes_over_tells_for_five_seconds(play: Play) -> None:
    """The one before died, and could not."""

    async def story() -> None:
        played = play(triage=None)
        alarms, _ = alarms_of(played)
        alarms.take_over()
        found = []
        for _ in range(4):
            found.append(alarms.ages())
            played.now += 2.0
            alarms.look()
        assert found == [{"web_worker": 0.0}, {"web_worker": 2.0}, {"web_worker": 4.0}, {}]

    asyncio.run(story())


def test_health_tells_them(start: Start) -> None:
    desk = start(alarm_wait=0.05)
    assert desk.ok("GET", "/health")["alarms"] == {}
    desk.open("k1", bot=False)
    desk.eventually(lambda: desk.ok("GET", "/health")["alarms"].get("waiting", -1.0) >= 0)
