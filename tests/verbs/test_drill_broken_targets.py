"""Targets and adapters that misbehave in every way: each drill ends with one clear line and the right exit code.

What is wrong before the start is refused with 4. What goes wrong in mid-run spends the error budget (5), or makes the
run untrustworthy (3). All drills are started at once, since most of their time is waiting.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

PATIENCE_S = 120.0
BRIEF = (
    "load_test={from: '10:03', for: 1min, ramp: 0s, error_budget: {of: 20, grace: 0s}}",
    "recovery.sustain=10s", "recovery.give_up=1min", "faults=[]", "objectives=['error_rate < 90%']",
)  # fmt: skip
ADAPTERS = '''
import time

from crestline.live.adapters import Capabilities, Opened, Refused
from crestline.live.adapters.basics import Basics


class Plain(Basics):
    """Tickets of a small service; nobody is ever answered."""

    capabilities = Capabilities(by_run=True)

    def open(self, contact):
        answer = self.http.request("POST", "/tickets", json={"row": contact.row}, name="/tickets")
        if answer.status >= 300:
            raise Refused("POST /tickets", answer.status, answer.body)
        return Opened(str(answer.body["id"]))

    def poll(self, conversation, after, wait):
        time.sleep(wait)
        return ()

    def abandon(self, conversation):
        return True

    def login(self, seat):
        return seat.name

    def claim(self, agent, turn, wait, done=None):
        time.sleep(wait)

    def reply(self, agent, conversation, text): ...

    def resolve(self, agent, conversation): ...


class CustomersRaise(Plain):
    def poll(self, conversation, after, wait):
        return {}["events"]


class AgentsRaise(Plain):
    def claim(self, agent, turn, wait, done=None):
        raise ValueError("two\\nlines")


class NobodyLogsIn(Plain):
    def login(self, seat):
        raise Refused("POST /session", 403, "<html>\\nno</html>")
'''


class Target(BaseHTTPRequestHandler):
    """A server that is ``/well/...``, or ill in the way that the first part of the address says."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        _, way, asked = self.path.split("/", 2)
        if asked.startswith("tickets") or not way.startswith("later-"):
            WAYS[way.removeprefix("later-")](self)
        else:
            self.say(200, "{}")

    def do_POST(self) -> None:
        self.do_GET()

    def say(self, status: int, text: str, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any, **__: Any) -> None: ...


WAYS = {
    "well": lambda target: target.say(201, '{"id": 7}'),
    "error": lambda target: target.say(500, '{"oops": "no disk"}'),
    "redirect": lambda target: target.say(302, "", Location=target.path),
    "page": lambda target: target.say(200, "<html>\n<body>Welcome</body></html>", "text/html; charset=utf-8"),
    "closed": lambda target: target.say(401, "who are\nyou?", "text/plain"),
    "silent": lambda target: target.server.over.wait(PATIENCE_S),
}


class Server(ThreadingHTTPServer):
    """Keeps the silent waiting until it is over."""

    daemon_threads = True
    request_queue_size = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Target)
        self.over = threading.Event()


class Case(NamedTuple):
    """One way to misbehave: the adapter, the way of the target, and what comes of it."""

    adapter: str
    way: str
    code: int
    said: str


