"""For all scenarios: every contact that is due ends exactly once, in order, with what belongs to its outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.engine import Play
from crestline.scenario import Scenario
from crestline.tables import Bools, Outcome, Outcomes
from crestline.workload.rows import Rows

if TYPE_CHECKING:
    from tests.engine.conservation.conftest import Worlds

for_all = settings(max_examples=40, deadline=None, derandomize=True)


@for_all
@given(st.data())
def test_every_contact_due_is_there_once_and_no_other(worlds: Worlds, data: st.DataObject) -> None:
    """First contacts due before the stop; recontacts when the end before calls for one, after exactly their delay."""
    world = data.draw(worlds)
    told, asked = world.outcomes, world.workload
    ends = dict(zip(told.row.tolist(), zip(told.outcome.tolist(), told.ended_s.tolist(), strict=True), strict=True))
    due = dict(zip(asked.first_rows.tolist(), asked.first_planned_s.tolist(), strict=True))
    follows = Rows(asked).follows
    for row, (outcome, ended_s) in ends.items():
        if follows(row) and asked.again_u[row] < share_that_comes_back(world.scenario, Outcome(outcome)):
            due[row + 1] = ended_s + float(asked.gap_s[row + 1])
    planned = dict(zip(told.row.tolist(), told.planned_s.tolist(), strict=True))
    assert len(planned) == len(told)
    assert planned == {row: at for row, at in due.items() if at < world.timeline.stop_s}


def share_that_comes_back(scenario: Scenario, outcome: Outcome) -> float:
    """As the scenario says, or the fault that made a contact fail."""
    of_fault = [f.recontact for f in scenario.faults if f.kind == "platform-outage" and f.recontact is not None]
    if scenario.recontact is None or outcome is Outcome.OPEN:
        return 0.0
    if outcome is Outcome.FAILED and of_fault:
        return of_fault[0]
    return {str(word): share for word, share in scenario.recontact.after.items()}[outcome.word]


def has(outcomes: Outcomes, *columns: str) -> Bools:
    """Which contacts have all of these instants."""
    return np.asarray(~np.isnan(np.column_stack([getattr(outcomes, column) for column in columns])).any(axis=1))


HAPPENED: dict[Outcome, Callable[[Outcomes], Bools]] = {
    Outcome.BOT_RESOLVED: lambda o: (o.ended_s == o.bot_reply_s) & np.isnan(o.queued_s),
    Outcome.AGENT_RESOLVED: lambda o: has(o, "queued_s", "claimed_s", "served_s", "ended_s"),
    Outcome.ABANDONED: lambda o: has(o, "ended_s") & np.isnan(o.claimed_s),
    Outcome.REJECTED: lambda o: has(o, "ended_s") & np.isnan(o.queued_s),
    Outcome.FAILED: lambda o: (o.ended_s == o.planned_s) & np.isnan(o.bot_reply_s) & np.isnan(o.queued_s),
    Outcome.OPEN: lambda o: np.isnan(o.ended_s) & np.isnan(o.served_s),
    Outcome.DROPPED: lambda o: np.zeros(len(o), dtype=np.bool_),
}


@for_all
@given(st.data())
def test_every_outcome_has_its_instants_and_lacks_the_others(worlds: Worlds, data: st.DataObject) -> None:
    """A group stands beside whoever was claimed, a pass beside whoever was transferred; only the resolved are rated."""
    told = data.draw(worlds).outcomes
    for outcome in Outcome:
        assert HAPPENED[outcome](told.take(told.outcome == outcome)).all()
    assert (np.isnan(told.claimed_s) == (told.group == -1)).all()
    assert (np.isnan(told.claimed_s) == (told.first_group == -1)).all()
    assert (np.isnan(told.passed_s) == (told.transfers == 0)).all()
    assert (told.transfers <= 1).all()
    resolved = np.isin(told.outcome, [Outcome.BOT_RESOLVED, Outcome.AGENT_RESOLVED])
    assert ((told.rating >= 0) == resolved).all()


@for_all
@given(st.data())
def test_handle_time_hold_and_patience_are_what_was_drawn(worlds: Worlds, data: st.DataObject) -> None:
    """Claim + handle time is the end; who leaves has waited for all of the patience, and who is claimed no longer."""
    world = data.draw(worlds)
    told, asked = world.outcomes, world.workload
    served = told.take(has(told, "served_s"))
    assert (served.ended_s == served.served_s + asked.handle_s[served.row]).all()
    assert (served.served_s >= served.claimed_s).all()
    passed = told.take(told.transfers == 1)
    hold_s = world.scenario.triage.transfer_after if world.scenario.triage else 0.0
    assert (passed.passed_s == passed.claimed_s + hold_s).all()
    left = told.take(told.outcome == Outcome.ABANDONED)
    since_s = np.where(np.isnan(left.queued_s), left.planned_s, left.queued_s)
    assert (left.ended_s == since_s + asked.patience_s[left.row]).all()
    claimed = told.take(has(told, "claimed_s"))
    assert (claimed.claimed_s <= claimed.queued_s + asked.patience_s[claimed.row]).all()


@for_all
@given(st.data())
def test_who_needs_no_transfer_is_served_by_the_first_claim(worlds: Worlds, data: st.DataObject) -> None:
    """Only a contact that triage handed to another skill is passed on, and whoever was is served for its own skill."""
    world = data.draw(worlds)
    told = world.outcomes
    misread = (world.workload.routed[told.row] != told.contact) & has(told, "bot_reply_s")
    assert (misread | (told.transfers == 0)).all()
    plain = told.take(~misread)
    assert np.array_equal(plain.served_s, plain.claimed_s, equal_nan=True)
    assert (plain.group == plain.first_group).all()
    served = told.take(has(told, "served_s"))
    for contact, group in zip(served.contact.tolist(), served.group.tolist(), strict=True):
        assert contact in world.skills[group]


@for_all
@given(st.data())
def test_instants_are_in_order(worlds: Worlds, data: st.DataObject) -> None:
    """Planned, bot's reply, queued, claimed, passed on, served, ended: none before the one before, all in the play."""
    world = data.draw(worlds)
    told = world.outcomes
    columns = ("planned_s", "bot_reply_s", "queued_s", "claimed_s", "passed_s", "served_s", "ended_s")
    reached = told.planned_s
    assert (reached >= world.timeline.start_s).all()
    for column in columns:
        instants = getattr(told, column)
        assert not (instants < reached).any()
        assert column == "ended_s" or not (instants > world.last_s).any()
        reached = np.fmax(reached, instants)
    assert (np.diff(told.row) > 0).all()


@for_all
@given(st.data())
def test_the_same_input_gives_the_same_tables(play: Play, worlds: Worlds, data: st.DataObject) -> None:
    """Every column is equal, bit for bit."""
    world = data.draw(worlds)
    outcomes, pools = play(world.scenario, world.workload, world.timeline)
    for name, column in outcomes.columns().items():
        assert column.tobytes() == world.outcomes.columns()[name].tobytes()
    for name, column in pools.columns().items():
        assert column.tobytes() == world.pools.columns()[name].tobytes()
