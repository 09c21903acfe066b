"""The live run and the model agree row by row; and the comparison would notice if they did not."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import pytest

from crestline.live.adapters import DESK
from crestline.scenario import load
from crestline.verbs.drill import drill

pytestmark = pytest.mark.long

HERE = Path(__file__).parent
SEEDS = (1, 2, 3, 4, 5)
BIAS = {"frt_p50_s": (0.03, 0.5), "frt_p90_s": (0.03, 0.5)}  # share of the simulated value, or seconds


def play(out: Path, seed: int, sets: tuple[str, ...] = (), adapter: str = DESK) -> dict[str, Any]:
    """One drill at time scale 60 with a short forecast; its run.json."""
    chosen = load("monthly-drill", sets)
    return drill(chosen, adapter=adapter, seed=seed, replications=1, out=out).run


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The shipped drill with five seeds, one after the other."""
    return [play(tmp_path_factory.mktemp(f"seed{seed}"), seed) for seed in SEEDS]


def cells(run: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The compared measures of a run by name."""
    return {cell["name"]: cell for cell in run["agreement"]["cells"]}


# In every seed each measure lies within its tolerance, and the run itself can be trusted.
def test_live_agrees_with_the_same_rows(runs: list[dict[str, Any]]) -> None:
    off = [(run["seed"], cell) for run in runs for cell in cells(run).values() if not cell["ok"]]
    closed = [(run["seed"], gate) for run in runs for gate in run["gates"] if not gate["ok"]]
    assert off == []
    assert closed == []


# Over the seeds no measure leans to one side.
@pytest.mark.parametrize("name", BIAS)
def test_no_bias(runs: list[dict[str, Any]], name: str) -> None:
    share, seconds = BIAS[name]
    pairs = [(cells(run)[name]["measured"], cells(run)[name]["same"]) for run in runs]
    bias = statistics.median(measured - same for measured, same in pairs)
    assert abs(bias) < max(seconds, share * statistics.median(same for _, same in pairs))


# The bot's failure is noticed and costs people's queues at least five minutes in every seed, and is made good in time.
def test_the_fault_bites(runs: list[dict[str, Any]]) -> None:
    for run in runs:
        (fault,) = run["faults"]
        assert fault["detected_s"] is not None
        assert 300 <= fault["operational_recovery_s"] <= 900


# In a calm run polling every 100 ms adds some three seconds to waits that are nothing otherwise.
def test_polling_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_slow_targets(monkeypatch)
    calm = ("faults=[]", "objectives=[]", "load_test.level=100%", "load_test.for=35min")
    run = play(tmp_path, 1, calm, "slow_targets:PollingDesk")
    assert not cells(run)["mean_wait_s"]["ok"]


# A hand-over of ten seconds is noticed in the drill, by the measures and by the run's own gate.
def test_slow_hand_over_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_slow_targets(monkeypatch)
    run = play(tmp_path, 1, (), "slow_targets:SlowHandOver")
    assert not all(cell["ok"] for cell in cells(run).values())
    assert [gate["name"] for gate in run["gates"] if not gate["ok"]] == ["hand-over / handle time"]
    assert run["verdict"] == "inconclusive"


# The same calm run against the desk as it is agrees: what the two tests above notice is the desk, not the calm.
def test_calm_run_agrees(tmp_path: Path) -> None:
    calm = ("faults=[]", "objectives=[]", "load_test.level=100%", "load_test.for=35min")
    run = play(tmp_path, 1, calm)
    assert all(cell["ok"] for cell in cells(run).values())


def use_slow_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process and its children find the targets beside this file."""
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setenv("PYTHONPATH", str(HERE), prepend=":")
