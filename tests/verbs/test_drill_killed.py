"""A drill whose harness is killed, in every phase of its life: no fault and no process stays, and the next one runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.verbs.conftest import ByHand, Run, Start, Started

pytestmark = pytest.mark.long

Words = Callable[..., list[str]]
OUTAGE = "faults=[{kind: triage-outage, at: '10:04', for: 40s}]"
WINDOW = ("load_test.ramp=30s", "load_test.for=4min", "load_test.time_scale=30", OUTAGE)
HEALS_S = 20.0  # real seconds: the rest of the outage, its time to live and the start of the bot


def runs(started: Started, name: str) -> list[Path]:
    """Files of a name in the folders of the drill's runs."""
    return list(started.folder.glob(f"reports/2*/{name}"))


def happened(started: Started, edge: str) -> bool:
    """Whether the fault has come so far."""
    return any(f'"{edge}"' in path.read_text("utf-8") for path in runs(started, "faults.jsonl"))


def seconds(started: Started) -> float:
    """How many real seconds of the live run its folder knows of."""
    probed = [path.read_text("utf-8").splitlines() for path in runs(started, "probe.csv")]
    return max((float(lines[-1].split(",")[0]) for lines in probed if len(lines) > 1), default=-1.0)


PHASES: dict[str, Callable[[Started], object]] = {
    "preflight": lambda started: runs(started, "scenario.yaml"),
    "forecast": lambda started: runs(started, "forecast.npz"),
    "ramp": lambda started: seconds(started) > 0.3,
    "baseline": lambda started: seconds(started) > 1.2,
    "fault": lambda started: happened(started, "effective"),
    "healed": lambda started: happened(started, "healed"),
    "drain": lambda started: seconds(started) > 8.0,
    "judging": lambda started: runs(started, "load.json"),
}


def faults_open(desk: ByHand) -> int:
    """How many faults the desk still suffers."""
    return int(ask(desk, "/health")["faults"])


def ask(desk: ByHand, path: str) -> Any:
    connection = HTTPConnection("127.0.0.1", desk.port, timeout=5)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


@pytest.mark.parametrize("phase", PHASES)
def test_a_harness_killed_in_any_phase_leaves_nothing_behind(
    start: Start, run: Run, brief: Words, desk: Callable[..., ByHand], phase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRESTLINE_DESK_TOKEN", "between us")
    target = desk("--time-scale", "30")
    killed = start(*brief(*WINDOW), "--host", target.url)
    killed.until(lambda: PHASES[phase](killed))
    killed.look()
    killed.process.kill()
    assert killed.left(within_s=HEALS_S) == []
    target.started.until(lambda: faults_open(target) == 0)
    assert ask(target, "/health")["pools"]["triage"]["ready_workers"] >= 3
    again = run(*brief("load_test.time_scale=30", "load_test.for=1min", "load_test.ramp=10s"), "--host", target.url)
    assert again.code == 0, again.err
    assert again.run["integrity"]["lost"] == again.run["integrity"]["doubled"] == 0
