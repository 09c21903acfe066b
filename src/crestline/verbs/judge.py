"""What a live run was worth: records become tables, the same rows are played in simulated time, and a verdict falls.

Everything is read from the run folder, so that a run can be judged by whoever started it, or later.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from crestline import compare, errors, steps, verdict
from crestline.bottleneck import bottlenecks
from crestline.compare import World
from crestline.gates import fault_gates, gates
from crestline.live import adapters
from crestline.live.integrity import check_integrity, read_export, with_stored_ratings
from crestline.live.plan import Plan
from crestline.live.records import Records
from crestline.measures import Value, measure, recover
from crestline.measures.intervals_of_day import interval_rows
from crestline.measures.recovery import INCONCLUSIVE, MISSED
from crestline.measures.steps import measure_parts, scope
from crestline.remedies import AsDrill, Remedy, find_remedies, worth
from crestline.replicate import Day, estimate
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.steps import Step
from crestline.tables import Outcomes, Part, Timeline
from crestline.verbs.account import Header, Live, Worlds, account, account_of_steps, account_of_worth
from crestline.verbs.alerted import account_of_alerts, with_targets_alarms
from crestline.verbs.replayed import account_of_handbook
from crestline.verbs.same_rows import called_otherwise, simulated_world
from crestline.verbs.stopped import Stopped, failures
from crestline.verbs.tidy import tidy_up
from crestline.verbs.unmeasured import AGREEMENT, not_measured, remarks, without
from crestline.verbs.witnessed import with_witness
from crestline.verdict import Judged
from crestline.workload import timeline, window

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
    scenario, plan = folder.scenario(), Plan.read(folder.path)
    span = window(scenario)
    records = Records(folder.path, scenario, timeline(scenario, span))
    log, gone = _targets_log(scenario, host, plan)
    left = tidy_up(folder, plan, records)
    stopped = stopped or gone
    load = records.load() or {"stopped_by": "killed"}
    load |= {"finished": False} if stopped else {}
    line = timeline(scenario, span, stop_s=load.get("stop_s"), seen=records.faults_seen())
    measured = measured_world(scenario, records, line, load, log)
    load |= {"came_again": int((measured.outcomes.attempt > 0).sum())}
    answered = bool(np.isfinite(measured.outcomes.claimed_s).any())
    lacks = not_measured(plan, scenario, records, answered=answered)
    measured = without(measured, lacks)
    same, otherwise = None, []
    if len(measured.outcomes) and plan.agents:
        same = simulated_world(scenario, plan.seed, span, line, measured.pools)
        otherwise = called_otherwise(scenario, plan.seed, span, line, measured.pools)
    integrity = None if log is None else check_integrity(log, measured.outcomes).figures()
    forecast = estimate(days, scenario.objectives) if days else None
    worlds = Worlds(measured.values, same.values if same else None, forecast)
    judged, climbed = judge_objectives(scenario, worlds, measured, same, days, load.get("late_p99_s") or 0.0)
    can = adapters.load(plan.adapter).capabilities
    passed = gates(
        load, mean_handle_s(measured.outcomes), integrity=integrity, atomic=can.atomic_claim, agents=plan.agents
    )
    passed += fault_gates(((f.kind, f.effective_s, f.error) for f in records.faults()), agents=plan.agents)
    concluded = verdict.conclude(judged, passed, measured.recoveries if plan.agents else ())
    if stopped is not None:
        concluded = verdict.Verdict(INCONCLUSIVE, stopped.exit_code, stopped.why)
    missed = not stopped and any(row.result == MISSED for row in judged)
    found = verdict.findings(scenario.objectives, judged, measured.recoveries)
    rows = interval_rows(measured.outcomes, measured.pools, scenario, line)
    remedies: list[Remedy] = []
    if missed and days and forecast:
        standard = AsDrill.of(scenario.objectives, judged, days[0].measures, forecast)
        remedies = find_remedies(
            scenario, plan.seed, span, days, rows, standard, day_factor=False, executor=executor, progress=say
        )
    worths = (
        [] if stopped else worth(scenario, plan.seed, span, days, day_factor=False, executor=executor, progress=say)
    )
    run = account(
        header,
        scenario,
        line,
        worlds,
        judged,
        concluded,
        measured.recoveries,
        live=Live(
            load,
            passed,
            agreement(measured, same, scenario) if same and AGREEMENT not in lacks else None,
            integrity,
            lacks,
        ),
        intervals=rows,
        findings=[
            *([stopped.why] if stopped else failures(load)),
            *load.get("lost_shares", ()),
            *remarks(plan, integrity, load),
            *steps.finding(climbed, scenario),
            *found,
            *otherwise,
            *(bottlenecks(rows) if missed else ()),
        ],
        remedies=remedies,
    )
    run |= account_of_worth(worths) | {"left": left} | account_of_steps(climbed, scenario)
    seen = measured if plan.agents else None
    run |= account_of_alerts(scenario, days, measured=seen, same=same, records=records)
    run["faults"] = with_witness(with_targets_alarms(run["faults"], records), records)
    run |= account_of_handbook(scenario, seen, records)
    for world, outcomes, pools in ((measured, "outcomes", "pools"), (same, "same_rows", "same_pools")):
        if world is not None:
            folder.write_table(outcomes, world.outcomes)
            folder.write_table(pools, world.pools)
    folder.write_run(run)
    return run


def judge_objectives(
    scenario: Scenario,
    worlds: Worlds,
    measured: World,
    same: World | None,
    days: Sequence[Day],
    late_p99_s: float,
) -> tuple[list[Judged], list[Step]]:
    """Every objective of the run, and of every part of its window where that is judged in parts."""
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
        same_rows=same.parts if same else (),
        forecast=forecast_parts(days, scenario),
        late_p99_s=late_p99_s,
    )
    return steps.decisive(judged, climbed), climbed


def _planned_in(outcomes: Outcomes, part: Part) -> int:
    """How many contacts a part of the window is judged by."""
    return int(np.count_nonzero((outcomes.planned_s >= part.measured_from_s) & (outcomes.planned_s < part.end_s)))


def _targets_log(
    scenario: Scenario, host: str | None, plan: Plan
) -> tuple[list[dict[str, Any]] | None, Stopped | None]:
    """What the target itself has written down; where it cannot be asked any more, nobody knows what was lost."""
    if not host:
        return None, None
    try:
        return read_export(scenario, host, plan), None
    except errors.TargetError as error:
        return None, Stopped(errors.INCONCLUSIVE, f"the target's log could not be read at the end: {error}")


def measured_world(
    scenario: Scenario,
    records: Records,
    line: Timeline,
    load: dict[str, Any],
    log: Sequence[Mapping[str, Any]] | None,
) -> World:
    """What the records say happened, with the ratings that the target's log holds."""
    records = dataclasses.replace(records, timeline=line)
    outcomes, pools = records.outcomes(), records.pools()
    if log is not None:
        outcomes = with_stored_ratings(log, outcomes)
    probe = records.probe()
    recoveries = tuple(recover(outcomes, pools, scenario, line, probe if len(probe.time_s) else None))
    resolution_s = load.get("overhead_s") or 0.0
    values = measure(
        outcomes,
        pools,
        scenario,
        scope(line),
        recoveries=recoveries,
        request_errors=load.get("request_errors"),
        resolution_s=resolution_s,
    )
    parts = measure_parts(outcomes, pools, scenario, line, recoveries=recoveries, resolution_s=resolution_s)
    return World(outcomes, pools, line, recoveries, values, parts)


def forecast_parts(days: Sequence[Day], scenario: Scenario) -> list[dict[str, Value]]:
    """What one day may be like in every part of the window."""
    each = zip(*(day.parts for day in days), strict=True)
    made = []
    for same in each:
        cut = [dataclasses.replace(day, measures=part) for day, part in zip(days, same, strict=True)]
        made.append(estimate(cut, scenario.objectives))
    return made


def agreement(measured: World, same: World, scenario: Scenario) -> dict[str, Any]:
    """How far the live run and the simulation of the same rows agree, contact by contact and measure by measure."""
    cells = compare.agree(measured, same, scenario)
    counted = compare.agreement(measured.outcomes, same.outcomes, measured.timeline)
    return dataclasses.asdict(counted) | {"cells": [dataclasses.asdict(cell) for cell in cells]}


def mean_handle_s(outcomes: Outcomes) -> float | None:
    """Mean time that agents held the contacts that they resolved."""
    held = outcomes.ended_s - outcomes.served_s
    held = held[~np.isnan(held)]
    return float(held.mean()) if len(held) else None
