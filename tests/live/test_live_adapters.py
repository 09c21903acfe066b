"""The adapter of the reference desk, verb by verb against a real one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from crestline.errors import UsageError
from crestline.live import adapters
from crestline.live.adapters import DESK, Opening, Refused, Seat, Unanswered
from crestline.live.adapters.check import check
from crestline.live.adapters.desk import DeskAdapter
from crestline.live.wire import Wire
from crestline.scenario import load


def opening(run: str, row: int, **changes: Any) -> Opening:
    told = Opening(f"{run}/{row}", run, row, row, "order", False, "Hello", True, 0.02, False, "order")
    return told._replace(**changes)


def kinds(events: tuple[adapters.Event, ...]) -> list[str]:
    return [event.kind for event in events]


@pytest.fixture
def dial(desk: tuple[str, str]) -> Iterator[Callable[[], DeskAdapter]]:
    """One more customer or agent at the desk, on a connection of its own."""
    with ExitStack() as closing:

        def made() -> DeskAdapter:
            wire = Wire(desk[0])
            closing.callback(wire.close)
            return DeskAdapter(wire)

        yield made


@pytest.fixture
def customer(dial: Callable[[], DeskAdapter]) -> DeskAdapter:
    """One customer at the desk."""
    return dial()


@pytest.fixture
def agent(dial: Callable[[], DeskAdapter]) -> DeskAdapter:
    """One agent at the desk."""
    return dial()


def wait_for(customer: DeskAdapter, conversation: str, kind: str, after: int = 0) -> list[str]:
    """Poll until something has happened; everything that had by then."""
    seen: list[str] = []
    while kind not in seen:
        events = customer.poll(conversation, after, 5.0)
        seen += kinds(events)
        after += len(events)
    return seen


def test_one_contact_from_open_to_rating(customer: DeskAdapter, agent: DeskAdapter) -> None:
    """The whole chain: bot, queue, claim, greeting, resolved in the request for the next, rated, exported."""
    opened = customer.open(opening("chain", 0))
    assert customer.open(opening("chain", 0)).id == opened.id, "the same key is the same conversation"
    wait_for(customer, opened.id, "queued")
    seat = agent.login(Seat("a", "chain", "general", ("order", "refund")))
    claim = agent.claim(seat, 1, 5.0)
    assert claim is not None
    assert (claim.id, claim.row, claim.contact, claim.queue) == (opened.id, 0, "order", "order")
    assert agent.claim(seat, 1, 5.0) == claim, "the same turn again is the same answer"
    agent.reply(seat, claim.id, "Hello")
    customer.send(opened.id, "Thank you")
    assert not customer.abandon(opened.id), "an agent was faster"
    assert agent.claim(seat, 2, 0.01, claim.id) is None
    told = wait_for(customer, opened.id, "resolved")
    assert [k for k in told if k in adapters.KINDS] == [
        "bot",
        "bot_reply",
        "queued",
        "claimed",
        "agent_reply",
        "resolved",
    ]
    customer.rate(opened.id, 5)
    agent.logout(seat)
    (line,) = list(customer.export("chain"))
    assert (line["row"], line["state"], line["rating"]) == (0, "agent_resolved", 5)


def test_the_bot_obeys_the_script(customer: DeskAdapter) -> None:
    """It resolves when the row says so, and says by whom."""
    opened = customer.open(opening("script", 0, resolves=True))
    events = customer.poll(opened.id, len(opened.events), 5.0)
    assert kinds(events) == ["bot_reply", "resolved"]
    assert events[-1].by == "bot"


def test_a_contact_that_skips_the_bot_is_queued_at_once_and_may_leave(customer: DeskAdapter) -> None:
    """The queue is the contact's own; leaving twice is leaving once."""
    opened = customer.open(opening("skip", 0, bot=False, contact="complaint"))
    assert kinds(opened.events)[-1] == "queued"
    assert opened.events[-1].text == "complaint"
    assert customer.abandon(opened.id)
    assert customer.abandon(opened.id)


