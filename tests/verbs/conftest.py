"""Drills as a user starts them: child processes of ``python -m crestline`` in a folder of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

PATIENCE_S = 60.0
TOKEN = "between us"
BRIEF = (
    "load_test.from=10:03", "load_test.for=2min", "load_test.ramp=30s", "objectives=['error_rate < 90%']",
    "recovery.sustain=10s", "recovery.give_up=1min", "faults=[]",
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """A command that has ended, and the run that it has left."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def runs(self) -> list[Path]:
        """Every run folder, the oldest first."""
        return sorted(path for path in (self.folder / "reports").glob("2*") if path.is_dir())

    @property
    def latest(self) -> Path:
        """The folder of the last run."""
        return self.folder / "reports" / "latest"

    @property
    def run(self) -> dict[str, Any]:
        """What the last run says of itself; a number that JSON does not know is an error."""

        def refuse(word: str) -> None:
            raise ValueError(word)

        told: dict[str, Any] = json.loads((self.latest / "run.json").read_text("utf-8"), parse_constant=refuse)
        return told


@dataclass
class Started:
    """A command that is under way, with everything that it has started."""

    process: subprocess.Popen[str]
    folder: Path
    seen: dict[int, psutil.Process] = field(default_factory=dict)

    def look(self) -> list[psutil.Process]:
        """Its processes, and theirs; all that were ever seen."""
        try:
            me = psutil.Process(self.process.pid)
            self.seen |= {p.pid: p for p in (me, *me.children(recursive=True))}
        except psutil.NoSuchProcess:
            pass
        return list(self.seen.values())

    def commands(self) -> dict[str, psutil.Process]:
        """Its processes that run, by their command lines."""
        found = {}
        for process in self.look():
            with suppress(psutil.NoSuchProcess):
                found[" ".join(process.cmdline())] = process
        return found

    def child(self, words: str) -> psutil.Process:
        """The one of its processes whose command line has these words."""
        (found,) = [process for command, process in self.commands().items() if words in command]
        return found

    def until(self, true: Callable[[], object]) -> None:
        """Wait until something is so, while the command goes on."""
        last = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < last, "it has never become so"
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.05)

    def until_said(self, words: str) -> None:
        """Wait until it says this on standard error."""
        assert self.process.stderr is not None
        said = ""
        while words not in (line := self.process.stderr.readline()):
            said += line
            assert line, f"it has ended without saying so:\n{said}"

    def until_ended(self, contacts: int) -> None:
        """Wait until that many contacts of the live run have ended."""
        paths = self.folder / "reports"
        self.until(lambda: any(p.read_text("utf-8").count("\n") >= contacts for p in paths.glob("2*/contacts.jsonl")))

    def end(self) -> Done:
        """Wait for its end."""
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return Done(self.process.returncode, out, err, self.folder)

    def left(self, within_s: float = 10.0) -> list[psutil.Process]:
        """What is still there of everything that was ever seen, after a while at most."""
        last = time.monotonic() + within_s
        while there := [p for p in self.seen.values() if is_there(p)]:
            if time.monotonic() > last:
                break
            time.sleep(0.05)
        return there


def is_there(process: psutil.Process) -> bool:
    """Whether a process runs; one that nobody has reaped yet does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


Start = Callable[..., Started]
Run = Callable[..., Done]


def spawn(folder: Path, *words: str, module: str = "crestline", **env: str) -> Started:
    """Start ``python -m crestline`` with these words in a folder, in a session of its own as a terminal's job is."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words], cwd=folder, env=os.environ | env, text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    return Started(process, folder)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start commands; those that still run at the end of the test are asked to end, and what is left is killed."""
    started: list[Started] = []

    def make(*words: str, **more: str) -> Started:
        started.append(spawn(tmp_path, *words, **more))
        return started[-1]

    yield make
    for each in started:
        each.look()
        if each.process.poll() is None:
            each.process.terminate()
        for process in each.left():
            process.kill()
        each.process.communicate()


@pytest.fixture
def run(start: Start) -> Run:
    """Run a command to its end."""
    return lambda *words, **more: start(*words, **more).end()


@pytest.fixture
def without_numba(tmp_path: Path) -> dict[str, str]:
    """The environment of a command that finds no numba, as where it is not installed."""
    folder = tmp_path / "without numba"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['numba'] = None\n", encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])}


def drill(*changes: str) -> list[str]:
    """A drill of the quick scenario with these changes."""
    return ["drill", "quick", *(word for change in changes for word in ("--set", change))]


@pytest.fixture
def brief() -> Callable[..., list[str]]:
    """The words of a drill of two minutes, two real seconds, in which nothing breaks; with further changes."""
    return lambda *changes: drill(*BRIEF, *changes)


@pytest.fixture
def slow() -> Callable[..., list[str]]:
    """Five minutes in thirty seconds: to be ended in the middle."""
    return lambda *changes: drill(
        *BRIEF, "load_test.for=5min", "load_test.ramp=0s", "load_test.time_scale=10", *changes
    )


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """One whole quick drill that everything about a good run is asked of."""
    return spawn(tmp_path_factory.mktemp("good"), "drill", "quick").end()


@dataclass(frozen=True)
class ByHand:
    """A desk that somebody has started by hand."""

    started: Started
    url: str

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])


@pytest.fixture
def desk(start: Start) -> Callable[..., ByHand]:
    """Start a desk by hand, with its own token."""

    def make(*words: str) -> ByHand:
        started = start("desk", "quick", "--allow-faults", *words, CRESTLINE_DESK_TOKEN=TOKEN)
        assert started.process.stdout is not None
        line = started.process.stdout.readline()
        assert line.startswith("desk ready at http://127.0.0.1:"), line
        return ByHand(started, line.split()[-1])

    return make


@pytest.fixture(scope="session")
def spawned() -> Callable[..., Started]:
    """Starts a command in a folder, for fixtures that several tests share."""
    return spawn
