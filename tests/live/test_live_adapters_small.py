"""Small adapters: what a target may lack, waiting for one that does not push, and two agents after one contact."""

# ruff: noqa: ARG002 - a list needs less than the verbs tell it
from __future__ import annotations

import itertools
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar, cast

import pytest

from crestline.errors import TargetError, UsageError
from crestline.live import adapters
from crestline.live.adapters import Answer, Capabilities, Claim, Event, Http, Opened, Opening, Seat
from crestline.live.adapters.basics import OPTIONAL, Basics, has
from crestline.live.adapters.check import Step, check
from crestline.live.adapters.desk import DeskAdapter
from crestline.live.adapters.polling import wait_for
from crestline.live.adapters.race import Crew, race

CREW = Crew("run-race", "all", "order")


class Up:
    """A target of which nothing is known but that its front page comes."""

    def request(self, *_: object, **__: object) -> Answer:
        return Answer(200, "")


UP = cast("Http", Up())


class Tray:
    """A desk that is a list: who looks and takes in two steps may find that somebody else did, too."""

    def __init__(self) -> None:
        self.tickets: dict[str, Opening] = {}
        self.waiting: list[str] = []
        self.history: dict[str, list[str]] = {}
        self.numbers = itertools.count(1)
        self.taking = threading.Lock()
        self.agents: set[str] = set()

    def left_open(self) -> list[str]:
        """Conversations that nobody has ended."""
        return [name for name, said in self.history.items() if not {"resolved", "abandoned"} & set(said)]


class Little(Basics):
    """The fewest verbs that an adapter can have; its claim looks, waits a little, and takes."""

    capabilities: ClassVar[Capabilities] = Capabilities(by_run=True)
    tray: ClassVar[Tray]

    def open(self, contact: Opening) -> Opened:
        name = str(next(self.tray.numbers))
        self.tray.tickets[name], self.tray.history[name] = contact, []
        self.tray.waiting.append(name)
        return Opened(name)

    def poll(self, conversation: str, after: int, wait: float) -> tuple[Event, ...]:
        told = [Event(n, kind) for n, kind in enumerate(self.tray.history[conversation], 1)]
        return wait_for(lambda: tuple(told[after:]), wait, 0.01)

    def login(self, seat: Seat) -> str:
        self.seat = seat
        self.tray.agents.add(seat.name)
        return seat.name

    def claim(self, agent: str, turn: int, wait: float, done: str | None = None) -> Claim | None:
        if done:
            self.resolve(agent, done)
        return wait_for(self.take, wait, 0.02)

    def take(self) -> Claim | None:
        mine = [name for name in self.tray.waiting if self.tray.tickets[name].run == self.seat.run]
        time.sleep(0.005)
        if not mine:
            return None
        self.tray.waiting = [name for name in self.tray.waiting if name != mine[0]]
        self.tray.history[mine[0]].append("claimed")
        return Claim(mine[0], self.tray.tickets[mine[0]].row, "order", "order")

    def reply(self, agent: str, conversation: str, text: str) -> None:
        self.tray.history[conversation].append("agent_reply")

    def resolve(self, agent: str, conversation: str) -> None:
        self.tray.history[conversation].append("resolved")


class Careful(Little):
    """Looks and takes at one stroke, and lets customers leave and agents log out."""

    def take(self) -> Claim | None:
        with self.tray.taking:
            return super().take()

    def abandon(self, conversation: str) -> bool:
        self.tray.history[conversation].append("abandoned")
        return conversation in self.tray.waiting

    def logout(self, agent: str) -> None:
        self.tray.agents.remove(agent)


@pytest.fixture
def tray() -> Tray:
    Little.tray = Tray()
    return Little.tray


def words(steps: list[Step]) -> dict[str, str]:
    return {step.verb: "-" if not step.there else "ok" if step.ok else step.told for step in steps}


# An adapter of six verbs is one: it can be loaded, and what it has not said itself is not there.
def test_the_fewest_verbs() -> None:
    assert [verb for verb in OPTIONAL if has(Little, verb)] == []
    assert [verb for verb in OPTIONAL if not has(DeskAdapter, verb)] == ["cleanup"]
    adapter = Little(UP)
    adapter.begin("run", 0.0, 1.0, "")
    assert list(adapter.export("run")) == []
    for ask in (lambda: adapter.transfer("a", "1", "refund"), lambda: adapter.strike("any", 0.0, 1.0, 1.0)):
        with pytest.raises(TargetError, match="nothing of the kind"):
            ask()


# Verbs that the target lacks are shown as not there, the others as played; and nothing is left open.
def test_a_check_of_a_small_adapter(tray: Tray) -> None:
    steps = list(check(Little(UP), Little(UP), run="run", contact="order", group="all"))
    said = words(steps)
    assert {verb for verb, word in said.items() if word == "-"} == {
        "send", "rate", "logout", "abandon", "export", "cleanup"
    }  # fmt: skip
    assert set(said.values()) == {"ok", "-"}
    assert "by_run; without begin, send" in steps[0].told
    assert steps[1].told == "up; pools: it tells of none"
    assert tray.left_open() == []


