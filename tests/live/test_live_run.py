"""Real runs: Locust as a child process, against a real reference desk."""

from __future__ import annotations

import os
import signal
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
from crestline.live.ledger import CONTACTS, STOP
from crestline.live.plan import FOLDER, JUDGED, PARENT_PIPE, Plan
from crestline.live.records import Records
from crestline.scenario import Scenario, dump
from crestline.tables import Outcome

LOCUSTFILE = Path(crestline.__file__).with_name("locustfile.py")
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path, quick: Scenario, desk: tuple[str, str]) -> Iterator[Start]:
    """Start Locust on ``quick``; whatever still runs at the end is killed."""
    children: list[subprocess.Popen[bytes]] = []
    pipes: list[int] = []

    def go(host: str = desk[0], scenario: Scenario = quick) -> subprocess.Popen[bytes]:
        (tmp_path / "scenario.yaml").write_text(dump(scenario), encoding="utf-8")
        Plan(tmp_path.name, 7, desk[1]).write(tmp_path)
        reading, writing = os.pipe()
        pipes.append(writing)
        with (tmp_path / "locust.log").open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "locust", "-f", LOCUSTFILE, "--headless", "--only-summary", "--host", host],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                pass_fds=(reading,),
                env=os.environ | {FOLDER: str(tmp_path), JUDGED: "1", PARENT_PIPE: str(reading)},
                start_new_session=True,
            )
        os.close(reading)
        children.append(child)
        return child

    yield go
    for child in children:
        if child.poll() is None:
            child.kill()
            child.wait()
    for pipe in pipes:
        os.close(pipe)


@pytest.fixture
def records(tmp_path: Path, quick: Scenario) -> Records:
    """What the run leaves."""
    return Records(tmp_path, quick, workload.timeline(quick, workload.window(quick)))


def wait_for_contacts(folder: Path) -> None:
    """Until the run has written the first contacts."""
    last = time.monotonic() + 30
    while not (folder / CONTACTS).exists() or (folder / CONTACTS).stat().st_size == 0:
        assert time.monotonic() < last, (folder / "locust.log").read_text()
        time.sleep(0.05)


def test_a_run_ends_by_itself_and_agrees_with_the_engine(start: Start, records: Records, quick: Scenario) -> None:
    """The same rows come to the same ends, every one once; the fault struck and healed, and was probed."""
    assert start().wait(60) == 0, (records.folder / "locust.log").read_text()
    load = records.load()
    assert load is not None
    assert load["finished"] is True
    assert load["sent"] == load["planned"] > 0
    assert load["dropped"] == load["unfinished"] == load["request_errors"] == load["held_back"] == 0
    assert load["agents_live"] == load["agents_planned"]
    measured, seen = records.outcomes(), records.faults_seen()
    assert len(np.unique(measured.row)) == len(measured.row)
    assert not (measured.outcome == Outcome.OPEN).any()
    span = workload.window(quick)
    line = workload.timeline(quick, span, seen=seen, stop_s=load["stop_s"])
    simulated, _ = play(quick, workload.sample(quick, 7, span, day_factor=False), line)
    both, mine, theirs = np.intersect1d(measured.row, simulated.row, return_indices=True)
    assert len(both) > 0.95 * len(simulated.row)
    assert (measured.outcome[mine] == simulated.outcome[theirs]).mean() > 0.9
    assert not records.probe().pools_whole.all()


@pytest.mark.parametrize(("how", "code"), [("SIGINT", 130), ("stop file", 5)])
def test_a_run_that_is_stopped_leaves_a_folder_that_can_be_read(
    start: Start, records: Records, tmp_path: Path, how: str, code: int
) -> None:
    """Everybody under way is written down, and the exit code says who stopped it."""
    child = start()
    wait_for_contacts(tmp_path)
    if how == "SIGINT":
        child.send_signal(signal.SIGINT)
    else:
        (tmp_path / STOP).touch()
    assert child.wait(30) == code
    load = records.load()
    assert load is not None
    assert load["finished"] is False
    assert len(records.outcomes()) == load["planned"]


def test_a_host_that_is_not_allowed_gets_no_request(start: Start, tmp_path: Path) -> None:
    """Refused before the start: exit code 4, and nothing was played."""
    assert start(host="http://192.0.2.1").wait(30) == 4
    assert not (tmp_path / CONTACTS).exists()


def test_another_scenario_than_the_desks_is_refused(start: Start, tmp_path: Path, quick: Scenario) -> None:
    """The desk plays at another pace: exit code 4."""
    slower = quick.model_copy(update={"load_test": quick.load_test.model_copy(update={"time_scale": 30.0})})
    assert start(scenario=slower).wait(30) == 4
    assert "409" in (tmp_path / "locust.log").read_text()
