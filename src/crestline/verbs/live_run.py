"""The live run as a child process: Locust plays the run folder, the parent watches it and shows how far it is."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, NamedTuple

from crestline.errors import GUARD, INCONCLUSIVE, TARGET, USAGE, CrestlineError
from crestline.live.ledger import CONTACTS, LOAD, PROGRESS
from crestline.live.plan import FOLDER, JUDGED, PARENT_PIPE, Plan
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.workload import window

LOOK_S = 0.25
LOOPBACK = "127.0.0.1"
STOP_S = 40.0  # for the child to write down what it knows: above the sum of what its parts may take to close, 38 s
LOG = "locust.log"
ERROR = "/ERROR/"  # how Locust marks a line of its log
SHARES = ("abandonment", "error_rate", "resolution_rate", "satisfaction")
TOLD = (USAGE, TARGET, GUARD)  # exit codes by which the child says why it did not begin


class Progress(NamedTuple):
    """How far a run is; instants and times in scenario seconds, None where there is nothing to tell yet."""

    instant_s: float
    left_real_s: float  # until the window's end
    sent: int
    waiting: int
    busy: int
    slots: int
    frt_p90_s: float | None
    abandonment: float | None
    error_rate: float | None
    resolution_rate: float | None
    satisfaction: float | None
    fault: str
    alerts: tuple[str, ...] = ()  # those that are raised, in words

    @property
    def occupancy(self) -> float | None:
        """Busy slots / slots on duty."""
        return self.busy / self.slots if self.slots else None


def progress(seen: Mapping[str, Any], scenario: Scenario) -> Progress:
    """A line of the live run's progress file, in the scenario's units."""
    scale, span = scenario.load_test.time_scale, window(scenario)
    instant = span.start_s + seen["at"] * scale
    frt = seen["frt_p90"]
    return Progress(
        instant_s=instant,
        left_real_s=max(0.0, (span.end_s - instant) / scale),
        frt_p90_s=None if frt is None else frt * scale,
        alerts=tuple(seen["alerts"]),
        **{name: seen[name] for name in ("sent", "waiting", "busy", "slots", "fault", *SHARES)},
    )


def start_live(folder: RunFolder, host: str, parent_pipe: int) -> subprocess.Popen[bytes]:
    """Start Locust on a run folder; it ends when the pipe closes. What it says is in the folder's log.

    With several workers it is a master that forks them; all of them are of one process group.
    """
    with (folder.path / LOG).open("ab") as log:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "locust", "-f", _locustfile(), "--headless", "--host", host, "--only-summary"),
                *_workers(Plan.read(folder.path).workers),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=(parent_pipe,),
            start_new_session=True,
            env=os.environ | {FOLDER: str(folder.path), JUDGED: "1", PARENT_PIPE: str(parent_pipe)},
        )


def _workers(number: int) -> list[str]:
    """How Locust is told to play with that many workers, on a port that nobody else has."""
    if number == 1:
        return []
    with socket.create_server((LOOPBACK, 0)) as free:
        port = str(free.getsockname()[1])
    places = ("--master-bind-host", LOOPBACK, "--master-host", LOOPBACK)
    return ["--processes", str(number), *places, "--master-bind-port", port, "--master-port", port]


def play_live(folder: RunFolder, host: str) -> Generator[Progress]:
    """Play a run folder against ``host``; yields how far it is, every two seconds or so."""
    scenario = folder.scenario()
    reading, writing = os.pipe()
    child = start_live(folder, host, reading)
    os.close(reading)
    try:
        yield from (progress(seen, scenario) for seen in _seen(folder, child))
    finally:
        try:
            _end(child)
        finally:
            os.close(writing)
    if child.returncode and not folder.has(LOAD) and not folder.has(CONTACTS):
        raise _broken(folder, child.returncode)


def _locustfile() -> str:
    spec = find_spec("crestline.locustfile")
    if spec is None or spec.origin is None:
        msg = "crestline.locustfile is missing from this installation; install crestline again"
        raise CrestlineError(msg)
    return spec.origin


def _seen(folder: RunFolder, child: subprocess.Popen[bytes]) -> Iterator[Mapping[str, Any]]:
    path, read = folder.path / PROGRESS, 0
    while child.poll() is None:
        time.sleep(LOOK_S)
        if path.exists():
            text = path.read_text(encoding="utf-8")
            whole = text[read : text.rfind("\n") + 1]
            read += len(whole)
            yield from map(json.loads, whole.splitlines())


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let the child write what it knows, then end it."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        try:
            with suppress(subprocess.TimeoutExpired):
                child.wait(STOP_S)
        finally:
            child.kill()
            child.wait()
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)  # workers that hang hear nothing else


def _broken(folder: RunFolder, code: int) -> CrestlineError:
    log = folder.path / LOG
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    last = next((line for line in reversed(lines) if ERROR in line), lines[-1] if lines else "it said nothing")
    error = CrestlineError(f"the live run ended before it began: {last.partition(': ')[2] or last}; see {log}")
    error.exit_code = code if code in TOLD else INCONCLUSIVE
    return error
