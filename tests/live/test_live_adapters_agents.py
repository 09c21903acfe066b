"""Agents at targets with habits of their own: claims that are not atomic, and claims that fail once nobody is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from gevent.event import AsyncResult

from crestline.live.adapters import Claim, Refused
from crestline.tables import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.live.conftest import MakeRow, Target, Tell

TWO = {"all": {"skills": ["order", "refund"], "on_duty": 2}}


def test_a_contact_that_two_agents_are_given_is_counted(tell: Tell, row: MakeRow, target: Target) -> None:
    """Doubled work: both greet and hold it; the customer's contact ends once, with the first."""
    take = target.take

    def careless(agent: str) -> Claim | None:
        claim = take(agent)
        for other in list(target.idle) if claim else ():
            target.idle.pop(other).set(claim)
        return claim

    target.take = careless  # type: ignore[method-assign]
    told = tell(row(at=1, handle=3), target=target, agents=TWO)
    assert told.load["doubled_claims"] == 1
    assert told.lines() == [
        {"planned": 1, "bot_reply": 2, "queued": 2, "claimed": 2, "ended": 5, "is": "agent_resolved"}
    ]


def test_contacts_one_after_the_other_are_not_doubled(tell: Tell, row: MakeRow) -> None:
    """Each has one agent; they are written down by the ids that the target gave them."""
    told = tell(row(at=1, handle=3), row(at=1, handle=3), row(at=1, handle=3), agents=TWO)
    assert told.load["doubled_claims"] == 0
    assert sorted(told.records.made_at_target().ids) == ["0", "1", "2"]
    assert told.records.made_at_target().unanswered == 0


def test_an_agent_who_has_left_asks_no_more(tell: Tell, row: MakeRow, target: Target) -> None:
    """A target that is polled refuses the claim of a session that has ended: it is not tried again."""

    class Polled:
        def __init__(self) -> None:
            self.answer = AsyncResult()

        def get(self) -> Claim:
            return self.answer.get()  # type: ignore[no-any-return]

        def set(self, claim: Claim | None) -> None:
            if claim is None:
                self.answer.set_exception(Refused("claim", 403, "no session"))
            else:
                self.answer.set(claim)

    class Asking(dict[str, Any]):
        def __setitem__(self, agent: str, _waiting: Any) -> None:
            super().__setitem__(agent, Polled())

    target.idle = Asking()
    less = {"all": {"skills": ["order", "refund"], "on_duty": {"00:00": 2, "00:02": 1}}}
    told = tell(row(at=4, handle=1), target=target, agents=less)
    assert told.load["request_errors"] == 0
    assert told.lines()[0]["is"] == "agent_resolved"


def test_what_was_opened_without_an_answer_may_be_there(tell: Tell, row: MakeRow, target: Target) -> None:
    """It has no id here, and is told as one more."""
    target.door_open = False
    told = tell(row(at=1), target=target)
    assert told.records.made_at_target() == ((), 1)


def test_a_target_that_does_not_wait_is_not_asked_at_once(tell: Tell, row: MakeRow, target: Target) -> None:
    """Agents and customers pause between two questions that are answered with nothing."""
    asked: list[str] = []

    class Told(dict[str, Any]):
        def __setitem__(self, agent: str, waiting: Any) -> None:
            asked.append(agent)
            waiting.set(None)
            super().__setitem__(agent, waiting)

        def __iter__(self) -> Iterator[str]:
            return iter(())

    target.idle = Told()
    told = tell(row(at=2, handle=1), target=target)
    assert told.lines()[0]["is"] == "agent_resolved"
    assert 1 < len(asked) < 200, "without a pause there are thousands in the 0.6 real seconds of a story"


@pytest.mark.parametrize("changes", [{"row": 99}, {"row": -1}, {"id": "somebody-elses"}])
def test_a_contact_of_somebody_else_ends_the_run(
    tell: Tell, row: MakeRow, target: Target, changes: dict[str, Any]
) -> None:
    """The agent who was given it neither greets nor resolves it, and a guard stops the run."""
    take = target.take
    target.take = lambda agent: (claim := take(agent)) and claim._replace(**changes)  # type: ignore[method-assign]
    told = tell(row(at=1, handle=3), target=target)
    given = changes.get("id", "0")
    assert told.load["stopped_by"] == f"an agent was given conversation {given}, which is not of this run"
    assert [event.kind for event in target.talks["0"].events] == ["bot", "bot_reply", "queued", "claimed"]
    assert told.records.outcomes().outcome.tolist() == [Outcome.OPEN]


def test_without_agents_the_bot_is_alone(tell: Tell, row: MakeRow) -> None:
    """Nobody logs in or leaves: who needs people leaves with the patience or stays, who does not is served."""
    leaves = {"kind": "agents-leave", "at": "00:05", "for": "2min", "group": "all", "share": 1.0}
    rows = row(at=2, reply=2, resolves=True), row(reply=2, patience=2), row(at=2, reply=2)
    told = tell(*rows, answered=False, faults=[leaves])
    assert told.lines(every=2) == [
        {"planned": 2, "bot_reply": 4, "ended": 4, "is": "bot_resolved"},
        {"planned": 2, "bot_reply": 4, "queued": 4, "ended": 6, "is": "abandoned"},
        {"planned": 4, "bot_reply": 6, "queued": 6, "is": "open"},
    ]
    assert told.target.seats == {}
    assert (told.load["agents_planned"], told.load["agents_live"], told.load["finished"]) == (0, 0, True)
    assert told.records.faults() == []


def test_an_agent_who_is_given_nonsense_gives_up_the_seat(tell: Tell, row: MakeRow, target: Target) -> None:
    """The run goes on without the seat, logs it out and does not count it as there."""
    target.take = lambda _agent: "nonsense"  # type: ignore[assignment, method-assign, return-value]
    told = tell(row(at=1, patience=2), target=target)
    assert (told.load["agents_planned"], told.load["agents_live"]) == (1, 0)
    assert told.lines()[0]["is"] == "abandoned"
    assert told.load["stopped_by"] == ""


def test_a_target_that_gives_everybody_nonsense_ends_the_run(tell: Tell, row: MakeRow, target: Target) -> None:
    """Three seats are enough to see it: the other two stay."""
    target.take = lambda _agent: "nonsense"  # type: ignore[assignment, method-assign, return-value]
    five = {"all": {"skills": ["order", "refund"], "on_duty": 5}}
    told = tell(*[row(at=1, patience=60)] * 5, target=target, agents=five)
    assert told.load["stopped_by"].startswith("3 agents gave up their seats; what a verb returned: the adapter raised")
    assert (told.load["agents_planned"], told.load["agents_live"]) == (5, 2)
