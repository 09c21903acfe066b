"""The case of the bot that stands still: its circuit breaker decides whether customers are served meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

import crestline
from crestline.mitigations import without

CASE = Path(__file__).resolve().parents[2] / "simulation" / "frozen-bot.yaml"


@pytest.mark.parametrize(("bare", "verdict"), [(False, "met"), (True, "missed")])
def test_what_decides_the_day_is_the_breaker(bare: bool, verdict: str) -> None:
    scenario = crestline.load(CASE)
    chosen = without(scenario, ["breaker"]) if bare else scenario
    assert crestline.forecast(chosen, replications=6, seed=5).verdict == verdict
