"""Real runs on several processes: Locust's master and workers as they are started by hand, against a real desk."""

from __future__ import annotations

import csv
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import crestline
from crestline import workload
from crestline.engine.reference import play
from crestline.live.ledger import CONTACTS
from crestline.live.plan import FOLDER, JUDGED, Plan
from crestline.live.records import Records
from crestline.scenario import Scenario, dump
from crestline.tables import Outcome

LOCUSTFILE = Path(crestline.__file__).with_name("locustfile.py")
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def port() -> str:
    """One that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a Locust; whatever still runs at the end is killed."""
    children: list[subprocess.Popen[str]] = []

    def go(*words: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "locust", "-f", LOCUSTFILE, "--headless", "--only-summary", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env=os.environ | {FOLDER: str(tmp_path), JUDGED: "1"},
        )
        children.append(child)
        return child

    yield go
    for child in children:
        if child.poll() is None:
            child.kill()
        child.communicate()


@pytest.fixture
def team(start: Start, tmp_path: Path, desk: tuple[str, str], port: str) -> Callable[..., list[subprocess.Popen[str]]]:
    """Start a master and two workers on a scenario, in one folder."""

    def go(scenario: Scenario, *words: str) -> list[subprocess.Popen[str]]:
        (tmp_path / "scenario.yaml").write_text(dump(scenario), encoding="utf-8")
        Plan(tmp_path.name, 7, desk[1], workers=2).write(tmp_path)
        master = start("--master", "--master-bind-port", port, "--expect-workers", "2", "--host", desk[0], *words)
        return [master, *(start("--worker", "--master-port", port) for _ in range(2))]

    return go


def records_of(folder: Path, scenario: Scenario) -> Records:
    return Records(folder, scenario, workload.timeline(scenario, workload.window(scenario)))


def test_two_workers_play_the_customers_of_one_process(
    team: Callable[..., list[subprocess.Popen[str]]], tmp_path: Path, quick: Scenario
) -> None:
    """The same rows at the same planned instants come to the same ends; counts and Locust's tables are whole."""
    master, *workers = team(quick, "--csv", str(tmp_path / "seen"), "--html", str(tmp_path / "seen.html"))
    said = master.communicate(timeout=60)[1]
    assert master.returncode == 0, said
    assert [worker.wait(20) for worker in workers] == [0, 0]
    records = records_of(tmp_path, quick)
    figures, measured = records.load(), records.outcomes()
    assert figures is not None
    assert (figures["workers"], figures["workers_planned"], figures["lost_shares"]) == (2, 2, [])
    assert figures["sent"] == figures["planned"] == len(measured) > 0
    assert figures["dropped"] == figures["unfinished"] == figures["request_errors"] == figures["held_back"] == 0
    span = workload.window(quick)
    sampled = workload.sample(quick, 7, span, day_factor=False)
    due = sampled.first_planned_s < figures["stop_s"]
    first = measured.take(measured.attempt == 0)
    assert first.row.tolist() == sampled.first_rows[due].tolist()
    assert first.planned_s == pytest.approx(sampled.first_planned_s[due], abs=1e-6)
    line = workload.timeline(quick, span, seen=records.faults_seen(), stop_s=figures["stop_s"])
    simulated, _ = play(quick, sampled, line)
    _, mine, theirs = np.intersect1d(measured.row, simulated.row, return_indices=True)
    assert (measured.outcome[mine] == simulated.outcome[theirs]).mean() > 0.9
    with (tmp_path / "seen_stats.csv").open() as file:
        counted = {row["Name"]: int(row["Request Count"]) for row in csv.DictReader(file)}
    assert counted["/conversations"] == figures["sent"]
    assert "/conversations" in (tmp_path / "seen.html").read_text("utf-8")


@pytest.mark.long
def test_a_worker_that_comes_late_is_refused(
    team: Callable[..., list[subprocess.Popen[str]]], start: Start, port: str, tmp_path: Path, quick: Scenario
) -> None:
    """The shares are given: it quits with one line, and the run goes on as if it had not come."""
    longer = quick.model_copy(update={"load_test": quick.load_test.model_copy(update={"for_": 900.0}), "faults": ()})
    master, *_ = team(longer)
    last = time.monotonic() + 30
    while not (tmp_path / CONTACTS).exists():
        assert time.monotonic() < last
        time.sleep(0.05)
    late = start("--worker", "--master-port", port)
    told = late.communicate(timeout=20)[1]
    assert late.returncode == 3, told
    assert "refused by the master: it came after the shares of this run were given; this worker quits" in told
    assert "Traceback" not in told
    said = master.communicate(timeout=60)[1]
    assert master.returncode == 0
    assert "is told to quit: it came after the shares" in said
    figures = records_of(tmp_path, longer).load()
    assert figures is not None
    assert (figures["workers"], figures["sent"]) == (2, figures["planned"])
    assert not (records_of(tmp_path, longer).outcomes().outcome == Outcome.OPEN).any()


def test_workers_that_do_not_come_are_waited_for_no_longer_than_told(start: Start, port: str) -> None:
    """The code is that of a run that says nothing, not that of a missed objective."""
    words = ("--expect-workers", "1", "--expect-workers-max-wait", "1", "--host", "http://127.0.0.1:9")
    master = start("--master", "--master-bind-port", port, *words)
    said = master.communicate(timeout=30)[1]
    assert master.returncode == 3
    assert "0 of 1 expected workers came within 1 s; see --expect-workers" in said
    assert "Traceback" not in said
