"""One replication: a day sampled, played and summed up."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from crestline.engine import default_engine
from crestline.engine import engine as engine_of
from crestline.measures import Recovery, Value, in_scope, measure, recover
from crestline.measures.curves import backlog, frt_curve
from crestline.measures.intervals_of_day import interval_rows
from crestline.replicate.controls import controls
from crestline.replicate.customers import Customers
from crestline.scenario import Scenario
from crestline.tables import Floats, Outcomes, Pools, Timeline, Workload
from crestline.workload import Span, sample, timeline


@dataclass(frozen=True)
class Played:
    """One play: what happened, along which timeline, and how it recovered."""

    outcomes: Outcomes
    pools: Pools
    timeline: Timeline
    recoveries: tuple[Recovery, ...]


@dataclass(frozen=True)
class Day:
    """What is kept of one replication."""

    measures: dict[str, Value]
    recoveries: tuple[Recovery, ...]
    frt_curve: Floats  # seconds within which each of curves.SHARES was answered
    backlog: Floats  # contacts waiting for an agent at every bucket of the span
    intervals: list[dict[str, float | None]]
    contacts: int
    controls: tuple[float, ...] = field(default=())  # how far it was from the average day in what is known exactly


def play_day(
    scenario: Scenario,
    seed: int,
    span: Span,
    replication: int = 0,
    *,
    day_factor: bool = True,
    engine: str | None = None,
) -> Played:
    """Play one replication; beyond the span's end, up to its horizon, while a fault is not recovered from."""
    workload = sample(scenario, seed, span, replication, day_factor=day_factor, simulated=True)
    return play_workload(scenario, span, workload, engine)


def play_workload(scenario: Scenario, span: Span, workload: Workload, engine: str | None = None) -> Played:
    """Play customers that were sampled for the span."""
    play = engine_of(engine or default_engine())
    scheduled = timeline(scenario, span)
    outcomes, pools = play(scenario, workload, scheduled)
    recoveries = recover(outcomes, pools, scenario, scheduled)
    if any(recovery.seen_s is None for recovery in recoveries):
        scheduled = timeline(scenario, span, stop_s=span.horizon_s)
        outcomes, pools = play(scenario, workload, scheduled)
        recoveries = recover(outcomes, pools, scenario, scheduled)
    return Played(outcomes, pools, scheduled, tuple(recoveries))


def summarize(scenario: Scenario, played: Played, known: tuple[float, ...] = ()) -> Day:
    """What is kept of a play, with the ``controls`` of its customers where they are known."""
    line = played.timeline
    inside = played.outcomes.take(in_scope(played.outcomes, line))
    values = measure(played.outcomes, played.pools, scenario, line, intervals=False, recoveries=played.recoveries)
    return Day(
        measures=values,
        recoveries=played.recoveries,
        frt_curve=frt_curve(inside),
        backlog=backlog(played.outcomes, buckets(scenario, line)),
        intervals=interval_rows(played.outcomes, played.pools, scenario, line),
        contacts=len(inside),
        controls=known,
    )


def day_of(
    scenario: Scenario,
    seed: int,
    span: Span,
    replication: int,
    *,
    day_factor: bool = True,
    engine: str | None = None,
    customers: Customers | None = None,
) -> Day:
    """One replication from its number to what is kept of it; ``customers`` may have sampled it before."""
    draw = customers.sample if customers else sample
    workload = draw(scenario, seed, span, replication, day_factor=day_factor, simulated=True)
    played = play_workload(scenario, span, workload, engine)
    return summarize(scenario, played, controls(scenario, seed, span, replication, workload, day_factor=day_factor))


def buckets(scenario: Scenario, line: Timeline) -> Floats:
    """The control ticks from the start to the end of the span."""
    return np.arange(line.start_s, line.end_s + 1e-9, scenario.recovery.bucket)
