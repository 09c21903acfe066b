"""Recovery: how long after a fault customers are served as before, and the target itself is well again.

Both times count from the instant when the fault took effect. The operational one decides: after a bot outage the bot
may be back at once, and people's queues an hour later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite

import numpy as np

from crestline.measures.capacity import Staff
from crestline.measures.contacts import Contacts
from crestline.measures.guards import Service
from crestline.measures.probe import Probe, technical_recovery_s
from crestline.measures.sighting import Sighting, look
from crestline.measures.values import NOTHING, Value
from crestline.measures.waiting import Waiting
from crestline.measures.watch import Watch, all_ticks
from crestline.scenario import Objective, Scenario
from crestline.tables import Fault, Outcomes, Pools, Timeline
from crestline.units import format_duration

MET, MISSED, INCONCLUSIVE = "met", "missed", "inconclusive"
UNNOTICED = "customers did not notice"
NO_EFFECT = "the fault never took effect"


@dataclass(frozen=True)
class Recovery:
    """What became of one fault; instants since ``day.start``, recovery times from ``effective_s``, all in seconds."""

    kind: str
    planned_s: float
    effective_s: float | None
    healed_s: float | None
    detected_s: float | None
    technical_recovery_s: float | None
    operational_recovery_s: float | None
    over: bool  # given up: recovery takes longer than operational_recovery_s
    result: str
    why: str
    resolution_s: float
    rto_s: float | None = None
    seen_s: float | None = None  # from when on all this was known; None while the play has to go on


def recover(
    outcomes: Outcomes, pools: Pools, scenario: Scenario, timeline: Timeline, health: Probe | None = None
) -> list[Recovery]:
    """What became of every fault, by time; judged on the finished table.

    Without ``health``, as in simulation, the target is well again when the fault is healed.
    """
    if not timeline.faults:
        return look_back(None, scenario, timeline)
    watch, contacts = Watch(scenario, timeline), Contacts.of(outcomes, timeline)
    staff, waiting = Staff(scenario, np.array([timeline.start_s, timeline.stop_s])), Waiting(watch.ticks_s)
    watch.add(contacts)
    waiting.add(contacts)
    staff.add(pools)
    return look_back(watch.service(staff, waiting), scenario, timeline, health)


def look_back(
    service: Service | None, scenario: Scenario, timeline: Timeline, health: Probe | None = None
) -> list[Recovery]:
    """The same from what the guards look at; None where no fault struck."""
    found = [_without_effect(scenario, kind, at) for kind, at in _missing(scenario, timeline)]
    if service is not None:
        found += _struck(service, scenario, timeline, health)
    return sorted(found, key=lambda r: r.planned_s)


def _struck(service: Service, scenario: Scenario, timeline: Timeline, health: Probe | None) -> Iterator[Recovery]:
    rules = scenario.recovery
    faults = sorted(timeline.faults, key=lambda fault: fault.start_s)
    sighting: Sighting | None = None
    for fault, following in zip(faults, [*(fault.start_s for fault in faults[1:]), inf], strict=True):
        sighting = look(service, fault, rules, timeline, before=sighting, next_s=following)
        if health is None:
            technical: float | None = fault.healed_s - fault.start_s
        else:
            ticks = all_ticks(rules, timeline)
            technical = technical_recovery_s(health, ticks, sighting.baseline, fault.start_s, rules.sustain)
        yield _recovery(scenario, fault, sighting, technical)


def recovered(
    outcomes: Outcomes, pools: Pools, scenario: Scenario, timeline: Timeline, now_s: float | None = None
) -> bool:
    """Whether there is nothing left to wait for: every fault was recovered from, went unnoticed, or was given up.

    With ``now_s`` it may be asked while the run goes on; ``outcomes`` then holds the contacts so far.
    """
    seen_by = timeline if now_s is None else replace(timeline, stop_s=now_s, drain_s=0.0)
    return settled(recover(outcomes, pools, scenario, seen_by))


def settled(recoveries: Iterable[Recovery]) -> bool:
    """Whether there is nothing left to wait for."""
    return all(recovery.seen_s is not None for recovery in recoveries)


def worst(recoveries: Sequence[Recovery]) -> Value:
    """The operational recovery of the worst fault; nothing where there was no fault, or one could not be judged."""
    times = [r.operational_recovery_s for r in recoveries if r.operational_recovery_s is not None]
    over = any(r.over for r in recoveries)
    if not times or (len(times) < len(recoveries) and not over):
        return NOTHING
    return Value(max(times), over=over)


def _planned_s(scenario: Scenario, fault: Fault) -> float:
    """When the scenario plans a fault that struck: the nearest of its kind."""
    plans = [scenario.instant(f.at) for f in scenario.faults if f.kind == fault.kind]
    return min(plans, key=lambda at: abs(at - fault.start_s), default=fault.start_s)


def _missing(scenario: Scenario, timeline: Timeline) -> list[tuple[str, float]]:
    """Faults that are planned within the window and are not in the timeline."""
    planned = [(f.kind, scenario.instant(f.at)) for f in scenario.faults]
    for fault in timeline.faults:
        plan = (fault.kind, _planned_s(scenario, fault))
        if plan in planned:
            planned.remove(plan)
    return [(kind, at) for kind, at in planned if timeline.start_s <= at < timeline.end_s]


def _objective(scenario: Scenario) -> Objective | None:
    """The recovery objective; the strictest where there are several."""
    return min((o for o in scenario.objectives if o.key == "recovery_s"), key=lambda o: o.limit, default=None)


def _without_effect(scenario: Scenario, kind: str, planned_s: float) -> Recovery:
    rto = _objective(scenario)
    return Recovery(
        kind=kind,
        planned_s=planned_s,
        effective_s=None,
        healed_s=None,
        detected_s=None,
        technical_recovery_s=None,
        operational_recovery_s=None,
        over=False,
        result=INCONCLUSIVE,
        why=NO_EFFECT,
        resolution_s=scenario.recovery.bucket,
        rto_s=rto.limit if rto else None,
        seen_s=planned_s,
    )


def _recovery(scenario: Scenario, fault: Fault, sighting: Sighting, technical_s: float | None) -> Recovery:
    rto = _objective(scenario)
    took = _took(fault, sighting, scenario.recovery.give_up)
    result, why = _judge(sighting, took, rto)
    return Recovery(
        kind=fault.kind,
        planned_s=_planned_s(scenario, fault),
        effective_s=fault.start_s,
        healed_s=fault.healed_s if isfinite(fault.healed_s) else None,
        detected_s=sighting.detected_s,
        technical_recovery_s=technical_s if technical_s is not None and isfinite(technical_s) else None,
        operational_recovery_s=took,
        over=sighting.given_up,
        result=result,
        why=why,
        resolution_s=scenario.recovery.bucket,
        rto_s=rto.limit if rto else None,
        seen_s=sighting.seen_s,
    )


def _took(fault: Fault, sighting: Sighting, give_up_s: float) -> float | None:
    if sighting.unclear:
        return None
    if sighting.given_up:
        return give_up_s
    return sighting.recovered_s - fault.start_s if sighting.recovered_s is not None else 0.0


def _judge(sighting: Sighting, took: float | None, rto: Objective | None) -> tuple[str, str]:
    if took is None:
        return INCONCLUSIVE, sighting.unclear
    if sighting.given_up:
        return MISSED, f"not recovered within {format_duration(took)}"
    if sighting.detected_s is None:
        return MET, UNNOTICED
    kept = rto is None or rto.holds(took)
    return (MET if kept else MISSED), f"recovered after {format_duration(took)}"
