"""A few contacts in whole minutes, played by real customers and agents against a target in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crestline.tables import Outcome

if TYPE_CHECKING:
    from tests.live.conftest import MakeRow, Target, Tell


def test_the_bot_resolves_after_its_reply_time(tell: Tell, row: MakeRow) -> None:
    """A contact that the bot resolves ends with its reply, is rated, and no agent hears of it."""
    told = tell(row(at=1, reply=2, resolves=True))
    assert told.lines() == [{"planned": 1, "bot_reply": 3, "ended": 3, "is": "bot_resolved"}]
    assert told.target.talks["0"].stars == 5
    assert told.load["finished"] is True


def test_an_agent_greets_at_once_and_holds_for_the_handle_time(tell: Tell, row: MakeRow) -> None:
    """From the queue to a free agent no time passes; it ends at claim + handle time."""
    told = tell(row(at=1, reply=1, handle=3))
    assert told.lines() == [
        {"planned": 1, "bot_reply": 2, "queued": 2, "claimed": 2, "ended": 5, "is": "agent_resolved"}
    ]
    assert float(told.records.outcomes().queued_s[0]) == float(told.records.outcomes().claimed_s[0])


def test_who_waits_is_served_when_the_agent_is_free(tell: Tell, row: MakeRow) -> None:
    """One slot, two contacts: the second waits for the first to end."""
    first, second = tell(row(at=1, handle=4), row(at=1, handle=2)).lines()
    assert (first["claimed"], first["ended"]) == (2, 6)
    assert (second["queued"], second["claimed"], second["ended"]) == (3, 6, 8)


def test_patience_runs_from_queue_entry_and_not_from_the_plan(tell: Tell, row: MakeRow) -> None:
    """A customer with two minutes of patience leaves two minutes after the queue was entered, without a rating."""
    told = tell(row(at=1, handle=8), row(at=1, patience=2))
    assert told.lines()[1] == {"planned": 2, "bot_reply": 3, "queued": 3, "ended": 5, "is": "abandoned"}
    assert told.target.talks["1"].stars is None


def test_a_contact_of_the_wrong_skill_is_passed_on(tell: Tell, row: MakeRow) -> None:
    """The agent holds it for ``transfer_after``; it then waits for its own skill, and its customer is patient."""
    told = tell(row(at=1, kind=0, routed=1, patience=1, handle=3))
    assert told.lines() == [
        {"planned": 1, "bot_reply": 2, "queued": 2, "claimed": 2, "passed": 4, "served": 4, "ended": 7}
        | {"is": "agent_resolved"}
    ]
    assert told.records.outcomes().transfers.tolist() == [1]


def test_a_recontact_is_planned_at_the_measured_end_plus_its_delay(tell: Tell, row: MakeRow) -> None:
    """again_u below the share of the outcome: the next row is played; above it, it is not."""
    back = row(at=1, resolves=True, again_u=0.4)
    told = tell(back, row(at=3, attempt=1, resolves=True), row(at=1, resolves=True), row(at=1, attempt=1))
    assert [(line["planned"], line["ended"]) for line in told.lines()] == [(1, 2), (5, 6), (2, 3)]


def test_a_shut_door_is_a_failed_contact(tell: Tell, row: MakeRow, target: Target) -> None:
    """A target that answers 503 fails the contact, and the run goes on."""
    target.door_open = False
    told = tell(row(at=1), target=target)
    assert [line["is"] for line in told.lines()] == ["failed"]
    assert told.load["sent"] == 1


def test_nobody_is_planned_after_the_window(tell: Tell, row: MakeRow) -> None:
    """A customer who would come after the window's end does not, nor does a recontact due then."""
    told = tell(row(at=9, resolves=True, again_u=0.0), row(at=2, attempt=1), row(at=2))
    assert [line["planned"] for line in told.lines()] == [9]


def test_who_is_with_an_agent_at_the_end_is_resolved_at_claim_plus_handle_time(tell: Tell, row: MakeRow) -> None:
    """The drain lasts until nobody waits; it does not wait for long conversations."""
    told = tell(row(at=8, handle=20))
    assert told.lines()[0]["ended"] == 29
    assert told.load["unfinished"] == 0


