"""Drills that say too little: inconclusive with the reason, and never met, though nothing that was asked was missed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.verbs.conftest import Run

pytestmark = pytest.mark.long

Words = Callable[..., list[str]]
WINDOW = (
    "load_test.for=4min",
    "faults=[{kind: triage-outage, at: '10:05', for: 20s}]",
    "objectives=['error_rate < 90%']",
)
FEW = ("agents.general.on_duty=3", "agents.specialist.on_duty=3")  # people queue from the first minute on


@pytest.mark.parametrize(
    ("changes", "adapter", "why"),
    [
        (WINDOW, "doubtful_targets:Unbreakable", "triage-outage: the fault never took effect"),
        ((*WINDOW, *FEW, "recovery.sustain=40s"), None, "the baseline is not steady"),
        (("load_test.for=1min",), "doubtful_targets:Burning", "generator CPU"),
    ],
)
def test_a_drill_that_says_too_little_is_inconclusive(
    run: Run, brief: Words, monkeypatch: pytest.MonkeyPatch, changes: tuple[str, ...], adapter: str | None, why: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=":")
    done = run(*brief(*changes), *(["--adapter", adapter] if adapter else []))
    assert (done.code, done.run["verdict"]) == (3, "inconclusive"), done.err
    assert why in done.run["why"]
    assert "Traceback" not in done.err