# An agent who is given the contact of another run would touch what is not ours: the check fails, and leaves it ended.
def test_strangers_are_left_alone(tray: Tray) -> None:
    class Greedy(Careful):
        def take(self) -> Claim | None:
            return Claim(self.tray.waiting.pop(0), 0, "order", "order") if self.tray.waiting else None

    said = words(list(check(Greedy(UP), Greedy(UP), run="run", contact="order", group="all")))
    assert "not of this run" in said["strangers"]
    assert list(said)[-1] == "strangers"
    assert tray.left_open() == []
    assert tray.agents == set()


# What somebody else has put into the queue is neither resolved nor left by a check that comes upon it.
def test_the_contact_of_somebody_else_stays_as_it_is(tray: Tray) -> None:
    class Greedy(Careful):
        def take(self) -> Claim | None:
            return Claim(self.tray.waiting.pop(0), 0, "order", "order") if self.tray.waiting else None

    theirs = Careful(UP).open(Opening("x/0", "x", 0, 0, "order", False, "", False, 0.0, False, "order"))
    steps = list(check(Greedy(UP), Greedy(UP), run="run", contact="order", group="all"))
    assert (steps[-1].verb, steps[-1].ok) == ("claim", False)
    assert tray.left_open() == [theirs.id]


# A claim that comes back at once with nothing would be asked again at once.
def test_a_claim_has_to_wait(tray: Tray) -> None:
    class Hasty(Careful):
        def claim(self, agent: str, turn: int, wait: float, done: str | None = None) -> Claim | None:
            return super().claim(agent, turn, 0.0, done)

    said = words(list(check(Hasty(UP), Hasty(UP), run="run", contact="order", group="all")))
    assert "came back before" in said["strangers"]


# A capability without its verb is a promise that nothing keeps; an error of the adapter's own is told with its line.
def test_what_is_wrong_with_the_adapter_itself(tray: Tray) -> None:
    class Boasting(Careful):
        capabilities = Capabilities(by_run=True, rating=True)

    class Vague(Careful):
        capabilities = cast("Capabilities", None)

    class Broken(Careful):
        def login(self, seat: Seat) -> str:
            return dict[str, str]()["session"]

    (only,) = check(Boasting(UP), Boasting(UP), run="run", contact="order", group="all")
    assert "rating is declared" in only.told
    (only,) = check(Vague(UP), Vague(UP), run="run", contact="order", group="all")
    assert "the adapter raised AttributeError" in only.told
    last = list(check(Broken(UP), Broken(UP), run="run", contact="order", group="all"))[-1]
    assert "the adapter raised KeyError: 'session' (test_live_adapters_small.py, line" in last.told


# Who looks and then takes gives every contact to both; who does it at one stroke gives it to one.
@pytest.mark.parametrize(("kind", "doubled"), [(Little, 5), (Careful, 0)])
def test_two_agents_at_one_instant(tray: Tray, kind: type[Little], doubled: int) -> None:
    seen = race(kind(UP), (kind(UP), kind(UP)), CREW, pairs=5)
    assert (seen.pairs, seen.doubled, seen.nobody) == (5, doubled, 0)
    assert seen.share == doubled / 5
    assert tray.left_open() == []


# However slow the target is, the race has its time and no more; whoever raced logs out, and so on an error.
def test_a_race_has_an_end(tray: Tray) -> None:
    class Failing(Careful):
        def take(self) -> Claim | None:
            raise TargetError("no")

    assert race(Careful(UP), (Careful(UP), Careful(UP)), CREW, longest=0.0).pairs == 0
    with pytest.raises(TargetError, match="no"):
        race(Careful(UP), (Careful(UP), Failing(UP)), CREW)
    assert tray.left_open() == []
    assert tray.agents == set()


# It asks at once, then every so often, and gives up when the time is over.
def test_waiting_for_a_target_that_does_not_push(monkeypatch: pytest.MonkeyPatch) -> None:
    now, slept = [0.0], list[float]()
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(time, "sleep", sleep)
    answers = iter([None, None, "news"])
    assert wait_for(lambda: next(answers), 10.0, 2.0) == "news"
    assert slept == [2.0, 2.0]
    slept.clear()
    assert wait_for(tuple, 5.0, 2.0) == ()
    assert slept == [2.0, 2.0, 1.0]
    assert wait_for(tuple, 0.0) == ()


# What an adapter lacks is told with what would make up for it.
def test_a_class_without_verbs_is_told_what_to_inherit() -> None:
    with pytest.raises(UsageError, match=r"lacks abandon, .*inherit crestline\.live\.adapters\.basics\.Basics"):
        adapters.load("crestline.live.wire:Wire")


def test_capabilities_are_what_an_adapter_says_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DeskAdapter, "capabilities", None)
    with pytest.raises(UsageError, match=r"capabilities: got None, expected Capabilities"):
        adapters.load(adapters.DESK)


# Modules of the working directory are found; one that cannot be read is told in words.
def test_an_adapter_beside_the_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    own = "from crestline.live.adapters.desk import DeskAdapter as Own\n"
    (tmp_path / "a_desk_of_ones_own.py").write_text(own, encoding="utf-8")
    (tmp_path / "a_desk_with_a_slip.py").write_text("1 / 0\n", encoding="utf-8")
    assert adapters.load("a_desk_of_ones_own:Own") is DeskAdapter
    with pytest.raises(UsageError, match=r"cannot be loaded \(ZeroDivisionError"):
        adapters.load("a_desk_with_a_slip:Own")
