"""Drills whose customers are played by several processes, of which one does not come through."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest

import crestline

if TYPE_CHECKING:
    from tests.verbs.conftest import Start, Started

LOCUSTFILE = Path(crestline.__file__).with_name("locustfile.py")
Words = Callable[..., list[str]]


def workers(started: Started) -> list[psutil.Process]:
    """The processes that Locust's master has forked."""
    (master,) = [p for p in started.look() if "--processes" in p.cmdline() and "locust" not in p.parent().cmdline()]
    return [p for p in master.children() if "--processes" in p.cmdline()]


@pytest.mark.parametrize("number", [signal.SIGKILL, pytest.param(signal.SIGSTOP, marks=pytest.mark.long)])
def test_a_worker_that_is_lost_in_mid_run_is_named(start: Start, brief: Words, number: int) -> None:
    """Killed or hanging: the others play on, the run is not trusted, and the report says whose share is missing."""
    started = start(*brief("load_test.for=5min"), "--workers", "2")
    started.until_ended(20)
    both = workers(started)
    assert len(both) == 2
    both[1].send_signal(number)
    done = started.end()
    assert (done.code, done.run["exit_code"], done.run["verdict"]) == (3, 3, "inconclusive"), done.err
    assert "Traceback" not in done.err
    (gate,) = [gate for gate in done.run["gates"] if not gate["ok"]]
    assert (gate["name"], gate["value"], gate["limit"]) == ("workers reported", 1, 2)
    (lost,) = [finding for finding in done.run["findings"] if "was lost" in finding]
    assert " of 2 was lost (not heard of for 3 s), and with it its share of " in lost
    assert lost in (done.latest / "report" / "index.html").read_text("utf-8")
    rows = [json.loads(line)["row"] for line in (done.latest / "contacts.jsonl").read_text("utf-8").splitlines()]
    assert 50 < len(rows) == len(set(rows)) <= done.run["load"]["planned"]  # who was under way with it is not known
    assert started.left() == []


@pytest.mark.long
def test_a_drill_ends_when_recovery_is_seen_after_its_window(start: Start) -> None:
    """Workers hear a moment ahead when nobody comes any more, and that moment comes."""
    fault = 'faults=[{kind: platform-outage, at: "10:04", for: 30s}]'
    done = start("drill", "quick", "--workers", "2", "--seed", "5", "--set", "load_test.for=5min", "--set", fault).end()
    assert done.run["load"]["finished"]
    line = done.run["span"]
    assert line["end_s"] <= line["stop_s"] <= line["end_s"] + 300


@pytest.mark.long
def test_without_any_worker_left_a_drill_ends(start: Start, brief: Words) -> None:
    """Nobody plays any more: the drill ends at once, and says so."""
    started = start(*brief("load_test.for=20min"), "--workers", "2")
    started.until_ended(20)
    for worker in workers(started):
        worker.kill()
    done = started.end()
    assert (done.code, done.run["exit_code"], done.run["verdict"]) == (3, 3, "inconclusive")
    assert "every worker was lost before the run's end" in done.run["findings"]
    assert sum("planned customers" in finding for finding in done.run["findings"]) == 2
    assert started.left() == []


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_all_processes(start: Start, brief: Words, number: int) -> None:
    """The workers close with the master: everybody under way is written down, with the age of the oldest."""
    started = start(*brief("load_test.for=20min"), "--workers", "2")
    started.until_ended(20)
    assert len(workers(started)) == 2
    started.process.send_signal(number)
    done = started.end()
    assert (done.code, done.run["exit_code"]) == (128 + number, 128 + number)
    load = done.run["load"]
    assert (load["workers"], load["sent"]) == (2, load["planned"])
    assert 0 < load["unfinished"] < load["planned"]
    assert 0 < load["oldest_s"] < 1200
    assert started.left() == []


@pytest.mark.long
def test_workers_do_not_outlive_a_drill_that_is_killed(start: Start, brief: Words) -> None:
    """Nobody is left who would tell them to end, but the pipe ends."""
    started = start(*brief("load_test.for=20min"), "--workers", "2")
    started.until_ended(20)
    assert len(workers(started)) == 2
    started.process.kill()
    assert started.left(within_s=20) == []


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_everyone_in_the_foreground_is_ended_as_one(start: Start, number: int) -> None:
    """A terminal tells master and workers alike; the workers wait for the master to close the run, and it for them."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    words = ("--headless", "--scenario", "quick", "--processes", "2", "--master-bind-port", port, "--master-port", port)
    started = start("-f", str(LOCUSTFILE), *words, module="locust")
    started.until_ended(20)
    assert len(started.look()) > 2
    os.killpg(started.process.pid, number)
    done = started.end()
    assert (done.code, done.run["exit_code"]) == (128 + number, 128 + number)
    assert (done.run["load"]["workers"], done.run["load"]["lost_shares"]) == (2, [])
    assert "Traceback" not in done.err
    assert started.left() == []
