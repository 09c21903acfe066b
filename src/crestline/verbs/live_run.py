"""The live run as a child process: Locust plays the run folder, the parent watches it and shows how far it is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from crestline.errors import GUARD, INCONCLUSIVE, TARGET, USAGE, CrestlineError
from crestline.live.ledger import CONTACTS, LOAD, PROGRESS
from crestline.live.plan import FOLDER, JUDGED, PARENT_PIPE
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.units import format_duration, format_share

LOOK_S = 0.25
STOP_S = 20.0  # how long the child has to write down what it knows when it is asked to end
LOG = "locust.log"
ERROR = "/ERROR/"  # how Locust marks a line of its log
TOLD = (USAGE, TARGET, GUARD)  # exit codes by which the child says why it did not begin


def start_live(folder: RunFolder, host: str, parent_pipe: int) -> subprocess.Popen[bytes]:
    """Start Locust on a run folder; it ends when the pipe closes. What it says is in the folder's log."""
    with (folder.path / LOG).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "locust", "-f", _locustfile(), "--headless", "--host", host, "--only-summary"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=(parent_pipe,),
            start_new_session=True,
            env=os.environ | {FOLDER: str(folder.path), JUDGED: "1", PARENT_PIPE: str(parent_pipe)},
        )


def play_live(folder: RunFolder, host: str) -> Generator[Mapping[str, Any]]:
    """Play a run folder against ``host``; yields how far it is, every two seconds or so."""
    reading, writing = os.pipe()
    child = start_live(folder, host, reading)
    os.close(reading)
    try:
        yield from _progress(folder, child)
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


def _progress(folder: RunFolder, child: subprocess.Popen[bytes]) -> Iterator[Mapping[str, Any]]:
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


def _broken(folder: RunFolder, code: int) -> CrestlineError:
    log = folder.path / LOG
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    last = next((line for line in reversed(lines) if ERROR in line), lines[-1] if lines else "it said nothing")
    error = CrestlineError(f"the live run ended before it began: {last.partition(': ')[2] or last}; see {log}")
    error.exit_code = code if code in TOLD else INCONCLUSIVE
    return error


def show(seen: Mapping[str, Any], scenario: Scenario, start_s: float) -> str:
    """One line about how far the run is."""
    words = [
        scenario.clock(start_s + seen["at"] * scenario.load_test.time_scale),
        f"{seen['sent']:,} contacts sent",
        f"{seen['waiting']} waiting",
        f"{seen['busy']} of {seen['slots']} slots busy",
    ]
    if seen.get("frt_p90") is not None:
        words.append(f"frt p90 {format_duration(seen['frt_p90'] * scenario.load_test.time_scale)}")
    if seen.get("abandonment") is not None:
        words.append(f"abandoned {format_share(seen['abandonment'])}")
    if seen.get("fault"):
        words.append(f"FAULT {seen['fault']}")
    return "  ".join(words)
