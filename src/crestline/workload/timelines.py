"""What is scheduled: shifts as steps of slots, and faults, all on the grid of instants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from crestline import rules
from crestline.faults import conditions, planned_faults, spells
from crestline.faults.agents_leave import shares_away
from crestline.scenario import AgentGroup, Scenario
from crestline.tables import Fault, Staffing, Timeline
from crestline.workload.span import Span, on_grid

DRAIN_S = 300.0


def timeline(
    scenario: Scenario,
    span: Span,
    *,
    stop_s: float | None = None,
    seen: Sequence[tuple[float, float] | None] | None = None,
) -> Timeline:
    """The timeline of a span.

    ``stop_s`` plans contacts beyond the span's end, up to its horizon, while recovery is awaited. ``seen`` gives for
    every fault when it really became effective and was healed in a live run, or None where it did not strike.
    """
    faults = [_gridded(fault) if fault else None for fault in _acting(scenario, span, seen)]
    stop = span.end_s if stop_s is None else on_grid(stop_s)
    return Timeline(
        start_s=span.start_s,
        measured_from_s=span.measured_from_s,
        end_s=span.end_s,
        stop_s=stop,
        drain_s=DRAIN_S,
        staffing=tuple(_staffing(scenario, name, group, span.start_s) for name, group in scenario.agents.items()),
        faults=tuple(fault for fault in faults if fault),
        parts=span.parts,
        conditions=tuple(conditions(list(spells(scenario, faults)), list(scenario.agents))),
    )


def _acting(
    scenario: Scenario, span: Span, seen: Sequence[tuple[float, float] | None] | None
) -> Iterator[Fault | None]:
    """Every fault of the scenario as it acts within the span; None for one that does not."""
    planned = planned_faults(scenario)
    if seen is None:
        acting: list[Fault | None] = list(planned)
    else:
        acting = [instants and _as_seen(fault, instants) for fault, instants in zip(planned, seen, strict=True)]
    for fault in acting:
        yield fault if fault and span.start_s <= fault.start_s < span.end_s else None


def _as_seen(fault: Fault, instants: tuple[float, float]) -> Fault:
    effective, healed = instants
    return replace(fault, start_s=effective, end_s=min(fault.end_s, healed), healed_s=healed)


def _gridded(fault: Fault) -> Fault:
    return replace(
        fault,
        start_s=on_grid(fault.start_s),
        end_s=on_grid(fault.end_s),
        healed_s=on_grid(fault.healed_s),
        notice_s=on_grid(fault.notice_s),
    )


def _staffing(scenario: Scenario, name: str, group: AgentGroup, start_s: float) -> Staffing:
    """Slots of one group at the start and at every step after it."""
    duty = list(zip(map(scenario.instant, group.on_duty.at), group.on_duty.persons, strict=True))
    leaves = [f for f in scenario.faults if f.kind == "agents-leave"]
    edges = {scenario.instant(f.at) for f in leaves} | {scenario.instant(f.at) + f.for_ for f in leaves}
    later = sorted(t for t in edges | {at for at, _ in duty} if t > start_s)
    steps = {start_s: start_s} | {on_grid(t): t for t in later}  # of several within a grid step the last counts
    slots = []
    for instant in steps.values():
        on_duty = next((persons for at, persons in reversed(duty) if at <= instant), 0)
        present = rules.round_half_up(on_duty * group.availability)
        away = sum(rules.round_half_up(share * present) for share in shares_away(scenario, name, instant))
        slots.append(max(0, present - away) * group.chats)
    return Staffing(name, tuple(steps), tuple(slots))
