"""Hooks as they are written in loadtests/FAULTS.md: read from the page, and played against a target that is ours."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, cast

import pytest
from ruamel.yaml import YAML

from crestline.live.clock import Clock
from crestline.live.faults import chaos, command, hooks, http
from crestline.live.faults.here import Here, obstacle
from crestline.live.ledger import FAULTS, Ledger
from crestline.live.scene import Scene
from crestline.scenario import Scenario, load
from crestline.tables import Fault

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "loadtests" / "FAULTS.md").read_text(encoding="utf-8")
EXAMPLES = [YAML(typ="safe").load(text)["faults"] for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
SERVER = """
from http.server import HTTPServer, SimpleHTTPRequestHandler
server = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
print(server.server_port, flush=True)
server.serve_forever()
"""
SCALE = 60.0


@pytest.fixture
def port(tmp_path: Path) -> Iterator[str]:
    """Where somebody listens who may be broken."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=tmp_path
    ) as target:
        yield cast("Any", target.stdout).readline().strip()
        target.kill()


def answers(port: str) -> bool:
    line = HTTPConnection("127.0.0.1", int(port), timeout=0.3)
    try:
        line.request("GET", "/")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def with_fault(fault: dict[str, Any]) -> Scenario:
    allowed = "load_test.allowed_hosts=[staging.example]"
    return load("quick", [f"faults={json.dumps([fault])}", "objectives=[]", allowed])


def scene(folder: Path, fault: dict[str, Any]) -> Scene:
    """As much of a live run as a hook needs, which begins now."""
    scenario = with_fault(fault)
    clock = Clock(scenario.instant(scenario.faults[0].at), SCALE)
    nobody = cast("Any", None)
    return Scene(
        host="", scenario=scenario, timeline=nobody, plan=nobody, rows=nobody, clock=clock, floor=nobody,
        ledger=Ledger(folder), dial=nobody, watch=nobody, note=nobody, stop=0.0,
    )  # fmt: skip


def play(folder: Path, inject: Callable[[Scene, int, Fault], None], fault: dict[str, Any]) -> list[dict[str, Any]]:
    """What the run folder says of a fault that begins at once."""
    run = scene(folder, fault)
    start, lasts = run.clock.start_s, run.scenario.faults[0].for_
    inject(run, 0, Fault(fault["kind"], start, start + lasts, start + lasts))
    run.ledger.close()
    return [json.loads(line) for line in (folder / FAULTS).read_text().splitlines()]


def test_every_example_of_the_page_is_a_fault() -> None:
    """The words on the page are the words of the scenario."""
    assert len(EXAMPLES) == 4
    for fault in (fault for example in EXAMPLES for fault in example):
        moved = {**fault, "at": "10:05", "for": "30s"}
        assert with_fault(moved).faults[0].kind == fault["kind"]


