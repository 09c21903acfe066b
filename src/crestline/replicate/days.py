"""One replication: a day sampled, played and summed up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Event

from crestline.engine import COMPILED, default_engine
from crestline.engine import engine as engine_of
from crestline.measures import Day, Digest, settled
from crestline.replicate.controls import controls, offered_work
from crestline.replicate.customers import Customers
from crestline.replicate.losses import lost_cost
from crestline.replicate.streamed import is_large, stream_day
from crestline.replicate.turns import turn
from crestline.scenario import Scenario
from crestline.tables import Outcomes, Pools, Timeline, Workload
from crestline.workload import Span, sample, timeline
from crestline.workload.arrivals import expected_arrivals


@dataclass(frozen=True)
class Played:
    """One play: what happened, along which timeline, and what it comes to."""

    outcomes: Outcomes
    pools: Pools
    timeline: Timeline
    digest: Digest


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
    played = _play(scenario, timeline(scenario, span), workload, engine)
    if settled(played.digest.recoveries()):
        return played
    return _play(scenario, timeline(scenario, span, stop_s=span.horizon_s), workload, engine)


def _play(scenario: Scenario, line: Timeline, workload: Workload, engine: str | None) -> Played:
    outcomes, pools = engine_of(engine or default_engine())(scenario, workload, line)
    with turn(len(workload)):
        digest = Digest(scenario, line)
        digest.add(outcomes, pools)
        digest.recoveries()
    return Played(outcomes, pools, line, digest)


def day_of(
    scenario: Scenario,
    seed: int,
    span: Span,
    replication: int,
    *,
    day_factor: bool = True,
    engine: str | None = None,
    customers: Customers | None = None,
    called_off: Event | None = None,
) -> Day:
    """One replication from its number to what is kept of it; ``customers`` may have sampled it before.

    A large day ends early with a CancelledError when it is ``called_off``.
    """
    if (engine or default_engine()) == COMPILED and is_large(scenario, span):
        return stream_day(scenario, seed, span, replication, day_factor=day_factor, called_off=called_off)
    draw = customers.sample if customers else sample
    with turn(expected_arrivals(scenario, span)):
        workload = draw(scenario, seed, span, replication, day_factor=day_factor, simulated=True)
        work = offered_work(scenario, workload, span)
        known = controls(scenario, seed, span, replication, work, day_factor=day_factor)
    played = play_workload(scenario, span, workload, engine)
    with turn(len(workload)):
        lost = lost_cost(scenario, played.outcomes, played.timeline)
        return replace(played.digest.day(), controls=known, lost_cost=lost)
