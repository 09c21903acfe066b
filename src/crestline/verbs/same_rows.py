"""The very rows that were played live, in simulated time, with what really happened to them and for them.

Faults act as they were seen to, and standby agents come and go as they did. Both hang on single instants: a moment in
which the machine stood still before a fault may call standby minutes earlier, and the two would be of different days.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crestline.compare import World
from crestline.engine import default_engine, engine
from crestline.measures import measure, recover
from crestline.measures.steps import measure_parts, scope
from crestline.scenario import Scenario
from crestline.tables import Outcomes, Pools, Staffing, Timeline
from crestline.workload import Span, sample
from crestline.workload.span import on_grid

STANDBY = "standby"


def simulated_world(scenario: Scenario, seed: int, span: Span, line: Timeline, seen: Pools) -> World:
    """Play the rows of a live run in which the pools were as ``seen``."""
    outcomes, pools = _play(scenario, seed, span, line, seen.of(STANDBY))
    recoveries = tuple(recover(outcomes, pools, scenario, line))
    values = measure(outcomes, pools, scenario, scope(line), recoveries=recoveries)
    parts = measure_parts(outcomes, pools, scenario, line, recoveries=recoveries)
    return World(outcomes, pools, line, recoveries, values, parts)


def called_otherwise(scenario: Scenario, seed: int, span: Span, line: Timeline, seen: Pools) -> list[str]:
    """Whether the rule would have called standby at another instant of the same rows: a sentence, or none."""
    if scenario.standby is None:
        return []
    _, pools = engine(default_engine())(scenario, sample(scenario, seed, span, day_factor=False), line)
    live, ruled = (_joined_s(table) for table in (seen, pools))
    if live == ruled or (live and ruled and abs(live - ruled) < scenario.recovery.bucket / 2):
        return []
    came = f"came at {scenario.clock(live)} live" if live else "did not come live"
    would = f"would have come at {scenario.clock(ruled)}" if ruled else "would not have come"
    return [f"standby {came} and {would} by its rule on the same rows: its call hung on a moment of one long wait"]


def _joined_s(pools: Pools) -> float | None:
    """When standby agents came first."""
    rows = pools.of(STANDBY)
    came = rows.time_s[rows.ready > 0]
    return float(came[0]) if len(came) else None


def _play(scenario: Scenario, seed: int, span: Span, line: Timeline, standby: Pools) -> tuple[Outcomes, Pools]:
    play, rows = engine(default_engine()), sample(scenario, seed, span, day_factor=False)
    if scenario.standby is None:
        return play(scenario, rows, line)
    staffed = replace(line, staffing=tuple(_with(standby, each, scenario.standby.group) for each in line.staffing))
    outcomes, pools = play(scenario.model_copy(update={"standby": None}), rows, staffed)
    return outcomes, _joined(pools, standby, scenario)


def _with(standby: Pools, staffing: Staffing, group: str) -> Staffing:
    """Shifts, and on top of them the standby agents of their group."""
    if staffing.group != group:
        return staffing
    moves = [(on_grid(at), slots) for at, slots in zip(standby.time_s.tolist(), standby.ready.tolist(), strict=True)]
    steps = list(zip(staffing.time_s, staffing.slots, strict=True))
    times = sorted({at for at, _ in steps} | {at for at, _ in moves if at > steps[0][0]})
    slots = tuple(_at(steps, time) + _at(moves, time) for time in times)
    return Staffing(group, tuple(times), slots)


def _at(steps: list[tuple[float, int]], time_s: float) -> int:
    """The level of steps at an instant."""
    return next((slots for at, slots in reversed(steps) if at <= time_s), 0)


def _joined(pools: Pools, standby: Pools, scenario: Scenario) -> Pools:
    """One table of both."""
    index = np.full(len(standby), scenario.pools.index(STANDBY))
    order = np.argsort(np.concatenate((pools.time_s, standby.time_s)), kind="stable")
    columns = {
        name: np.concatenate((column, index if name == "pool" else getattr(standby, name)))[order]
        for name, column in pools.columns().items()
    }
    return Pools(**columns, names=scenario.pools)