def test_who_still_waits_when_the_run_is_stopped_is_open(tell: Tell, row: MakeRow) -> None:
    """A stopped run writes everyone down: served ones with their end to come, waiting ones as open."""
    told = tell(row(at=1, handle=20), row(at=1), stop_after=5)
    assert [line["is"] for line in told.lines()] == ["agent_resolved", "open"]
    assert (told.load["finished"], told.load["stopped_by"], told.load["unfinished"]) == (False, "stop file", 1)


def test_shifts_come_and_go_at_their_instants(tell: Tell, row: MakeRow) -> None:
    """A second slot from minute 5 to 7: who waits is served at once, and who is served is not cut off."""
    shifts = {"all": {"skills": ["order", "refund"], "on_duty": {"00:00": 1, "00:05": 2, "00:07": 1}}}
    told = tell(row(at=1, handle=7), row(at=1, handle=4), agents=shifts)
    assert [(line["claimed"], line["ended"]) for line in told.lines()] == [(2, 9), (5, 9)]
    staffed = told.records.pools().of("all")
    steps = [(round(t / 60), r) for t, r in zip(staffed.time_s.tolist(), staffed.ready.tolist(), strict=True)]
    assert {(5, 2), (7, 1)} <= set(steps)
    assert told.load["agents_planned"] == told.load["agents_live"] == 2


def test_who_leaves_before_the_next_shift_is_replaced_in_it(tell: Tell, row: MakeRow) -> None:
    """Two are busy as one is to go at minute 2, and two are wanted again at 6: by then one has gone, at 4."""
    shifts = {"all": {"skills": ["order", "refund"], "on_duty": {"00:00": 2, "00:02": 1, "00:06": 2}}}
    first, next_one, last = row(at=1, handle=3, reply=0), row(reply=0, handle=3), row(at=6, handle=3, reply=0)
    told = tell(first, next_one, last, next_one, agents=shifts)
    assert [line["claimed"] for line in told.lines()] == [1, 1, 7, 7]


def test_standby_is_called_on_a_tick_and_comes_after_its_time(tell: Tell, row: MakeRow) -> None:
    """In line since minute 3, over the limit on the tick at 4: standby is there two minutes later."""
    rule = {"call_when": "longest_wait > 30s", "call_in": "2min", "release_after": "1h"}
    told = tell(row(at=1, handle=9), row(at=1, handle=1), standby={"group": "all", "agents": 1} | rule)
    assert told.lines()[1]["claimed"] == 6
    assert told.records.pools().of("standby").ready.tolist() == [1]


def test_every_planned_contact_ends_once(tell: Tell, row: MakeRow) -> None:
    """Conservation: as many lines as contacts that fell due, each row once."""
    told = tell(*[row(at=0.2, handle=0.5, patience=1, resolves=i % 3 == 0) for i in range(40)])
    outcomes = told.records.outcomes()
    assert outcomes.row.tolist() == list(range(40))
    assert told.load["planned"] == told.load["sent"] == 40
    assert not (outcomes.outcome == Outcome.OPEN).any()


def test_one_too_many_at_once_is_dropped_and_counts_as_failed(tell: Tell, row: MakeRow) -> None:
    """Two may be under way: the third, who falls due meanwhile, is not sent; the fourth comes when there is room."""
    told = tell(*[row(at=1, reply=2.5, resolves=True)] * 4, in_flight=2)
    assert [(line["planned"], line["is"]) for line in told.lines()] == [
        (1, "bot_resolved"), (2, "bot_resolved"), (3, "dropped"), (4, "bot_resolved"),
    ]  # fmt: skip
    assert (told.load["planned"], told.load["sent"], told.load["dropped"]) == (4, 3, 1)


def test_a_verb_that_returns_nonsense_fails_the_contact(tell: Tell, row: MakeRow, target: Target) -> None:
    """It ends at once, gives its place up for the next one, and its cause is told."""
    del target.door_open
    told = tell(row(at=1), row(at=1), target=target, in_flight=1)
    assert told.lines() == [{"planned": at, "ended": at, "is": "failed"} for at in (1, 2)]
    assert (told.load["unfinished"], told.load["dropped"]) == (0, 0)