def test_a_contact_that_is_passed_on_waits_for_the_other_skill(customer: DeskAdapter, agent: DeskAdapter) -> None:
    """Misread by triage: claimed, passed on, claimed again."""
    opened = customer.open(opening("pass", 0, bot=False))
    first = agent.login(Seat("first", "pass", "general", ("order",)))
    claim = agent.claim(first, 1, 5.0)
    assert claim is not None
    agent.reply(first, claim.id, "Let me pass you on")
    agent.transfer(first, claim.id, "refund")
    second = agent.login(Seat("second", "pass", "specialist", ("refund",)))
    again = agent.claim(second, 1, 5.0)
    assert again is not None
    assert (again.id, again.queue) == (opened.id, "refund")
    agent.reply(second, again.id, "Hello")
    agent.resolve(second, again.id)
    assert wait_for(customer, opened.id, "resolved").count("claimed") == 2


def test_a_claim_that_waits_is_answered_by_a_logout(dial: Callable[[], DeskAdapter], agent: DeskAdapter) -> None:
    """An agent who leaves does not have to sit out the long-poll."""
    seat = agent.login(Seat("leaver", "leave", "general", ("order",)))
    answers: list[object] = []
    other = dial()
    waiting = threading.Thread(target=lambda: answers.append(other.claim(seat, 1, 30.0)))
    waiting.start()
    agent.logout(seat)
    waiting.join(10)
    assert answers == [None]


def test_runs_do_not_meet(customer: DeskAdapter, agent: DeskAdapter) -> None:
    """Agents get contacts of their own run alone."""
    customer.open(opening("mine", 0, bot=False))
    seat = agent.login(Seat("stranger", "yours", "general", ("order",)))
    assert agent.claim(seat, 1, 0.02) is None


def test_another_scenario_is_refused(customer: DeskAdapter, desk: tuple[str, str]) -> None:
    """The digest has to be the desk's, and so has the time scale."""
    customer.begin("announced", 60.0, 60.0, desk[1])
    for scale, digest in ((60.0, "another"), (30.0, desk[1])):
        with pytest.raises(Refused):
            customer.begin("announced", 60.0, scale, digest)


def test_health_tells_pools_and_queues(customer: DeskAdapter) -> None:
    """Triage has its planned workers."""
    health = customer.health()
    triage = load("quick").triage
    assert triage is not None
    assert health.pools["triage"].planned == health.pools["triage"].ready == triage.pool.workers
    assert set(health.queues) == {"order", "refund", "complaint"}


def test_a_fault_is_ordered_ahead_and_can_be_lifted(customer: DeskAdapter) -> None:
    """The door is shut, and open again when it is healed."""
    order = customer.strike("platform-outage", 0.0, 30.0, 60.0)
    with pytest.raises(Refused, match="503"):
        customer.open(opening("shut", 0))
    customer.heal(order)
    state = customer.fault(order)
    assert state.state == "healed"
    assert state.effective_ago is not None
    assert state.healed_ago is not None
    customer.open(opening("shut", 1))


def test_nobody_there_is_unanswered() -> None:
    """The words say where nobody was."""
    with pytest.raises(Unanswered, match=r"127\.0\.0\.1:9"):
        DeskAdapter(Wire("http://127.0.0.1:9")).health()


def test_an_adapter_is_loaded_by_name() -> None:
    """And a name that is none is told with an example."""
    assert adapters.load(DESK) is DeskAdapter
    for wrong in ("nonsense", "crestline.nothing:Here", "crestline.live.wire:Wire"):
        with pytest.raises(UsageError, match="adapter"):
            adapters.load(wrong)


def test_a_check_shows_every_verb(dial: Callable[[], DeskAdapter]) -> None:
    """One chain by hand, as ``adapter check`` plays it."""
    steps = list(check(dial(), dial(), run="checked", contact="order", group="general"))
    assert [step.verb for step in steps if not step.ok] == []
    assert [step.verb for step in steps][-3:] == ["abandon", "export", "cleanup"]
    assert steps[-2].told == "2 conversations"


def test_a_check_ends_at_the_first_verb_that_fails() -> None:
    """And says what went wrong."""
    nowhere = DeskAdapter(Wire("http://127.0.0.1:9"))
    steps = list(check(nowhere, nowhere, run="checked", contact="order", group="general"))
    assert [(step.verb, step.ok) for step in steps] == [("capabilities", True), ("health", False)]
    assert "no answer" in steps[-1].told
