from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crestline import rules
from crestline.desk.scaling import Decision, Load, scale
from crestline.desk.settings import TriageSettings

if TYPE_CHECKING:
    from tests.desk.conftest import Play

POOL = TriageSettings(
    workers=2, at_most=5, slots=4, scale_out_at=0.75, step=2, start_up=60, scale_in_after=60, when_down="queue",
    tick=30, notice=5,
)  # fmt: skip


@pytest.mark.parametrize(
    ("load", "quiet_from", "decision"),
    [
        (Load(busy=6, ready=2, starting=0, idle=0), None, Decision(2, 0, None)),  # 6 of 8 slots: grow by a step
        (Load(busy=5, ready=2, starting=0, idle=0), None, Decision(0, 0, None)),  # not busy enough
        (Load(busy=8, ready=2, starting=1, idle=0), None, Decision(0, 0, None)),  # none while some start
        (Load(busy=16, ready=4, starting=0, idle=0), None, Decision(1, 0, None)),  # no more than at_most
        (Load(busy=0, ready=0, starting=2, idle=0), 3, Decision(0, 0, None)),  # nothing is ready: nothing is decided
        (Load(busy=1, ready=4, starting=0, idle=3), None, Decision(0, 0, 5)),  # quiet from this tick on
        (Load(busy=1, ready=4, starting=0, idle=3), 4, Decision(0, 0, 4)),  # quiet, for 30 s of 60
        (Load(busy=1, ready=4, starting=0, idle=3), 3, Decision(0, 2, None)),  # quiet for 60 s: shrink by a step
        (Load(busy=1, ready=3, starting=0, idle=2), 3, Decision(0, 1, None)),  # not under the planned number
        (Load(busy=0, ready=2, starting=2, idle=2), 3, Decision(0, 0, 3)),  # those that start are not there yet
        (Load(busy=3, ready=4, starting=0, idle=1), 3, Decision(0, 1, None)),  # idle ones only
        (Load(busy=6, ready=4, starting=0, idle=1), 3, Decision(0, 0, None)),  # quiet no more
    ],
)
def test_one_tick(load: Load, quiet_from: int | None, decision: Decision) -> None:
    assert scale(5, load, quiet_from, POOL) == decision


# The engines' rules and the desk's are written twice; over any course of ticks they must decide the same.
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5), st.integers(0, 2), st.integers(0, 5)), max_size=30))
def test_the_rules_of_the_engines_decide_the_same(ticks: list[tuple[int, int, int, int]]) -> None:
    quiet_from: int | None = None
    since = math.nan
    for tick, (busy, ready, starting, idle) in enumerate(ticks, start=1):
        now, slots, total = tick * POOL.tick, ready * POOL.slots, ready + starting
        since = rules.quiet_since(since, now, busy, slots, POOL.scale_out_at)
        grow = rules.workers_to_start(busy, slots, total, starting, POOL.scale_out_at, POOL.step, POOL.at_most)
        shrink = rules.workers_to_stop(since, now, POOL.scale_in_after, idle, ready, POOL.step, POOL.workers)
        decision = scale(tick, Load(busy, ready, starting, idle), quiet_from, POOL)
        assert (decision.start, decision.stop) == (grow, shrink)
        quiet_from, since = decision.quiet_from, math.nan if shrink else since


ZERO, TICK = 100.3, 9.7  # adding up the one and the other rounds the opening to an instant after the tick
GROWING: dict[str, Any] = {
    "workers": 1, "at_most": 3, "slots": 1, "scale_out_at": 1, "step": 1, "start_up": TICK,
    "scale_in_after": 3600.0, "when_down": "queue", "tick": TICK, "notice": 1.0,
}  # fmt: skip


# In the model a worker opens before the control tick of the same instant looks; the word of a process takes a moment.
@pytest.mark.parametrize(("late_s", "started"), [(0.0, [(1, 2), (2, 3)]), (1.0, [(1, 2)])])
def test_a_tick_waits_a_moment_for_who_opens_at_its_instant(
    play: Play, late_s: float, started: list[tuple[int, int]]
) -> None:
    """One slot and three contacts: the second worker opens with a tick, which finds it busy, and calls the third."""

    async def story() -> None:
        it = play(triage=GROWING)
        it.desk.start([])
        it.up(0)
        for row in range(3):
            it.contact(row, script={"bot": True})
        for tick in (1, 2):
            it.now = ZERO + tick * TICK - 0.0001
            it.pool.tick_from(ZERO)
            await asyncio.sleep(0.005)
        it.now += late_s
        await asyncio.sleep(0.005)
        it.up(1)
        await asyncio.sleep(0.005)
        starts = [(c["start"], round((c["opens"] - ZERO) / TICK)) for c in it.commands if "start" in c]
        assert starts[1:] == started

    asyncio.run(story())
