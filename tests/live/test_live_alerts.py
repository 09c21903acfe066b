"""Alerts while a run plays: raised on the tick on which the finished table has them, and over when they are over."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from crestline import workload
from crestline.live import probe
from crestline.live.adapters import Health
from crestline.live.ledger import ALARMS, ALERTS, PROGRESS, Ledger
from crestline.live.records import Records
from crestline.measures.alert_counts import alerts
from crestline.scenario import load
from crestline.verbs.alerted import with_targets_alarms

if TYPE_CHECKING:
    from tests.live.conftest import MakeRow, Tell

SLOW = {"alerts": {"answer": "1min"}}


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


def test_the_targets_own_alarm_is_written_down_once_each_time_it_is_raised(tmp_path: Path) -> None:
    """Seen at 3.0 and 3.1 s it has been raised at 2.0; at 8.2 s it is another one."""
    ages = {3.0: 1.0, 3.1: 1.1, 4.0: None, 8.2: 0.2}
    with closing(Ledger(tmp_path)) as ledger:
        heard: dict[str, float] = {}
        for at, age in ages.items():
            health = Health({}, {}, alarms={} if age is None else {"queue": age})
            target = SimpleNamespace(health=lambda health=health: health)
            scene: Any = SimpleNamespace(
                look=lambda _, target=target: target, ledger=ledger, clock=SimpleNamespace(now=lambda at=at: at)
            )
            probe.look_once(scene, at, heard)
    lines = (tmp_path / ALARMS).read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [{"at": 2.0, "name": "queue"}, {"at": 8.0, "name": "queue"}]


def test_the_first_alarm_after_a_fault_and_before_the_next_is_what_the_target_detected(tmp_path: Path) -> None:
    """One before it tells nothing; a fault without any is left as it is."""
    line = "".join(json.dumps({"at": at, "name": "queue"}) + "\n" for at in (1.0, 3.0, 4.0))
    (tmp_path / ALARMS).write_text(line, encoding="utf-8")
    known = load("quick")
    records = Records(tmp_path, known, workload.timeline(known, workload.window(known)))
    effective = [3600.0 + 60.0 * at for at in (2.0, 3.5, 5.0)]
    told = with_targets_alarms([{"effective_s": at} for at in (*effective, None)], records)
    assert [fault.get("detected_by_target_s") for fault in told] == [3780.0, 3840.0, None, None]
