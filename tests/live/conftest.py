"""A scenario small enough to tell stories with, a target in memory, and the folder of a run."""

# ruff: noqa: ARG002, ARG005 - a target in memory needs less than the verbs tell it
from __future__ import annotations

import json
import math
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import gevent
import numpy as np
import pytest
from gevent.event import AsyncResult
from gevent.event import Event as Bell

from crestline import launch, workload
from crestline.live.adapters import (
    Capabilities,
    Claim,
    Event,
    FaultState,
    Health,
    Opened,
    Opening,
    PoolHealth,
    Refused,
    Seat,
)
from crestline.live.adapters.desk import TOKEN
from crestline.live.clock import Clock
from crestline.live.crowd import OwnCrowd
from crestline.live.floor import Floor
from crestline.live.ledger import Ledger
from crestline.live.plan import Plan
from crestline.live.play import Play
from crestline.live.records import Records
from crestline.live.scene import Scene
from crestline.scenario import Scenario, dump, load
from crestline.tables import Outcome, Timeline, Workload
from crestline.verbs.desk import command, settings
from crestline.workload.rows import Rows

SCALE = 1000.0  # scenario seconds per real second in the stories: a minute takes 60 ms


@dataclass
class Talk:
    """One conversation at the target in memory."""

    opening: Opening
    id: str
    events: list[Event] = field(default_factory=list)
    queue: str = ""
    stars: int | None = None
    news: Bell = field(default_factory=Bell)

    def tell(self, kind: str, text: str = "", by: str = "") -> None:
        self.events.append(Event(len(self.events) + 1, kind, text, by=by))
        if kind != "queued":  # whoever queues rings when it is known whether an agent was free
            self.ring()

    def ring(self) -> None:
        self.news.set()
        self.news.clear()


class Target:
    """A service desk in memory: no bot slots to wait for, one queue per skill, first come first served."""

    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}
        self.seats: dict[str, Seat] = {}
        self.idle: dict[str, AsyncResult[Claim | None]] = {}
        self.door_open = True
        self.bot_replies = True  # else it gives up on the bot, and hands contacts on
        self.obeys = False  # whether it can be told to suffer faults
        self.shows = True  # whether a fault that it says to suffer is one
        self.stays_short = False  # although it says that a fault has healed
        self.suffers: dict[str, tuple[float, float]] = {}  # by kind: since when and until when
        self.healed: list[str] = []  # on demand

    @property
    def is_ill(self) -> bool:
        """Whether a fault is in force."""
        return any(since <= time.monotonic() < until for since, until in self.suffers.values())

    @property
    def has_struck(self) -> bool:
        """Whether a fault is or was in force."""
        return any(since <= time.monotonic() for since, _ in self.suffers.values())

    def queue(self, talk: Talk, skill: str) -> None:
        """Wait in line, or go to an agent who is free, in the same step."""
        talk.queue = skill
        free = next((agent for agent in self.idle if skill in self.seats[agent].skills), None)
        if free:
            self.idle.pop(free).set(self.take(free))
        talk.ring()

    def take(self, agent: str) -> Claim | None:
        """The first in line for one of the agent's skills."""
        skills = self.seats[agent].skills
        talk = next((t for skill in skills for t in self.talks.values() if t.queue == skill), None)
        if talk is None:
            return None
        waited_in, talk.queue = talk.queue, ""
        talk.tell("claimed", agent)
        return Claim(talk.id, talk.opening.row, talk.opening.contact, waited_in)


