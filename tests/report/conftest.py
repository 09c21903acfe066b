"""Run folders to report on: a drill of ``quick`` whose live half is its own simulation, a little slower."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crestline import report, verdict
from crestline.measures import measure
from crestline.measures.curves import SHARES
from crestline.measures.intervals_of_day import interval_rows
from crestline.measures.recovery import recover
from crestline.replicate import buckets, estimate, play_day
from crestline.runs import RunFolder
from crestline.scenario import Scenario, dump, load
from crestline.tables import Outcomes
from crestline.verbs.account import Header, Live, Worlds, account
from crestline.workload import window

SEED, DAYS = 7, 3
MakeFolder = Callable[[Path, Scenario], RunFolder]


def slower(outcomes: Outcomes) -> Outcomes:
    """The same contacts with the overhead of a wire: every step after the sending 0.3 s later."""
    columns = {name: column.copy() for name, column in outcomes.columns().items()}
    for name in ("bot_reply_s", "queued_s", "claimed_s", "served_s", "passed_s", "ended_s"):
        columns[name] += 0.3
    return Outcomes(**columns, contacts=outcomes.contacts, groups=outcomes.groups)


def make_drill(path: Path, scenario: Scenario) -> RunFolder:
    """Write the folder of a drill as the verb leaves it, apart from what only a live run has."""
    path.mkdir(parents=True)
    folder, span = RunFolder(path), window(scenario)
    played = [play_day(scenario, SEED, span, number, day_factor=False) for number in range(DAYS)]
    days = [one.digest.day() for one in played]
    first, line = played[0], played[0].timeline
    measured = slower(first.outcomes)
    recoveries = recover(measured, first.pools, scenario, line)
    values = measure(measured, first.pools, scenario, line, recoveries=recoveries, request_errors=0)
    same = measure(first.outcomes, first.pools, scenario, line, recoveries=first.digest.recoveries())
    forecast = estimate(days, scenario.objectives)
    judged = verdict.judge_drill(scenario.objectives, values, same_rows=same, forecast=forecast, recoveries=recoveries)
    gates = [verdict.Gate("sent / planned", 1.0, 0.999, ok=True), verdict.Gate("dropped", 0.0, 0.0, ok=True)]
    sent = len(measured)
    figures = {"planned": sent, "sent": sent, "dropped": 0, "late_p99_s": 0.1, "overhead_s": 0.3, "workers": 1}
    header = Header("drill", SEED, "crestline drill quick --seed 7", "the reference desk", span.level, DAYS)
    run = account(
        dataclasses.replace(header, started_at="2026-11-22T10:15:00+00:00"), scenario, line,
        Worlds(values, same, forecast), judged, verdict.conclude(judged, gates), recoveries,
        live=Live(figures, gates, {"rows": sent, "same_outcome": 1.0},
                  {"accepted": sent, "lost": 0, "doubled": 0, "orphaned": 0}),
        intervals=interval_rows(measured, first.pools, scenario, line),
    )  # fmt: skip
    folder.write_table("outcomes", measured)
    folder.write_table("pools", first.pools)
    folder.write_table("same_rows", first.outcomes)
    folder.write_table("same_pools", first.pools)
    np.savez_compressed(
        path / "forecast.npz", shares=SHARES, frt_curve=np.array([day.frt_curve for day in days]),
        bucket_s=buckets(scenario, line), backlog=np.array([day.backlog for day in days]),
    )  # fmt: skip
    (path / "scenario.yaml").write_text(dump(scenario), encoding="utf-8")
    folder.write_run(run)
    return folder


@pytest.fixture(scope="session")
def made_drill(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """The folder of a drill of ``quick``; shared, not to be written to."""
    return make_drill(tmp_path_factory.mktemp("runs") / "20261122T101500Z-quick-7f3a", load("quick"))


@pytest.fixture(scope="session")
def reported(made_drill: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """The same folder with its report; shared, not to be written to."""
    copy = RunFolder(Path(shutil.copytree(made_drill.path, tmp_path_factory.mktemp("reported") / made_drill.name)))
    report.write(copy)
    return copy


@pytest.fixture
def bare(drill: RunFolder) -> RunFolder:
    """The drill's folder without its tables, which is quickly reported on."""
    for path in drill.path.glob("*.npz"):
        path.unlink()
    return drill