DESK = "crestline.live.adapters.desk:DeskAdapter"
REFUSED = 4
SPENT = "stopped by a guard: error budget: 20 of the latest 20 contacts failed, mostly: "
EARLY = {
    "500": Case(DESK, "error", 4, "GET /health: the target answered 500 ({'oops': 'no disk'})"),
    "redirect loop": Case(DESK, "redirect", 4, "answered 302 (None); redirects are not followed"),
    "HTML": Case(DESK, "page", 4, "answers, but not as crestline.live.adapters.desk:DeskAdapter expects"),
    "no credentials": Case(DESK, "closed", 4, "answered 401 (who are you?); does it want credentials?"),
    "silent": Case(DESK, "silent", 4, "GET /health: no answer from"),
}
LATER = {
    "500": Case("ill:Plain", "later-error", 5, SPENT + "POST /tickets: the target answered 500 ({'oops': 'no disk'})"),
    "redirect loop": Case("ill:Plain", "later-redirect", 5, SPENT + "POST /tickets: the target answered 302 (None)"),
    "HTML": Case("ill:Plain", "later-page", 5, SPENT + "open: the adapter raised TypeError"),
    "silent": Case("ill:Plain", "later-silent", 5, SPENT + "open: no answer"),
    "adapter raises": Case("ill:CustomersRaise", "well", 5, SPENT + "poll: the adapter raised KeyError ('events')"),
    "adapter raises for agents": Case("ill:AgentsRaise", "well", 3, "claim: the adapter raised ValueError (two lines)"),
    "no agent gets in": Case(
        "ill:NobodyLogsIn", "well", 4, "agents could not log in: POST /session: the target answered 403"
    ),
}


QUICK = ("adapter raises",)
SLOW = [name for name in LATER if name not in QUICK]


class Ended(NamedTuple):
    """A drill that has ended."""

    code: int
    out: str
    err: str
    folder: Path


def play(cases: Mapping[str, Case], folder: Path) -> dict[str, Ended]:
    """Drill every target at once, and wait for the last."""
    (folder / "ill.py").write_text(ADAPTERS)
    changes = [word for change in BRIEF for word in ("--set", change)]
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        host = f"http://127.0.0.1:{server.server_address[1]}"
        drills = {}
        for number, (name, case) in enumerate(cases.items()):
            words = ["drill", "quick", *changes, "--host", f"{host}/{case.way}", "--adapter", case.adapter]
            (folder / f"locks {number}").mkdir()
            drills[name] = subprocess.Popen(
                [sys.executable, "-m", "crestline", *words, "--out", f"reports {number}"], cwd=folder, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env=os.environ | {"XDG_RUNTIME_DIR": str(folder / f"locks {number}")},
            )  # fmt: skip
        last = time.monotonic() + PATIENCE_S
        try:
            told = {name: drill.communicate(timeout=last - time.monotonic()) for name, drill in drills.items()}
        finally:
            for drill in drills.values():
                drill.kill()
            server.over.set()
            server.shutdown()
            thread.join()
    numbers = {name: number for number, name in enumerate(drills)}
    return {name: Ended(drills[name].returncode, *told[name], folder / f"reports {numbers[name]}") for name in drills}


def check(case: Case, ended: Ended) -> None:
    """The cause is on one line, the exit code is right, and nobody has to read a traceback."""
    assert (ended.code, "Traceback" in ended.err + ended.out) == (case.code, False), ended.err
    lines = [line for line in (ended.err + ended.out).splitlines() if case.said in line]
    assert lines, ended.err
    for log in ended.folder.glob("2*/locust.log"):
        assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    return play(EARLY, tmp_path_factory.mktemp("early"))


@pytest.mark.parametrize("name", EARLY)
def test_a_target_that_is_ill_is_refused_before_anything_is_started(early: dict[str, Ended], name: str) -> None:
    check(EARLY[name], early[name])
    assert early[name].out == ""
    assert early[name].err.count("\n") == 1
    assert not early[name].folder.exists()


@pytest.fixture(scope="module")
def raising(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    return play({name: LATER[name] for name in QUICK}, tmp_path_factory.mktemp("raising"))


@pytest.mark.parametrize("name", QUICK)
def test_an_adapter_that_raises_ends_the_drill_in_words(raising: dict[str, Ended], name: str) -> None:
    check(LATER[name], raising[name])


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    return play({name: LATER[name] for name in SLOW}, tmp_path_factory.mktemp("later"))


@pytest.mark.long
@pytest.mark.parametrize("name", SLOW)
def test_a_target_that_falls_ill_ends_the_drill_with_its_cause(later: dict[str, Ended], name: str) -> None:
    check(LATER[name], later[name])
    has_begun = LATER[name].code != REFUSED
    assert bool(list(later[name].folder.glob("2*/report/index.html"))) == has_begun
