"""What a live run was worth: its evidence is set beside the forecast, and a verdict falls.

Everything is read from the run folder, so that a run can be judged by whoever started it, or later.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from crestline import steps, verdict
from crestline.bottleneck import bottlenecks
from crestline.gates import fault_gates, gates
from crestline.live import adapters
from crestline.measures import Value
from crestline.measures.intervals_of_day import interval_rows
from crestline.measures.recovery import INCONCLUSIVE, MISSED
from crestline.remedies import AsDrill, find_remedies, worth
from crestline.replicate import Day, estimate
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.steps import Step
from crestline.tables import Outcomes, Part
from crestline.verbs.account import Header, Live, Worlds, account, account_of_steps, account_of_worth
from crestline.verbs.alerted import account_of_alerts, with_targets_alarms
from crestline.verbs.evidence import Evidence, gather
from crestline.verbs.replayed import account_of_handbook
from crestline.verbs.stopped import Stopped, failures
from crestline.verbs.unmeasured import remarks
from crestline.verbs.witnessed import with_witness
from crestline.verdict import Gate, Judged, Verdict

Say = Callable[[str], None]


def judge(
    folder: RunFolder,
    header: Header,
    days: Sequence[Day],
    *,
    host: str | None,
    executor: Executor | None = None,
    say: Say = lambda _: None,
    stopped: Stopped | None = None,
) -> dict[str, Any]:
    """Judge the live run in a folder against its forecast; writes tables and ``run.json``, and returns the latter.

    ``stopped`` says of a run that it did not come to its end: that stands above every verdict.
    """
    seen = gather(folder, host, stopped)
    scenario, measured = seen.scenario, seen.measured
    forecast = estimate(days, scenario.objectives) if days else None
    worlds = Worlds(measured.values, seen.same.values if seen.same else None, forecast)
    judged, climbed = judge_objectives(seen, worlds, days)
    passed = judge_harness(seen)
    rows = interval_rows(measured.outcomes, measured.pools, scenario, measured.timeline)
    missed = not seen.stopped and any(row.result == MISSED for row in judged)
    what_if: dict[str, Any] = {"day_factor": False, "executor": executor, "progress": say}
    remedies, worths = [], []
    if missed and forecast:
        standard = AsDrill.of(scenario.objectives, judged, days[0].measures, forecast)
        remedies = find_remedies(scenario, seen.plan.seed, seen.span, days, rows, standard, **what_if)
    if not seen.stopped:
        worths = worth(scenario, seen.plan.seed, seen.span, days, **what_if)
    run = account(
        header,
        scenario,
        measured.timeline,
        worlds,
        judged,
        conclude(seen, judged, passed),
        measured.recoveries,
        live=Live(seen.load, passed, seen.agreement, seen.integrity, seen.lacks),
        intervals=rows,
        findings=[*_findings(seen, judged, climbed), *(bottlenecks(rows) if missed else ())],
        remedies=remedies,
    )
    run |= account_of_worth(worths) | {"left": seen.left} | account_of_steps(climbed, scenario)
    run |= _account_of_what_followed(seen, days, run["faults"])
    _write_tables(folder, seen)
    folder.write_run(run)
    return run


def judge_objectives(seen: Evidence, worlds: Worlds, days: Sequence[Day]) -> tuple[list[Judged], list[Step]]:
    """Every objective of the run, and of every part of its window where that is judged in parts."""
    scenario, measured, late_p99_s = seen.scenario, seen.measured, seen.load.get("late_p99_s") or 0.0
    judged = verdict.judge_drill(
        scenario.objectives,
        measured.values,
        same_rows=worlds.same_rows,
        forecast=worlds.forecast,
        recoveries=measured.recoveries,
        late_p99_s=late_p99_s,
    )
    climbed = steps.judge_steps(
        scenario.objectives,
        measured.timeline.parts,
        measured.parts,
        [_planned_in(measured.outcomes, part) for part in measured.timeline.parts],
        same_rows=seen.same.parts if seen.same else (),
        forecast=forecast_parts(days, scenario),
        late_p99_s=late_p99_s,
    )
    return steps.decisive(judged, climbed), climbed


def judge_harness(seen: Evidence) -> list[Gate]:
    """Whether the run may be trusted: that the load was sent, nothing was lost, and faults struck and are gone."""
    agents, can = seen.plan.agents, adapters.load(seen.plan.adapter).capabilities
    struck = ((fault.kind, fault.effective_s, fault.error) for fault in seen.records.faults())
    return [
        *gates(seen.load, seen.mean_handle_s, integrity=seen.integrity, atomic=can.atomic_claim, agents=agents),
        *fault_gates(struck, agents=agents),
    ]


def conclude(seen: Evidence, judged: Sequence[Judged], passed: Sequence[Gate]) -> Verdict:
    """What it comes to; that a run was stopped stands above everything else."""
    if seen.stopped is not None:
        return Verdict(INCONCLUSIVE, seen.stopped.exit_code, seen.stopped.why)
    return verdict.conclude(judged, passed, seen.measured.recoveries if seen.plan.agents else ())


def forecast_parts(days: Sequence[Day], scenario: Scenario) -> list[dict[str, Value]]:
    """What one day may be like in every part of the window."""
    each = zip(*(day.parts for day in days), strict=True)
    made = []
    for same in each:
        cut = [dataclasses.replace(day, measures=part) for day, part in zip(days, same, strict=True)]
        made.append(estimate(cut, scenario.objectives))
    return made


def _planned_in(outcomes: Outcomes, part: Part) -> int:
    """How many contacts a part of the window is judged by."""
    return int(np.count_nonzero((outcomes.planned_s >= part.measured_from_s) & (outcomes.planned_s < part.end_s)))


def _findings(seen: Evidence, judged: Sequence[Judged], climbed: Sequence[Step]) -> list[str]:
    """What a reader should know beside the verdict."""
    return [
        *([seen.stopped.why] if seen.stopped else failures(seen.load)),
        *seen.load.get("lost_shares", ()),
        *remarks(seen.plan, seen.integrity, seen.load),
        *steps.finding(climbed, seen.scenario),
        *verdict.findings(seen.scenario.objectives, judged, seen.measured.recoveries),
        *seen.otherwise,
    ]


def _account_of_what_followed(seen: Evidence, days: Sequence[Day], faults: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Alerts, who noticed the faults, and what of the handbook was done."""
    staffed = seen.measured if seen.plan.agents else None
    alerts = account_of_alerts(seen.scenario, days, measured=staffed, same=seen.same, records=seen.records)
    witnessed = with_witness(with_targets_alarms(faults, seen.records), seen.records)
    return alerts | {"faults": witnessed} | account_of_handbook(seen.scenario, staffed, seen.records)


def _write_tables(folder: RunFolder, seen: Evidence) -> None:
    for world, outcomes, pools in ((seen.measured, "outcomes", "pools"), (seen.same, "same_rows", "same_pools")):
        if world is not None:
            folder.write_table(outcomes, world.outcomes)
            folder.write_table(pools, world.pools)
