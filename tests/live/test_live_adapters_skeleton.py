"""The adapter that ``adapter new`` writes, at the desk that it tells of: made here in sixty lines."""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crestline.live.adapters.check import check
from crestline.live.adapters.race import Crew, race
from crestline.live.adapters.skeleton import Skeleton
from crestline.live.wire import Wire


class Desk(ThreadingHTTPServer):
    """Tickets in a dictionary; one request at a time, so that a claim is one stroke."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.tickets: dict[str, dict[str, Any]] = {}
        self.numbers, self.one_at_a_time = itertools.count(1), threading.Lock()
        self.sessions: dict[str, dict[str, Any]] = {}

    def answer(self, verb: str, path: str, body: dict[str, Any]) -> Any:
        """What comes of a request; None where it is refused, since it is too late."""
        words = [word for word in re.split(r"[/?]", path) if word]
        if words in (["tickets"], ["sessions"]):
            made = {"id": str(next(self.numbers)), "events": [{"what": "new"}, {"what": "mailed"}], **body}
            (self.tickets if words == ["tickets"] else self.sessions)[made["id"]] = made
            return made
        if verb == "DELETE":
            self.sessions.pop(words[1], None)
            self.tickets = {n: t for n, t in self.tickets.items() if words[1] != f"run={t['run']}"}
        elif words and words[0] == "sessions":
            return {"ticket": self.give(body["run"])}
        return self.write(*words[1:]) if words and words[0] == "tickets" and verb != "DELETE" else {}

    def give(self, run: str) -> dict[str, Any] | None:
        """The ticket of a run that has waited longest."""
        waiting = [t for t in self.tickets.values() if t["run"] == run and t["events"][-1]["what"] == "mailed"]
        for found in waiting[:1]:
            found["events"].append({"what": "assigned"})
        return next(iter(waiting), None)

    def write(self, number: str, what: str) -> dict[str, Any] | None:
        """Something happens to a ticket, and what had until now."""
        events = self.tickets[number]["events"]
        if what == "cancel" and events[-1]["what"] != "mailed":
            return None
        told = {"answers": "answer", "close": "closed", "cancel": "cancelled", "rating": "rated"}.get(what)
        events += [{"what": told}] if told else []
        return {"events": events}


class Door(BaseHTTPRequestHandler):
    """One connection."""

    server: Desk
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        with self.server.one_at_a_time:
            told = self.server.answer(self.command, self.path, body)
        text = json.dumps(told).encode()
        self.send_response(409 if told is None else 200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_DELETE = do_GET  # noqa: N815 - the standard library's names

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


# It works as it is written: every verb of it does what it should, and what it made is forgotten.
def test_the_skeleton_stands(desk: Desk) -> None:
    with ExitStack() as closes:
        url = f"http://127.0.0.1:{desk.server_port}"
        people = [Skeleton(closes.enter_context(closing(Wire(url)))) for _ in range(3)]
        steps = list(check(people[0], people[1], run="run", contact="order", group="all"))
        assert [(step.verb, step.told) for step in steps if not step.ok] == []
        assert [step.verb for step in steps if not step.there] == ["send", "export"]
        assert desk.tickets == {}
        seen = race(people[0], (people[1], people[2]), Crew("race", "all", "order"), pairs=5)
    assert (seen.pairs, seen.doubled, seen.nobody) == (5, 0, 0)
    assert desk.sessions == desk.tickets == {}
