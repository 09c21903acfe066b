"""What a drill refuses before it starts: in words, with the right exit code, and without a trace."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from crestline.errors import CrestlineError, GuardStop, TargetError
from crestline.live.lock import only_drill
from crestline.live.transport import HIDDEN, Transport
from crestline.verbs.target import Target, _refusal

if TYPE_CHECKING:
    from tests.verbs.conftest import Run

HOSTS = [
    "http://localhost.example", "http://192.0.2.1", "http://127.0.0.1@192.0.2.1", "http://127.0.0.1.example:8000",
    "https://service.example/127.0.0.1", "127.0.0.1:8000", "ftp://127.0.0.1", "http://127.0.0.1:99999", "http://[::1",
]  # fmt: skip
ONE_BY_ONE = """
import contextlib, io, json, sys
from crestline.__main__ import main

for words in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = main(words)
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
"""
NO_FAULTS = ("--set", "faults=[]")
WATCH = """
import sys

def note(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        with open("asked.txt", "a") as file:
            file.write(f"{event} {args[-1] if event == 'socket.connect' else args[0]}\\n")

sys.addaudithook(note)
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which every connection and every name that is looked up is noted, whoever does it."""
    watcher = tmp_path / "watcher"
    watcher.mkdir()
    (watcher / "sitecustomize.py").write_text(WATCH)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(watcher), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("CRESTLINE_DESK_TOKEN", "any")
    return tmp_path / "asked.txt"


class Refused(NamedTuple):
    """A drill that was not begun."""

    code: int
    out: str
    err: str


def drills(folder: Path, *several: Sequence[str]) -> list[Refused]:
    """What becomes of these drills, one after the other in one child process: to start one takes most of the time."""
    child = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE], cwd=folder, text=True, capture_output=True, check=True,
        input=json.dumps([["drill", *words] for words in several]),
    )  # fmt: skip
    assert not (folder / "reports").exists()
    return [Refused(*json.loads(line)) for line in child.stdout.splitlines()]


def test_a_host_that_may_not_be_loaded_never_hears_of_it(tmp_path: Path, asked: Path) -> None:
    told = drills(tmp_path, *(("quick", "--host", host) for host in HOSTS))
    assert not asked.exists()
    for host, done in zip(HOSTS, told, strict=True):
        assert done.code == 4, host
        assert done.err.startswith("--host ")
        assert "allowed_hosts" in done.err or "expected an address" in done.err
        assert done.err.count("\n") == 1


def test_a_target_that_is_not_there_is_told_before_anything_is_played(run: Run, asked: Path) -> None:
    done = run("drill", "quick", *NO_FAULTS, "--host", "http://127.0.0.1:9")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("--host http://127.0.0.1:9: GET /health: no answer")
    assert asked.read_text().splitlines()[-1] == "socket.connect ('127.0.0.1', 9)"
    assert not (done.folder / "reports").exists()


@pytest.fixture
def stranger() -> Iterator[str]:
    """Something else that listens on this machine, and answers everything with a page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = b'{"welcome": "to the shop"}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: Any, **__: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


HEADERS = "load_test.headers={Authorization: 'Bearer ${STAGING_TOKEN}'}"


MUST_NOT = {
    ("--set", "load_test.max_rate=20/s"): "load_test.max_rate: the plan peaks at",
    ("--set", HEADERS): "load_test.headers.Authorization: the environment variable STAGING_TOKEN is not set",
    ("--set", HEADERS, "--host", "http://127.0.0.1:9"): "the environment variable STAGING_TOKEN is not set",
    ("--host", "http://ann:hunter2@127.0.0.1:9"): "expected an address without user and password",
    ("--host", "http://192.0.2.1", "--set", "load_test.allowed_hosts=[192.0.2.1]"): "nobody to ask; add --yes",
}


def test_what_must_not_be_is_refused_and_nothing_sent(tmp_path: Path, asked: Path) -> None:
    told = drills(tmp_path, *(("quick", *NO_FAULTS, *words) for words in MUST_NOT))
    assert not asked.exists()
    for done, said in zip(told, MUST_NOT.values(), strict=True):
        assert said in done.err
        assert (done.code, done.out) == (4, "")
        assert done.err.count("\n") == 1
        assert "hunter2" not in done.err


def test_a_dry_run_says_what_would_be_and_sends_nothing(run: Run, asked: Path) -> None:
    """Arrivals of every minute add up to all of them; agents, faults and target are named."""
    done = run("drill", "quick", "--dry-run", "--host", "http://127.0.0.1:9", "--deadline", "20min")
    assert (done.code, done.err) == (0, "")
    assert not asked.exists()
    assert not (done.folder / "reports").exists()
    head, _, table = done.out.partition("\n\n")
    assert head.startswith("quick, seed 20261122: a dry run, nothing is sent")
    for words in ("10:00 to 10:12", "triage-outage at 10:04", "http://127.0.0.1:9 (this machine)", "deadline: 20 min"):
        assert words in head
    rows = [line.split() for line in table.splitlines()]
    assert rows[0] == ["from", "customers", "a", "minute", "busiest", "one", "general", "specialist"]
    assert [row[0] for row in rows[1:]] == [f"10:{minute:02}" for minute in range(12)]
    assert rows[1][-2:] == ["34", "21"]
    planned = sum(int(row[1]) for row in rows[1:])
    assert 600 < planned < 1000
    bare = run("drill", "quick", "--dry-run", "--no-agents", "--notify", "alertmanager://u:hunter2@127.0.0.1:9")
    assert "general" not in bare.out
    assert "alerts    nothing is sent to alertmanager (--notify 1): without agents none is raised\n" in bare.out
    assert "hunter2" not in bare.out
    assert "X-Load-Test: RUN on every request, customers named rehearsal-N\n" in bare.out
    assert "a reference desk started for it" in bare.out
    unset = run("drill", "quick", "--dry-run", "--set", HEADERS)
    assert (unset.code, unset.out) == (4, "")
    assert "the environment variable STAGING_TOKEN is not set" in unset.err


def test_another_machine_is_asked_about_on_a_terminal(run: Run, tmp_path: Path, asked: Path) -> None:
    """No is the answer to be safe with."""
    master, slave = os.openpty()
    os.write(master, b"\n")
    words = ["drill", "quick", *NO_FAULTS, "--host", "http://192.0.2.1", "--set", "load_test.allowed_hosts=[192.0.2.1]"]
    done = subprocess.run(
        [sys.executable, "-m", "crestline", *words], cwd=tmp_path, stdin=slave, capture_output=True, text=True
    )
    assert done.returncode == 4
    assert "Put load on http://192.0.2.1? [y/N]" in done.stderr
    assert "--host http://192.0.2.1: nothing was sent" in done.stderr
    assert not asked.exists()
    os.close(master)
    os.close(slave)


def test_a_target_that_is_being_drilled_is_left_alone(run: Run, asked: Path) -> None:
    """However its address is spelled."""
    with only_drill("http://127.0.0.1:9"):
        done = run("drill", "quick", *NO_FAULTS, "--host", "http://localhost:9")
    assert (done.code, done.out) == (4, "")
    assert re.fullmatch(
        r"--host http://localhost:9: refused, since process \d+, begun .* UTC, drills it .*\n", done.err
    )
    assert not asked.exists()


def test_something_else_at_that_address_is_told_apart(run: Run, stranger: str) -> None:
    done = run("drill", "quick", *NO_FAULTS, "--host", stranger)
    assert (done.code, done.out) == (4, "")
    assert "answers, but not as crestline.live.adapters.desk:DeskAdapter expects" in done.err
    assert not (done.folder / "reports").exists()


def test_faults_in_a_target_need_its_token(run: Run, asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRESTLINE_DESK_TOKEN")
    done = run("drill", "quick", "--host", "http://127.0.0.1:9")
    assert done.code == 4
    assert "CRESTLINE_DESK_TOKEN" in done.err
    assert not asked.exists()
    assert not (done.folder / "reports").exists()


MISSPELT = """\
name: shop
demand: {rate: 600/h}
contacts:
  all: {share: 100%, handle_time: {exponential: {mean: 1min}}, patience: {exponential: {mean: 2min}}}
agents: {all: {skills: [all], on_duty: 10, availabilty: 90%}}
"""


def test_a_misspelt_key_is_told_with_its_line_and_the_nearest_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(MISSPELT)
    done = run("drill", "shop.yaml")
    assert (done.code, done.out) == (2, "")
    assert re.search(r"^  5:\d+ +agents", done.err, re.MULTILINE)
    assert "agents.all.availabilty: unknown key; did you mean availability?" in done.err
    assert "Traceback" not in done.err
    assert not (done.folder / "reports").exists()


WRONG = {
    ("quick", "--set", "demand.rte=5/h"): "--set 1: demand.rte: unknown key; did you mean rate?",
    ("qick",): "qick: 1 problem",
    ("quick", "--level", "much"): 'got "much", expected a level such as 200%',
    ("quick", "--adapter", "shop:Desk"): "adapter 'shop:Desk': cannot be loaded",
    ("quick", "--deadline", "soon"): 'got "soon", expected',
    ("quick", "--set", "load_test.headers={Cookie: hunter2}"): "headers.Cookie: a secret must not stand in",
    ("quick", "--out", "shop.yaml"): "choose another place with --out DIR",
}


def test_wrong_usage_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(MISSPELT)
    for done, said in zip(drills(tmp_path, *WRONG), WRONG.values(), strict=True):
        assert said in done.err
        assert done.code == 2
        assert "Traceback" not in done.err
        assert "hunter2" not in done.err


@pytest.mark.parametrize("error", [TargetError("login as hunter2"), GuardStop("login as hunter2")])
def test_an_error_in_words_is_told_as_it_is_but_for_its_secrets(error: CrestlineError) -> None:
    """Whatever an adapter puts into it."""
    told = _refusal(error, Target("http://127.0.0.1:9", ""), "own", Transport("", secrets=("hunter2",)), "")
    assert (type(told), str(told)) == (type(error), f"login as {HIDDEN}")
