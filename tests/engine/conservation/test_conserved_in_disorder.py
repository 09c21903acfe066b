"""For all scenarios, whatever is out of the ordinary: nobody is lost or doubled, and no slot is used twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.tables import Outcome

if TYPE_CHECKING:
    from tests.engine.conservation.conftest import Worlds

for_all = settings(max_examples=25, deadline=None, derandomize=True)


@for_all
@given(st.data())
def test_every_first_contact_that_is_due_is_there_once(odd_worlds: Worlds, data: st.DataObject) -> None:
    """And ends, but for those who still wait when the play does; nothing happens before it was due."""
    world = data.draw(odd_worlds)
    told, asked = world.outcomes, world.workload
    due = asked.first_rows[asked.first_planned_s < world.timeline.stop_s]
    assert told.row[told.attempt == 0].tolist() == due.tolist()
    assert (np.diff(told.row) > 0).all()
    assert (np.isnan(told.ended_s) == (told.outcome == Outcome.OPEN)).all()
    for instants in (told.bot_reply_s, told.queued_s, told.claimed_s, told.ended_s):
        assert not (instants < told.planned_s).any()


@for_all
@given(st.data())
def test_slots_are_those_that_contacts_hold(odd_worlds: Worlds, data: st.DataObject) -> None:
    """Busy rises to ready at most; who came back did so within the attempts of the customer, one after the other."""
    world = data.draw(odd_worlds)
    told = world.outcomes
    for pool in map(world.pools.of, world.pools.names):
        granted = np.diff(pool.busy, prepend=0) > 0
        assert (pool.busy[granted] <= pool.ready[granted]).all()
        assert (np.concatenate((pool.ready, pool.busy, pool.waiting)) >= 0).all()
    let_go_s = np.where(told.transfers > 0, told.passed_s, told.ended_s)
    for index, name in enumerate(world.scenario.agents):
        first, again = told.first_group == index, (told.group == index) & (told.transfers > 0)
        held = world.open_at(told.claimed_s[first], let_go_s[first])
        held = held + world.open_at(told.served_s[again], told.ended_s[again])
        assert (world.pool_at(name, "busy") == held).all()


@for_all
@given(st.data())
def test_while_the_target_stands_still_nobody_gets_anything(odd_worlds: Worlds, data: st.DataObject) -> None:
    """No claim, no reply, no resolution between a stall's beginning and its end; who leaves does."""
    world = data.draw(odd_worlds)
    told = world.outcomes
    for fault in world.timeline.faults:
        if fault.kind == "storage-stall":
            resolved = np.where(told.outcome == Outcome.AGENT_RESOLVED, told.ended_s, np.nan)
            for instants in (told.bot_reply_s, told.claimed_s, told.served_s, told.passed_s, resolved):
                during = (instants > fault.start_s) & (instants < fault.end_s)
                assert not (during & (instants <= world.last_s)).any()
