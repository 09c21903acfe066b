"""One replication: a day sampled, played and summed up."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crestline.engine import COMPILED, default_engine
from crestline.engine import engine as engine_of
from crestline.measures import Recovery, recover
from crestline.measures.day import Day, Digest
from crestline.replicate.controls import controls, offered_work_s
from crestline.replicate.customers import Customers
from crestline.replicate.streamed import is_large, stream_day
from crestline.scenario import Scenario
from crestline.tables import Outcomes, Pools, Timeline, Workload
from crestline.workload import Span, sample, timeline


@dataclass(frozen=True)
class Played:
    """One play: what happened, along which timeline, and how it recovered."""

    outcomes: Outcomes
    pools: Pools
    timeline: Timeline
    recoveries: tuple[Recovery, ...]


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
    digest = Digest(scenario, played.timeline)
    digest.add(played.outcomes, played.pools)
    return replace(digest.day(), controls=known)


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
    if (engine or default_engine()) == COMPILED and is_large(scenario, span):
        return stream_day(scenario, seed, span, replication, day_factor=day_factor)
    draw = customers.sample if customers else sample
    workload = draw(scenario, seed, span, replication, day_factor=day_factor, simulated=True)
    played = play_workload(scenario, span, workload, engine)
    work_s = offered_work_s(workload, span)
    return summarize(scenario, played, controls(scenario, seed, span, replication, work_s, day_factor=day_factor))
