"""For all scenarios: no slot is used twice, no agent or bot slot is free while someone waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.tables import Outcome

if TYPE_CHECKING:
    from tests.engine.conservation.conftest import Waits, Worlds

for_all = settings(max_examples=40, deadline=None, derandomize=True)


@for_all
@given(st.data())
def test_nothing_is_granted_beyond_capacity(worlds: Worlds, data: st.DataObject) -> None:
    """Whenever busy rises it is at most ready; nothing is ever negative; time never runs back."""
    pools = data.draw(worlds).pools
    assert (np.diff(pools.time_s) >= 0).all()
    for pool in map(pools.of, pools.names):
        assert (np.concatenate((pool.ready, pool.busy, pool.waiting)) >= 0).all()
        granted = np.diff(pool.busy, prepend=0) > 0
        assert (pool.busy[granted] <= pool.ready[granted]).all()


@for_all
@given(st.data())
def test_busy_agents_are_the_contacts_they_hold(worlds: Worlds, data: st.DataObject) -> None:
    """At every instant a group is busy with exactly the contacts that it has claimed and not let go.

    The integral of busy over time is therefore the sum of what contacts held.
    """
    world = data.draw(worlds)
    told = world.outcomes
    let_go_s = np.where(told.transfers > 0, told.passed_s, told.ended_s)
    for index, name in enumerate(world.scenario.agents):
        first, again = told.first_group == index, (told.group == index) & (told.transfers > 0)
        held = world.open_at(told.claimed_s[first], let_go_s[first])
        held = held + world.open_at(told.served_s[again], told.ended_s[again])
        assert (world.pool_at(name, "busy") == held).all()


@for_all
@given(st.data())
def test_nobody_waits_for_an_agent_who_is_free(worlds: Worlds, data: st.DataObject) -> None:
    """At no instant, the last included, is an agent free while a contact waits who could be served."""
    world = data.draw(worlds)
    waits = world.waits()
    waiting = [
        world.open_at(waits.begin_s[waits.skill == skill], waits.end_s[waits.skill == skill])
        for skill in range(len(world.scenario.contacts))
    ]
    for name, skills in zip(world.scenario.agents, world.skills, strict=True):
        free = world.pool_at(name, "busy") < world.pool_at(name, "ready")
        for skill in skills:
            assert not (free & (waiting[skill] > 0)).any()


@for_all
@given(st.data())
def test_every_wait_is_noted_once_at_the_group_that_prefers_the_skill(worlds: Worlds, data: st.DataObject) -> None:
    """A group's waiting is the length of the queues of which it is the home."""
    world = data.draw(worlds)
    waits, skills = world.waits(), world.skills
    homes = np.array(
        [
            min((own.index(skill), group) for group, own in enumerate(skills) if skill in own)[1]
            for skill in range(len(world.scenario.contacts))
        ]
    )
    for index, name in enumerate(world.scenario.agents):
        here = homes[waits.skill] == index
        assert (world.pool_at(name, "waiting") == world.open_at(waits.begin_s[here], waits.end_s[here])).all()


@for_all
@given(st.data())
def test_agents_take_the_contact_that_ranks_first(worlds: Worlds, data: st.DataObject) -> None:
    """Nobody who was surely in line at a claim ranks before the one who was taken: VIP, skill, time queued, row."""
    world = data.draw(worlds)
    waits = world.waits()
    end_s = np.where(np.isnan(waits.end_s), np.inf, waits.end_s)
    for taken in np.flatnonzero(waits.group >= 0).tolist():
        skills = world.skills[waits.group[taken]]
        in_line = (waits.begin_s < end_s[taken]) & (end_s > end_s[taken]) & np.isin(waits.skill, skills)
        ranks = [rank(waits, other, skills) for other in np.flatnonzero(in_line).tolist()]
        assert not ranks or rank(waits, taken, skills) < min(ranks)


def rank(waits: Waits, which: int, skills: list[int]) -> tuple[bool, int, float, int]:
    """How an agent with these skills orders who waits."""
    not_vip, queued_s, row = waits.order[which]
    return (not_vip, skills.index(waits.skill[which]), queued_s, row)


@for_all
@given(st.data())
def test_agents_there_are_those_on_shift_and_those_on_standby(worlds: Worlds, data: st.DataObject) -> None:
    """Ready is the shift's step plus the standby agents who are there: none or all of them."""
    world = data.draw(worlds)
    standby = world.scenario.standby
    for staffing in world.timeline.staffing:
        expected = world.steps_at(np.array(staffing.time_s), np.array(staffing.slots))
        if standby and standby.group == staffing.group:
            slots = standby.agents * world.scenario.agents[staffing.group].chats
            assert set(world.pools.of("standby").ready.tolist()) <= {0, slots}
            expected = expected + world.pool_at("standby", "ready")
        assert (world.pool_at(staffing.group, "ready") == expected).all()


@for_all
@given(st.data())
def test_nobody_waits_for_a_bot_slot_that_is_free(worlds: Worlds, data: st.DataObject) -> None:
    """Slots come in whole workers, never more than allowed and never fewer than planned, but for an outage: none."""
    world = data.draw(worlds)
    if world.scenario.triage is None:
        return
    limits = world.scenario.triage.pool
    ready, busy, waiting = (world.pool_at("triage", column) for column in ("ready", "busy", "waiting"))
    down = np.zeros(len(ready), dtype=np.bool_)
    for fault in world.timeline.faults:
        if fault.kind == "triage-outage":
            down |= (world.at_s >= fault.start_s) & (world.at_s < fault.healed_s)
    assert not ((waiting > 0) & (busy != ready)).any()
    assert (ready % limits.slots == 0).all()
    assert (ready <= limits.at_most * limits.slots).all()
    assert (ready[~down] >= limits.workers * limits.slots).all()
    assert (ready[down] == 0).all()


@for_all
@given(st.data())
def test_bot_is_busy_for_the_sum_of_its_replies(worlds: Worlds, data: st.DataObject) -> None:
    """Busy slots over time are the reply times of those it replied to, where no outage or end cut any short.

    A circuit breaker adds what the others held a slot for, each until its time-out at the longest.
    """
    world = data.draw(worlds)
    told, pool = world.outcomes, world.pools.of("triage")
    replied = ~np.isnan(told.bot_reply_s)
    cut_short = any(fault.kind == "triage-outage" for fault in world.timeline.faults)
    if cut_short or (~replied & (told.outcome == Outcome.OPEN)).any():
        return
    busy_s = float((pool.busy[:-1] * np.diff(pool.time_s)).sum())
    replies_s = float(world.workload.reply_s[told.row[replied]].sum())
    breaker = world.scenario.triage.breaker if world.scenario.triage else None
    in_vain_s = breaker.timeout * int((~replied).sum()) if breaker else 0.0
    assert np.isclose(busy_s, replies_s) or replies_s < busy_s <= replies_s + in_vain_s
