"""A desk to play with: in memory with a clock that is set by hand, or as the real processes."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from crestline.desk.conversation import Conversation
from crestline.desk.floor import Session
from crestline.desk.log import Log
from crestline.desk.pool import Pool
from crestline.desk.service import Desk, Opening
from crestline.desk.settings import Settings
from crestline.desk.triage import Triage
from crestline.desk.wire import Peer

TOKEN = "let-me-break-it"
PATIENCE_S = 10.0  # how long a test waits for what must come

TRIAGE: dict[str, Any] = {
    "workers": 2,
    "at_most": 4,
    "slots": 2,
    "scale_out_at": 0.75,
    "step": 1,
    "start_up": 0.2,
    "scale_in_after": 3600.0,
    "when_down": "queue",
    "tick": 3600.0,
    "notice": 0.1,
}
SETTINGS: dict[str, Any] = {
    "digest": "d1",
    "time_scale": 60.0,
    "skills": ["order", "refund"],
    "queue_limits": {"order": None, "refund": None},
    "groups": [{"name": "general", "skills": ["order", "refund"]}, {"name": "special", "skills": ["refund"]}],
    "lease": 0.5,
    "triage": TRIAGE,
}


class FakePeer(Peer):
    """A triage worker of a test: keeps what it is told."""

    def __init__(self) -> None:
        super().__init__(lambda *_: None, lambda _: None)
        self.told: list[dict[str, Any]] = []

    def send(self, **message: Any) -> None:
        self.told.append(message)


@dataclass
class Played:
    """A desk in memory; ``now`` is its clock, ``commands`` what it asked its supervisor for."""

    path: Path
    settings: Settings
    now: float = 100.0
    commands: list[dict[str, Any]] = field(default_factory=list)
    logs: list[Log] = field(default_factory=list)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = self.reopened()

    def reopened(self) -> Desk:
        """A desk on the same log, as after the web worker was replaced."""
        self.logs.append(Log(self.path, 0.0))
        return Desk(self.settings, self.logs[-1], lambda **c: self.commands.append(c), self.now, clock=lambda: self.now)

    @property
    def triage(self) -> Triage:
        assert self.desk.triage is not None
        return self.desk.triage

    @property
    def pool(self) -> Pool:
        assert self.desk.pool is not None
        return self.desk.pool

    def contact(self, row: int, skill: str = "order", **more: Any) -> Conversation:
        script = {"bot": False} | more.pop("script", {})
        usual = Opening(f"k{row}", "r", row, row, skill, vip=False, text="", script=script)
        made, _ = self.desk.open(replace(usual, **more))
        self.desk.commit()
        return made

    def agent(self, name: str, group: str = "general", run: str = "r") -> Session:
        session = self.desk.login(name, run, group, None)
        self.desk.commit()
        return session

    @staticmethod
    def kinds(conversation: Conversation) -> list[str]:
        return [event.kind for event in conversation.events]

    def up(self, number: int, *, open_already: bool = False, held: Sequence[int] = ()) -> FakePeer:
        """The process of a worker says hello, and that its door is open."""
        peer = FakePeer()
        self.pool.heard(peer, {"hello": number, "open": open_already, "held": list(held)})
        if not open_already:
            self.pool.heard(peer, {"ready": number})
        return peer


Play = Callable[..., Played]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """A desk in memory with these settings; must be made inside a running loop."""

    made: list[Played] = []

    def make(**settings: Any) -> Played:
        made.append(Played(tmp_path / "desk.db", Settings.model_validate(SETTINGS | settings)))
        return made[-1]

    yield make
    for played in made:
        for log in played.logs:
            log.close()


# --- the real processes ---------------------------------------------------------------------------------------------


@dataclass
class Running:
    """A desk of real processes, on a free port; its parent's pipe is its standard input."""

    process: subprocess.Popen[str]
    port: int

    def ask(self, method: str, path: str, body: Any = None, token: str | None = TOKEN) -> tuple[int, Any]:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        lines = [json.loads(line) for line in text.splitlines()] if text[:1] == "{" else [text]
        return answer.status, lines if path.startswith("/v1/export") else lines[0]

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        status, told = self.ask(method, path, body)
        assert status < 300, told
        return told

    def open(self, key: str, contact: str = "order", run: str = "r", **meta: Any) -> Any:
        body = {"key": key, "run": run, "row": 1, "customer": 1, "contact": contact, "vip": False, "text": "hello"}
        return self.ok("POST", "/conversations", body | {"meta": meta})

    def until(self, conversation: int, kind: str) -> list[str]:
        """Follow a conversation until something of this kind has happened; all kinds so far."""
        last = time.monotonic() + PATIENCE_S
        seen: list[str] = []
        while kind not in seen:
            assert time.monotonic() < last, seen
            told = self.ok("GET", f"/conversations/{conversation}/events?after={len(seen)}&wait=2")
            seen += [event["kind"] for event in told["events"]]
        return seen

    def children(self, words: str) -> list[psutil.Process]:
        """Its processes whose command line has these words."""
        found = psutil.Process(self.process.pid).children()
        return [child for child in found if words in " ".join(child.cmdline())]

    @staticmethod
    def eventually(true: Callable[[], object]) -> None:
        """Wait until something is so."""
        last = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < last, "it has never become so"
            time.sleep(0.01)


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start desks with these settings; they end with the test."""
    started: list[Running] = []

    def make(*flags: str, **settings: Any) -> Running:
        path = tmp_path / f"settings-{len(started)}.json"
        path.write_text(json.dumps(SETTINGS | settings))
        process = subprocess.Popen(
            [sys.executable, "-m", "crestline.desk", str(path), "--parent-pipe", "0", *flags],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"CRESTLINE_DESK_TOKEN": TOKEN},
        )  # fmt: skip
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("desk ready at http://127.0.0.1:"), line
        started.append(Running(process, int(line.rsplit(":", 1)[1])))
        return started[-1]

    yield make
    for running in started:
        for pipe in (running.process.stdin, running.process.stdout):
            if pipe is not None:
                pipe.close()
        running.process.wait(PATIENCE_S)