@dataclass
class InMemory:
    """The adapter to a ``Target``: the verbs, without a wire."""

    target: Target
    capabilities: ClassVar[Capabilities] = Capabilities(scripted=True, rating=True, by_run=True)

    def begin(self, run: str, zero_in: float, time_scale: float, digest: str) -> None: ...

    def open(self, contact: Opening) -> Opened:
        if not self.target.door_open:
            raise Refused("open", 503, "shut")
        talk = self.target.talks.setdefault(str(contact.row), Talk(contact, str(contact.row)))
        if contact.bot:
            talk.tell("bot")
            gevent.spawn_later(contact.reply_in, self._reply_as_bot, talk)
        else:
            self._enter(talk, contact.contact)
        return Opened(talk.id, tuple(talk.events))

    def _reply_as_bot(self, talk: Talk) -> None:
        if not self.target.bot_replies:
            self._enter(talk, talk.opening.contact)
            return
        talk.events.append(Event(len(talk.events) + 1, "bot_reply"))
        if talk.opening.resolves:
            talk.tell("resolved", by="bot")
        else:
            self._enter(talk, talk.opening.routed_to)

    def _enter(self, talk: Talk, skill: str) -> None:
        talk.tell("queued", skill)
        self.target.queue(talk, skill)

    def poll(self, conversation: str, after: int, wait: float) -> tuple[Event, ...]:
        talk = self.target.talks[conversation]
        if len(talk.events) <= after:
            talk.news.wait(wait)
        return tuple(talk.events[after:])

    def send(self, conversation: str, text: str) -> None: ...

    def abandon(self, conversation: str) -> bool:
        talk = self.target.talks[conversation]
        if not talk.queue:
            return False
        talk.queue = ""
        talk.tell("abandoned")
        return True

    def rate(self, conversation: str, stars: int) -> None:
        self.target.talks[conversation].stars = stars

    def login(self, seat: Seat) -> str:
        self.target.seats[seat.name] = seat
        return seat.name

    def claim(self, agent: str, turn: int, wait: float, done: str | None = None) -> Claim | None:
        if done:
            self.resolve(agent, done)
        claim = self.target.take(agent)
        if claim is None and wait:
            self.target.idle[agent] = AsyncResult()
            claim = self.target.idle[agent].get()
        return claim

    def reply(self, agent: str, conversation: str, text: str) -> None:
        self.target.talks[conversation].tell("agent_reply", text)

    def transfer(self, agent: str, conversation: str, to: str) -> None:
        self.target.talks[conversation].tell("transferred", to)
        self.target.queue(self.target.talks[conversation], to)

    def resolve(self, agent: str, conversation: str) -> None:
        self.target.talks[conversation].tell("resolved", by="agent")

    def logout(self, agent: str) -> None:
        if agent in self.target.idle:
            self.target.idle.pop(agent).set(None)

    def health(self) -> Health:
        is_ill = self.target.is_ill or (self.target.stays_short and self.target.has_struck)
        is_short = is_ill and self.target.shows
        return Health({"triage": PoolHealth(1, 0 if is_short else 1, 1, 0, 0)} if self.target.obeys else {}, {})

    def strike(self, kind: str, in_s: float, for_s: float, ttl_s: float, **options: Any) -> str:
        if not self.target.obeys:
            raise Refused("strike", 403, kind)
        since = time.monotonic() + in_s
        self.target.suffers[kind] = since, since + min(for_s, ttl_s)
        return kind

    def fault(self, fault: str) -> FaultState:
        now = time.monotonic()
        ages = [now - at if now >= at else None for at in self.target.suffers[fault]]
        return FaultState(fault, "", *ages)

    def heal(self, fault: str) -> None:
        self.target.healed.append(fault)
        since, until = self.target.suffers[fault]
        self.target.suffers[fault] = since, min(until, time.monotonic())

    def release(self, share: float, version: str = "candidate", ttl_s: float | None = None) -> None: ...

    def export(self, run: str) -> Iterator[dict[str, Any]]:
        return iter(())

    def cleanup(self, run: str) -> None: ...


@dataclass(frozen=True)
class Row:
    """One attempt of a customer, in minutes; ``at`` is since the one before, for a recontact since the end before."""

    at: float = 0.0
    kind: int = 0
    handle: float = 1.0
    patience: float = 1e9
    reply: float = 1.0
    resolves: bool = False
    routed: int | None = None
    again_u: float = 1.0
    rating_u: float = 0.0
    attempt: int = 0


def workload_of(rows: tuple[Row, ...]) -> Workload:
    first = np.array([row.attempt == 0 for row in rows])
    return Workload(
        customer=np.cumsum(first) - 1,
        attempt=np.array([r.attempt for r in rows]),
        contact=np.array([r.kind for r in rows]),
        vip=np.zeros(len(rows), dtype=bool),
        gap_s=np.array([60 * r.at for r in rows]),
        handle_s=np.array([60 * r.handle for r in rows]),
        patience_s=np.array([60 * r.patience for r in rows]),
        reply_s=np.array([60 * r.reply for r in rows]),
        resolves=np.array([r.resolves for r in rows]),
        routed=np.array([r.kind if r.routed is None else r.routed for r in rows]),
        again_u=np.array([r.again_u for r in rows]),
        rating_u=np.array([r.rating_u for r in rows]),
    )


