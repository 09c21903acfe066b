"""What there is to judge a live run by: its records as tables, the same rows in simulated time, the target's log."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crestline import compare, errors
from crestline.compare import World
from crestline.live.integrity import check_integrity, read_export, with_stored_ratings
from crestline.live.plan import Plan
from crestline.live.records import Records
from crestline.measures import measure, recover
from crestline.measures.steps import measure_parts, scope
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.tables import Timeline
from crestline.verbs.same_rows import called_otherwise, simulated_world
from crestline.verbs.stopped import Stopped
from crestline.verbs.tidy import tidy_up
from crestline.verbs.unmeasured import AGREEMENT, not_measured, without
from crestline.workload import Span, timeline, window

Log = Sequence[Mapping[str, Any]]  # what the target has written down itself, event by event


@dataclass(frozen=True)
class Evidence:
    """A live run as it was seen, and as the model has it."""

    scenario: Scenario
    plan: Plan
    span: Span
    records: Records
    load: dict[str, Any]  # what the run says of the load that it sent
    measured: World
    same: World | None  # the very customers that came, in simulated time
    otherwise: Sequence[str]  # what the model decided otherwise about standby, in words
    integrity: dict[str, int] | None  # None where the target has no log
    lacks: dict[str, str]  # what could not be seen, and why
    left: dict[str, Any] | None  # what had to be tidied up after the run
    stopped: Stopped | None  # a run that did not come to its end

    @property
    def agreement(self) -> dict[str, Any] | None:
        """How far live run and same rows agree, contact by contact and measure by measure."""
        if self.same is None or AGREEMENT in self.lacks:
            return None
        cells = compare.agree(self.measured, self.same, self.scenario)
        counted = compare.agreement(self.measured.outcomes, self.same.outcomes, self.measured.timeline)
        return dataclasses.asdict(counted) | {"cells": [dataclasses.asdict(cell) for cell in cells]}

    @property
    def mean_handle_s(self) -> float | None:
        """Mean time that agents held the contacts that they resolved."""
        held = self.measured.outcomes.ended_s - self.measured.outcomes.served_s
        held = held[~np.isnan(held)]
        return float(held.mean()) if len(held) else None


def gather(folder: RunFolder, host: str | None, stopped: Stopped | None) -> Evidence:
    """Read a run folder, ask the target at ``host`` for its log, and play the same rows."""
    scenario, plan = folder.scenario(), Plan.read(folder.path)
    span = window(scenario)
    records = Records(folder.path, scenario, timeline(scenario, span))
    log, gone = _targets_log(scenario, host, plan)
    left = tidy_up(folder, plan, records)
    stopped = stopped or gone
    load = (records.load() or {"stopped_by": "killed"}) | ({"finished": False} if stopped else {})
    line = timeline(scenario, span, stop_s=load.get("stop_s"), seen=records.faults_seen())
    measured = _measured_world(scenario, records, line, load, log)
    answered = bool(np.isfinite(measured.outcomes.claimed_s).any())
    lacks = not_measured(plan, scenario, records, answered=answered)
    measured = without(measured, lacks)
    same, otherwise = _same_rows(scenario, plan, span, measured)
    return Evidence(
        scenario=scenario,
        plan=plan,
        span=span,
        records=records,
        load=load | {"came_again": int((measured.outcomes.attempt > 0).sum())},
        measured=measured,
        same=same,
        otherwise=otherwise,
        integrity=None if log is None else check_integrity(log, measured.outcomes).figures(),
        lacks=lacks,
        left=left,
        stopped=stopped,
    )


def _same_rows(scenario: Scenario, plan: Plan, span: Span, measured: World) -> tuple[World | None, list[str]]:
    """What the model makes of the customers that came, and what it decided otherwise; nothing without agents."""
    if not len(measured.outcomes) or not plan.agents:
        return None, []
    of_rows = (scenario, plan.seed, span, measured.timeline, measured.pools)
    return simulated_world(*of_rows), called_otherwise(*of_rows)


def _targets_log(scenario: Scenario, host: str | None, plan: Plan) -> tuple[Log | None, Stopped | None]:
    """What the target itself has written down; where it cannot be asked any more, nobody knows what was lost."""
    if not host:
        return None, None
    try:
        return read_export(scenario, host, plan), None
    except errors.TargetError as error:
        return None, Stopped(errors.INCONCLUSIVE, f"the target's log could not be read at the end: {error}")


def _measured_world(
    scenario: Scenario,
    records: Records,
    line: Timeline,
    load: dict[str, Any],
    log: Log | None,
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
