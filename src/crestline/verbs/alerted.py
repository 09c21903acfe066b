"""The alerts of a run as ``run.json`` has them: of every world in which it was played, and as they were told live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import inf
from typing import Any

from crestline.compare import World
from crestline.live.records import AlertSeen, Records
from crestline.measures import Day
from crestline.measures.alert_counts import alerts
from crestline.measures.alerts import LEVELS, Alert, limit_of, sentence, what
from crestline.notify import sent_from
from crestline.scenario import Scenario
from crestline.verbs.account import finite_only


def account_of_alerts(
    scenario: Scenario,
    days: Sequence[Day] = (),
    *,
    measured: World | None = None,
    same: World | None = None,
    records: Records | None = None,
) -> dict[str, Any]:
    """Rows of ``alerts``: told while the run played (``live``), on the finished tables, and on the forecast's days."""
    rows = [] if records is None else [_told(seen, scenario) for seen in records.alerts()]
    for name, world in (("measured", measured), ("same_rows", same)):
        if world is not None:
            rows += [_row(alert, name) for alert in alerts(world.outcomes, scenario, world.timeline)]
    rows += _on_days(days, scenario)
    sent = [] if records is None else sent_from(records.folder)
    return {"alerts": finite_only(rows)} | ({"notifications": sent} if sent else {})


def with_targets_alarms(faults: Sequence[dict[str, Any]], records: Records) -> list[dict[str, Any]]:
    """The faults of a run, each with the first alarm that the target itself raised after it and before the next."""
    alarms, starts = records.alarms(), [fault["effective_s"] for fault in faults if fault["effective_s"] is not None]
    told = []
    for fault in faults:
        since = fault["effective_s"]
        until = min((start for start in starts if since is not None and start > since), default=inf)
        first = next((at for at in alarms if since is not None and since <= at < until), None)
        told.append(fault if first is None else fault | {"detected_by_target_s": first})
    return told


def _told(seen: AlertSeen, scenario: Scenario) -> dict[str, Any]:
    return {
        "world": "live",
        "level": seen.level,
        "measure": LEVELS[seen.level],
        "what": what(seen.level, scenario.alerts),
        "at_s": seen.at_s,
        "told_s": seen.told_s,
        "end_s": seen.over_s,
        "value": seen.value,
        "limit": limit_of(seen.level, scenario.alerts),
        "text": seen.text,
    }


def _row(alert: Alert, world: str) -> dict[str, Any]:
    return {"world": world, "measure": alert.measure} | asdict(alert) | {"text": sentence(alert, is_drill=True)}


def _on_days(days: Sequence[Day], scenario: Scenario) -> list[dict[str, Any]]:
    """For every level the share of days on which it is raised, and when it is first on average."""
    rows = []
    for level, measure in LEVELS.items():
        firsts = [first for day in days if (first := _first(day.alerts, level)) is not None]
        if firsts:
            rows.append(
                {
                    "world": "forecast",
                    "level": level,
                    "measure": measure,
                    "what": what(level, scenario.alerts),
                    "days": len(firsts) / len(days),
                    "at_s": sum(firsts) / len(firsts),
                    "limit": limit_of(level, scenario.alerts),
                }
            )
    return rows


def _first(raised: Sequence[Alert], level: int) -> float | None:
    return next((alert.at_s for alert in raised if alert.level == level), None)