def test_the_example_breaks_shows_and_mends(tmp_path: Path, port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command of the page, with the port of a target that is there, by both ways to call it."""
    monkeypatch.chdir(ROOT)
    written = json.dumps(EXAMPLES[1][0]).replace('"8000"', f'"{port}"').replace('"python"', json.dumps(sys.executable))
    fault = json.loads(written)
    assert obstacle(with_fault(fault), 0, Here("", cast("Any", None), "")) == ""
    first, last = play(tmp_path, command.inject, fault)
    assert {"effective", "verified"} <= first.keys()
    assert first["verified"] == f"verify: {sys.executable} ended with code 0"
    assert last.keys() - first.keys() == {"healed", "undone"}
    assert last["effective"] < last["healed"]
    assert answers(port)


@pytest.mark.long
def test_the_same_functions_serve_the_chaos_toolkit(tmp_path: Path, port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An action, a rollback and a probe, called as the toolkit calls them."""
    pytest.importorskip("chaoslib")
    monkeypatch.chdir(ROOT)
    activity = {"module": "loadtests.faults.pause", "arguments": {"port": int(port)}}
    functions = {"inject": "stop", "undo": "go", "verify": "is_stopped"}
    parts = {name: activity | {"func": function} for name, function in functions.items()}
    fault = {"kind": "chaos", "at": "10:05", "for": "30s", **parts}
    first, last = play(tmp_path, chaos.inject, fault)
    assert first["verified"] == "verify: loadtests.faults.pause.is_stopped returned True"
    assert "is_stopped returned False" in last["undone"]
    assert answers(port)


@pytest.mark.long
def test_a_fault_that_does_not_show_does_not_count(tmp_path: Path, port: str) -> None:
    """It is undone all the same, and the line says what was looked for."""
    there = {"method": "GET", "url": f"http://127.0.0.1:{port}/"}
    parts = {"inject": there, "undo": there, "verify": there | {"status": 503}}
    fault = {"kind": "http", "at": "10:05", "for": "30s", **parts}
    (line,) = play(tmp_path, http.inject, fault)
    assert "effective" not in line
    assert line["error"].startswith("not seen to take effect: GET / was answered 200")
    assert line["undone"] == "GET / was answered 200"


def test_an_inject_that_fails_is_undone_at_once(tmp_path: Path) -> None:
    """What it did before it failed does not last until the end of the fault."""
    broken = tmp_path / "broken"
    half = [sys.executable, "-c", f"open({str(broken)!r}, 'w'); raise SystemExit('half done')"]
    fault = {"kind": "command", "at": "10:05", "for": "30min", "inject": half, "undo": ["rm", str(broken)]}
    (line,) = play(tmp_path, command.inject, fault)
    assert line["error"].endswith("ended with code 1: half done")
    assert not broken.exists()


@pytest.mark.long
def test_an_undo_that_fails_is_told(tmp_path: Path) -> None:
    """The fault has not healed: nobody may believe that it has."""
    fault = {"kind": "command", "at": "10:05", "for": "6s", "inject": ["true"], "undo": ["false"]}
    first, last = play(tmp_path, command.inject, fault)
    assert first["verified"] == "inject: true ended with code 0"
    assert last["error"] == "not undone: false ended with code 1"
    assert "healed" not in last


def test_another_guardian_undoes_for_one_that_died(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else knows of the fault: it must not last because whoever brought it about is gone."""
    broken, pid = tmp_path / "broken", tmp_path / "pid"
    kill = f"import os; open({str(broken)!r}, 'w').close(); open({str(pid)!r}, 'w').write(str(os.getppid()))"
    parts = {"inject": [sys.executable, "-c", kill], "undo": ["rm", str(broken)]}
    fault = {"kind": "command", "at": "10:05", "for": "30s", **parts}
    undo = hooks._undo

    def after_its_death(*args: Any) -> None:
        assert broken.exists()
        os.kill(int(pid.read_text()), signal.SIGKILL)
        undo(*args)

    monkeypatch.setattr(hooks, "_undo", after_its_death)
    first, last = play(tmp_path, command.inject, fault)
    assert "effective" in first
    told, done = last["error"].split("; ")
    assert told == "command: its guardian does not answer (exit code -9)"
    assert done == "undone by another: rm ended with code 0"
    assert "healed" not in last
    assert not broken.exists()


def killed(guardian: Any) -> None:
    """The process of a guardian, dead and gone."""
    guardian._process.kill()
    guardian._process.wait()


def test_a_guardian_that_died_before_it_was_told_to_begin_leaves_nothing_to_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An undo of what nobody did might break what is whole: restart a service, turn back a release."""
    parts = {"inject": ["true"], "undo": ["touch", str(tmp_path / "undone")]}
    fault = {"kind": "command", "at": "10:05", "for": "30s", **parts}
    strike = hooks._strike

    def after_its_death(run: Scene, guardian: Any, *args: Any) -> None:
        killed(guardian)
        strike(run, guardian, *args)

    monkeypatch.setattr(hooks, "_strike", after_its_death)
    (line,) = play(tmp_path, command.inject, fault)
    assert line["error"] == "command: its guardian does not answer (exit code -9); nothing is left of it to be undone"
    assert "effective" not in line
    assert not (tmp_path / "undone").exists()


def test_a_guardian_that_died_while_it_injected_has_another_undo(tmp_path: Path) -> None:
    """Told to begin, it may have done it all, or half of it; no answer does not mean that nothing was done."""
    broken = tmp_path / "broken"
    half = f"import os; open({str(broken)!r}, 'w').close(); os.kill(os.getppid(), 9)"
    parts = {"inject": [sys.executable, "-c", half], "undo": ["rm", str(broken)]}
    (line,) = play(tmp_path, command.inject, {"kind": "command", "at": "10:05", "for": "30s", **parts})
    assert line["error"].endswith("(exit code -9); undone by another: rm ended with code 0")
    assert not broken.exists()


def test_what_was_undone_is_not_undone_again(tmp_path: Path) -> None:
    """A guardian that dies after its undo, while it looks whether that shows, has done its work."""
    broken, undone = tmp_path / "broken", tmp_path / "undone"
    undo = ["sh", "-c", f"rm {broken}; echo once >> {undone}"]
    look = ["sh", "-c", f"test -e {broken} || kill -9 $PPID"]
    parts = {"inject": ["touch", str(broken)], "undo": undo, "verify": look}
    _, last = play(tmp_path, command.inject, {"kind": "command", "at": "10:05", "for": "6s", **parts})
    assert last["error"].endswith("(exit code -9); nothing is left of it to be undone")
    assert "healed" not in last
    assert undone.read_text() == "once\n"


@pytest.mark.long
def test_a_fault_that_still_shows_after_its_undo_has_not_healed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tool says that it is undone, and the target is still broken: what is seen counts."""
    monkeypatch.setattr(hooks, "SPARE", 2.0)
    broken = tmp_path / "broken"
    parts = {"inject": ["touch", str(broken)], "undo": ["true"], "verify": ["test", "-e", str(broken)]}
    fault = {"kind": "command", "at": "10:05", "for": "12s", **parts}
    first, last = play(tmp_path, command.inject, fault)
    assert first["verified"] == "verify: test ended with code 0"
    assert last["error"] == "still there after undo: test ended with code 0"
    assert "healed" not in last


@pytest.mark.long
def test_a_look_that_hangs_does_not_put_off_the_undo(tmp_path: Path) -> None:
    """A target that is frozen answers no look; the fault ends when it has to."""
    parts = {"inject": ["true"], "undo": ["true"], "verify": ["sleep", "60"]}
    fault = {"kind": "command", "at": "10:05", "for": "30s", **parts}
    (line,) = play(tmp_path, command.inject, fault)
    assert line["error"] == "not seen to take effect: sleep had not ended after 0.5 s"
    assert line["undone"] == "true ended with code 0"