@pytest.fixture
def drill(made_drill: RunFolder, tmp_path: Path) -> RunFolder:
    """A copy of the drill's folder to do anything with."""
    return RunFolder(Path(shutil.copytree(made_drill.path, tmp_path / made_drill.name)))


@pytest.fixture
def make_folder() -> MakeFolder:
    """Writes the folder of a drill of any scenario."""
    return make_drill


@pytest.fixture
def run() -> dict[str, Any]:
    """The account of a drill that missed one objective of three, with round numbers."""
    return {
        "schema": 1, "kind": "drill", "name": "monthly-drill", "scenario": "monthly-drill", "seed": 20261122,
        "started_at": "2026-11-22T10:15:00+00:00", "command": "crestline drill monthly-drill --seed 20261122",
        "target": "the reference desk", "verdict": "missed", "exit_code": 1, "currency": "EUR", "day_start": 72000.0,
        "span": {"start_s": 0.0, "measured_from_s": 300.0, "end_s": 7200.0, "stop_s": 7200.0, "level": 2.0},
        "objectives": [
            objective("agent_frt p90 < 2min", "agent_frt_p90_s", "<", 120.0, "missed",
                      measured={"value": 151.0, "low": 144.0, "high": 158.0}, same_rows={"value": 140.0},
                      forecast={"value": 147.0, "low": 140.0, "high": 155.0, "p5": 91.0, "p95": 220.0, "p_met": 0.08}),
            objective("abandonment < 5%", "abandonment", "<", 0.05, "met",
                      measured={"value": 0.041, "low": 0.034, "high": 0.049}, same_rows={"value": 0.043},
                      forecast={"value": 0.04, "low": 0.037, "high": 0.041, "p5": 0.021, "p95": 0.07, "p_met": 0.83}),
            objective("recovery <= 15min", "recovery_s", "<=", 900.0, "met",
                      measured={"value": 560.0, "low": None, "high": None}, same_rows={"value": 600.0},
                      forecast={"value": 590.0, "low": 560.0, "high": 620.0, "p5": 240.0, "p95": 1140.0, "p_met": 0.9}),
        ],
        "measures": {
            "abandonment": {"measured": {"value": 0.041, "low": 0.034, "high": 0.049}, "same_rows": {"value": 0.043},
                            "forecast": None, "unit": "share"},
            "frt_p90_s": {"measured": None, "same_rows": None, "forecast": None, "unit": "s"},
        },
        "load": {"planned": 2412, "sent": 2412, "dropped": 0, "late_p99_s": 0.1, "overhead_s": 0.3},
        "gates": [{"name": "dropped", "value": 0, "limit": 0, "ok": True}],
        "integrity": {"accepted": 2412, "lost": 0, "doubled": 0, "orphaned": 0},
        "faults": [{"kind": "triage-outage", "planned_s": 1800.0, "effective_s": 1800.0, "healed_s": 2225.0,
                    "detected_s": 1870.0, "technical_recovery_s": 425.0, "operational_recovery_s": 560.0, "over": False,
                    "rto_s": 900.0, "resolution_s": 30.0, "result": "met"}],
        "findings": ["20:30-20:52 refund queue: 118 erlang offered, 96 slots on duty"],
        "next": [{"change": "6 more general agents", "set": "agents.general.on_duty=53", "measure": "agent_frt_p90_s",
                  "forecast": {"value": 108.0, "low": 99.0, "high": 117.0}, "limit": 120.0, "passes": True}],
    }  # fmt: skip


def objective(name: str, key: str, op: str, limit: float, result: str, **worlds: Any) -> dict[str, Any]:
    """One objective as ``run.json`` holds it."""
    return {"name": name, "measure": key, "op": op, "limit": limit, "result": result, "why": "", **worlds}
