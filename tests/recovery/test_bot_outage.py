"""A bot that is gone for ten minutes, played live with ten seeds: recovery is where the forecast says that it is."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import pytest

from crestline.scenario import load
from crestline.verbs.drill import drill

CASE = Path(__file__).resolve().parents[2] / "simulation" / "bot-outage.yaml"
SEEDS = range(1, 11)
MINUTE = 60.0

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """One drill for each seed, one after the other."""
    made = [drill(load(CASE), seed=seed, out=tmp_path_factory.mktemp(f"seed{seed}")).run for seed in SEEDS]
    for run in made:
        print(run["seed"], *(f"{one / MINUTE:.1f} min" for one in (measured(run), *band(run))))
    return made


def measured(run: dict[str, Any]) -> float:
    """How long people's queues took to be back (seconds)."""
    return float(run["measures"]["recovery_s"]["measured"]["value"])


def band(run: dict[str, Any]) -> tuple[float, float, float]:
    """The forecast: 90 % of days lie between the first and the last, and the mean (seconds)."""
    forecast = run["measures"]["recovery_s"]["forecast"]
    return forecast["p5"], forecast["p95"], forecast["value"]


def test_the_bot_is_back_long_before_people_are(runs: list[dict[str, Any]]) -> None:
    for run in runs:
        (fault,) = run["faults"]
        assert 10 * MINUTE <= fault["technical_recovery_s"] <= 11 * MINUTE
        assert fault["operational_recovery_s"] > 3 * fault["technical_recovery_s"]
        assert [gate["name"] for gate in run["gates"] if not gate["ok"]] == []


def test_recovery_lies_in_the_band_of_the_forecast(runs: list[dict[str, Any]]) -> None:
    inside = [low <= measured(run) <= high for run in runs for low, high, _ in [band(run)]]
    assert sum(inside) >= 7


def test_recovery_is_close_to_the_mean_of_the_forecast(runs: list[dict[str, Any]]) -> None:
    assert statistics.median(abs(measured(run) / band(run)[2] - 1) for run in runs) <= 0.15


# What the model says of the very customers that came is what was measured, within two control ticks.
def test_recovery_is_that_of_the_same_rows(runs: list[dict[str, Any]]) -> None:
    apart = [abs(measured(run) - run["measures"]["recovery_s"]["same_rows"]["value"]) for run in runs]
    assert statistics.median(apart) <= MINUTE
