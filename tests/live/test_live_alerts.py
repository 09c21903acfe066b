"""Alerts while a run plays: raised on the tick on which the finished table has them, and over when they are over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crestline.live.ledger import ALERTS, PROGRESS
from crestline.measures.alert_counts import alerts

if TYPE_CHECKING:
    from tests.live.conftest import MakeRow, Tell

SLOW = {"alerts": {"answer": "1min"}}
MINUTE = 60.0


def test_an_alert_is_raised_on_the_tick_that_the_finished_table_says(tell: Tell, row: MakeRow) -> None:
    """Twelve come in the second minute for one agent who takes half a minute each."""
    told = tell(*[row(at=1 if i == 0 else 0, handle=0.5, reply=0.01) for i in range(12)], **SLOW)
    (first,) = alerts(told.records.outcomes(), told.records.scenario, told.records.timeline)
    (seen,) = told.records.alerts()
    assert first.level == seen.level == 1
    assert abs(seen.at_s - first.at_s) < 1e-6
    assert seen.at_s <= seen.told_s
    assert seen.over_s >= first.end_s
    assert seen.text.startswith("[DRILL] alert level 1: ")


def test_a_calm_run_raises_nothing(tell: Tell, row: MakeRow) -> None:
    told = tell(*[row(at=1, resolves=True) for _ in range(5)], **SLOW)
    assert told.records.alerts() == []
    assert not (told.records.folder / ALERTS).exists()


def test_every_alert_ends_with_the_run(tell: Tell, row: MakeRow) -> None:
    """Nobody serves the fifty who wait as the run is stopped."""
    told = tell(*[row(at=1 if i == 0 else 0, handle=9, reply=0.01) for i in range(50)], stop_after=7, **SLOW)
    (seen,) = told.records.alerts()
    assert seen.over_s > seen.at_s
    last = (told.records.folder / PROGRESS).read_text("utf-8").splitlines()[-1]
    assert json.loads(last)["alerts"] == []
