"""The case of the golden four hours: a word within the hour keeps abandonment within its limit, silence does not."""

from __future__ import annotations

from pathlib import Path

import pytest

import crestline
from crestline.mitigations import without

CASE = Path(__file__).resolve().parents[2] / "simulation" / "golden-hours.yaml"


@pytest.mark.parametrize(("silent", "verdict"), [(False, "met"), (True, "missed")])
def test_what_decides_the_day_is_whether_somebody_speaks(silent: bool, verdict: str) -> None:
    scenario = crestline.load(CASE)
    chosen = without(scenario, ["speaking"]) if silent else scenario
    assert crestline.forecast(chosen, replications=6, seed=5).verdict == verdict