KIND = {"share": 0.5, "handle_time": {"constant": "1min"}, "patience": "never"}
STORY: dict[str, Any] = {
    "schema": 1,
    "name": "story",
    "day": {"start": "00:00", "length": "10min"},
    "demand": {"rate": "60/h"},
    "contacts": {"order": KIND, "refund": KIND},
    "triage": {
        "reply_time": {"constant": "10s"},
        "transfer_after": "2min",
        "pool": {"workers": 1, "at_most": 1, "slots": 1, "start_up": "30s", "scale_out_at": 1},
    },
    "agents": {"all": {"skills": ["order", "refund"], "on_duty": 1}},
    "recovery": {"bucket": "1min"},
    "load_test": {"level": "100%", "time_scale": SCALE},
}


@dataclass(frozen=True)
class Told:
    """What became of a story: the records as tables, the load's figures, and the target."""

    records: Records
    load: dict[str, Any]
    target: Target

    def lines(self, every: int = 1) -> list[dict[str, Any]]:
        """Every contact with what happened at which minute; the second claim only if there was one.

        Nothing happens before its minute, and on a busy machine much comes late: what comes before the next minute,
        or the next of ``every`` so many, counts as of its own.
        """
        outcomes = self.records.outcomes()
        names = ("planned", "bot_reply", "queued", "claimed", "passed", "served", "ended")
        rows = zip(*(outcomes.columns()[f"{name}_s"].tolist() for name in names), strict=True)
        known = [{n: t for n, t in zip(names, row, strict=True) if not math.isnan(t)} for row in rows]
        lines = [{n: every * int((t / 60 + 0.1) // every) for n, t in line.items()} for line in known]
        told = [{n: t for n, t in line.items() if n != "served" or "passed" in line} for line in lines]
        return [line | {"is": Outcome(word).word} for line, word in zip(told, outcomes.outcome, strict=True)]


Tell = Callable[..., Told]
MakeRow = type[Row]


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    """Play a few rows live against the target in memory; everything else as in a real run."""

    def play(
        *rows: Row,
        target: Target | None = None,
        stop_after: float | None = None,
        in_flight: int = 1000,
        answered: bool = True,
        **changes: Any,
    ) -> Told:
        scenario = load(STORY | changes)
        target = target or Target()
        scene = set_scene(tmp_path, scenario, target, Rows(workload_of(rows)), in_flight)
        scene.plan = replace(scene.plan, agents=answered)
        (tmp_path / "scenario.yaml").write_text(dump(scenario), encoding="utf-8")
        shares = dict.fromkeys(Outcome, 0.5)
        run = Play(scene, OwnCrowd(scene, shares))
        if stop_after is not None:
            gevent.spawn_later(60 * stop_after / SCALE, run.halt, "stop file")
        with closing(scene.ledger):
            figures = run.run()
        return Told(Records(tmp_path, scenario, scene.timeline), figures, target)

    return play


def set_scene(folder: Path, scenario: Scenario, target: Target, rows: Rows, in_flight: int) -> Scene:
    line: Timeline = workload.timeline(scenario, workload.window(scenario))
    clock, ledger = Clock(line.start_s, SCALE), Ledger(folder)
    return Scene(
        host="memory",
        scenario=scenario,
        timeline=line,
        plan=replace(Plan("story", 1), lead_s=0.02),
        rows=rows,
        clock=clock,
        floor=Floor(rows, len(scenario.contacts), in_flight, ledger.contact),
        ledger=ledger,
        dial=lambda *_: InMemory(target),
        watch=lambda *_: InMemory(target),
        note=lambda name, seconds: None,
        stop=clock.real(line.end_s),
    )


@pytest.fixture
def row() -> MakeRow:
    """How a story's contacts are told."""
    return Row


@pytest.fixture
def target() -> Target:
    """A target in memory, to be spoiled before a story."""
    return Target()


@pytest.fixture(scope="session")
def quick() -> Scenario:
    """Three minutes of a small service with a short outage of the bot, three real seconds."""
    window = ["load_test.from=10:03", "load_test.for=3min", "load_test.ramp=30s"]
    faults = ["faults=[{kind: triage-outage, at: '10:04', for: 20s}]", "objectives=[]", "recovery.give_up=1min"]
    return load("quick", [*window, *faults, "recovery.sustain=10s"])


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, quick: Scenario) -> Iterator[tuple[str, str]]:
    """A real reference desk for ``quick``: its address, and the digest that it expects."""
    folder = tmp_path_factory.mktemp("desk")
    told = settings(quick, quick.load_test.time_scale)
    (folder / "desk.json").write_text(json.dumps(told), encoding="utf-8")
    os.environ[TOKEN] = secrets.token_hex(8)
    child = launch.start_desk(command(folder / "desk.json", allow_faults=True), log=folder / "desk.log")
    yield child.told, told["digest"]
    child.stop()
    del os.environ[TOKEN]
