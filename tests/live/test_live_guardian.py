"""Hooks of somebody else's tools: done, seen, and undone whatever becomes of the run."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from crestline.live.faults.deeds import Failed, perform, unknown_variables
from crestline.live.faults.guardian import Guardian
from crestline.live.outpost import Outpost

SECRET = "s3cret-of-the-test"


def touch(path: Path) -> dict[str, Any]:
    return {"kind": "command", "argv": ["touch", str(path)]}


def remove(path: Path) -> dict[str, Any]:
    return {"kind": "command", "argv": ["rm", str(path)]}


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The file that stands for a fault: while it is there, something is broken."""
    return tmp_path / "broken"


@pytest.fixture
def guardian(tmp_path: Path) -> Iterator[Outpost]:
    """The process."""
    made = Outpost("crestline.live.faults.guardian", [str(tmp_path)], "the guardian")
    yield made
    made.kill()


def injection(broken: Path, ttl: float = 60.0) -> dict[str, Any]:
    return {"do": "inject", "deed": touch(broken), "undo": remove(broken), "ttl": ttl, "within": 5.0}


def wait_for(what: str, path: Path) -> None:
    last = time.monotonic() + 10.0
    while path.exists() is not (what == "there") and time.monotonic() < last:
        time.sleep(0.01)
    assert path.exists() is (what == "there")


def test_it_does_shows_and_undoes(broken: Path, tmp_path: Path) -> None:
    """Every order is answered with what came of it and when."""
    guardian = Guardian(tmp_path)
    look = {"do": "verify", "deed": {"kind": "command", "argv": ["test", "-e", str(broken)]}, "within": 5.0}
    undo = {"do": "undo", "within": 5.0}
    orders = (look, injection(broken), look, undo, look, undo)
    told = [guardian.obey(order) for order in orders]
    assert [(each["ok"], each["told"]) for each in told] == [
        (False, "test ended with code 1"),
        (True, "touch ended with code 0"),
        (True, "test ended with code 0"),
        (True, "rm ended with code 0"),
        (False, "test ended with code 1"),
        (True, "it was undone before"),
    ]


def test_it_undoes_when_the_run_is_gone(guardian: Outpost, broken: Path, tmp_path: Path) -> None:
    """The end of its input is the end of the run, however that came about."""
    guardian.order(injection(broken), 10.0)
    guardian.end(10.0)
    assert not broken.exists()
    assert "undone, since the run was gone: rm ended with code 0" in (tmp_path / "guardian.log").read_text()


@pytest.mark.long
def test_it_undoes_when_the_time_to_live_is_over(guardian: Outpost, broken: Path, tmp_path: Path) -> None:
    """A run that hangs leaves no fault behind either."""
    guardian.order(injection(broken, ttl=0.1), 10.0)
    wait_for("gone", broken)
    wait_for("there", tmp_path / "guardian.log")


@pytest.mark.long
def test_it_undoes_when_it_is_asked_to_end(guardian: Outpost, broken: Path) -> None:
    """Whoever ends processes by hand ends the fault, too."""
    guardian.order(injection(broken), 10.0)
    os.kill(guardian._process.pid, signal.SIGTERM)
    wait_for("gone", broken)


def test_what_was_half_done_is_undone(broken: Path, tmp_path: Path) -> None:
    """A command that fails may have done something before."""
    half = {"kind": "command", "argv": [sys.executable, "-c", f"open({str(broken)!r}, 'w'); raise SystemExit(3)"]}
    guardian = Guardian(tmp_path)
    assert not guardian.obey(injection(broken) | {"deed": half})["ok"]
    assert broken.exists()
    guardian.clean_up("the run was gone")
    assert not broken.exists()


def test_an_undo_that_fails_is_tried_again_and_written_down(
    broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is left to be told but the folder."""
    monkeypatch.setattr("crestline.live.faults.guardian.PAUSE", 0.0)
    guardian = Guardian(tmp_path)
    guardian.obey(injection(broken))
    broken.unlink()
    guardian.clean_up("the run was gone")
    lines = (tmp_path / "guardian.log").read_text().splitlines()
    tries = [line.partition(" ")[2].partition(",")[0] for line in lines]
    assert tries == [f"NOT undone (try {n} of 3)" for n in (1, 2, 3)]


def test_a_command_has_no_shell(tmp_path: Path) -> None:
    """What looks like one is an argument."""
    told = perform({"kind": "command", "argv": ["echo", "a; touch b && $(c)"]}, 5.0)
    assert told == "echo ended with code 0: a; touch b && $(c)"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["no-such-command"], "no-such-command cannot be run"),
        (["sleep", "5"], "sleep had not ended after 0.2 s"),
        ([sys.executable, "-c", "raise SystemExit('disk is full')"], "ended with code 1: disk is full"),
    ],
)
def test_a_command_that_fails_says_why(argv: list[str], words: str) -> None:
    """Not there, too slow, or an exit code with its last words."""
    with pytest.raises(Failed, match=words):
        perform({"kind": "command", "argv": argv}, 0.2 if argv[0] == "sleep" else 5.0)


class Switch(BaseHTTPRequestHandler):
    """Answers 204 to whoever knows the word, 403 with what it was told to others."""

    def do_POST(self) -> None:
        told = self.headers["Authorization"] or ""
        self.send_response(204 if told == f"Bearer {SECRET}" else 403)
        body = b"" if told == f"Bearer {SECRET}" else f"not {told}".encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def switch() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Switch)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/break?what=bot"
    server.shutdown()
    server.server_close()


def test_a_request_has_its_secret_from_the_environment(switch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands in the scenario by its name, and in nothing that is told of the request."""
    deed = {"kind": "http", "method": "POST", "url": switch, "headers": {"Authorization": "Bearer ${SWITCH_WORD}"}}
    assert unknown_variables(deed) == ["SWITCH_WORD"]
    with pytest.raises(Failed, match="the environment variable SWITCH_WORD is not set"):
        perform(deed, 5.0)
    monkeypatch.setenv("SWITCH_WORD", SECRET)
    assert perform(deed, 5.0) == "POST /break was answered 204"
    monkeypatch.setenv("SWITCH_WORD", "another")
    with pytest.raises(Failed, match=r"was answered 403 \(not Bearer \*\*\*\)"):
        perform(deed, 5.0)
    assert perform(deed | {"status": 403}, 5.0) == "POST /break was answered 403"


def test_an_activity_of_the_chaos_toolkit_is_called(tmp_path: Path) -> None:
    """Any function of a module: its arguments by name, its result told, its error in words."""
    pytest.importorskip("chaoslib")
    with pytest.raises(Failed, match=r"shutil\.copy: ActivityFailed: TypeError"):
        perform({"kind": "chaos", "module": "shutil", "func": "copy", "arguments": {"from": "a"}}, 5.0)
    written = {"kind": "chaos", "module": "shutil", "func": "copy"}
    (tmp_path / "a").write_text("a")
    told = perform(written | {"arguments": {"src": str(tmp_path / "a"), "dst": str(tmp_path / "b")}}, 5.0)
    assert told.startswith("shutil.copy returned ")
    assert (tmp_path / "b").read_text() == "a"
    with pytest.raises(Failed, match="No module named 'no_such_module'"):
        perform({"kind": "chaos", "module": "no_such_module", "func": "f"}, 5.0)
    probe = {"kind": "chaos", "module": "os.path", "func": "exists", "arguments": {"path": str(tmp_path / "c")}}
    with pytest.raises(Failed, match=r"os\.path\.exists returned False"):
        perform(probe, 5.0)
