"""``crestline drill --dry-run``: what a drill would do to whom, without a single request."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from crestline.errors import TargetError
from crestline.live import adapters, guards
from crestline.live.adapters.desk import TOKEN
from crestline.live.faults import ON_TARGET
from crestline.live.faults.here import Here, obstacle, own_obstacle
from crestline.live.files import most_slots
from crestline.live.hosts import is_this_machine
from crestline.live.plan import Plan
from crestline.live.transport import transport
from crestline.notify import Channel
from crestline.scenario import Scenario
from crestline.tables import Staffing, Timeline
from crestline.units import format_duration
from crestline.verbs.announce import announcement
from crestline.verbs.pace import at_pace
from crestline.workload import Span, sample, timeline, window

MINUTES = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240)
THIS_MACHINE = "http://127.0.0.1"
HEADS = ("from", "customers", "a minute", "busiest one")
ROWS = 24  # at most so many lines of arrivals


def dry_run(
    scenario: Scenario,
    *,
    host: str | None,
    adapter: str,
    seed: int,
    level: float | None,
    workers: int,
    agents: bool,
    notify: Sequence[Channel] = (),
) -> Iterator[str]:
    """What would happen, line by line; refuses what the drill would refuse before it sends anything."""
    scenario = at_pace(scenario, level)
    span = window(scenario)
    arrivals = planned_arrivals(scenario, seed, span)
    check_drill(scenario, host, adapter, arrivals)
    peak = guards.peak_rate(real_instants(scenario, arrivals))
    yield f"{scenario.name}, seed {seed}: a dry run, nothing is sent"
    where = "this machine" if host is None or is_this_machine(host) else "another machine: needs --yes, or a terminal"
    at = f"{host or 'a reference desk started for it'} ({where})"
    yield from announcement(scenario, span, at, adapter, agents=agents, notify=notify)
    yield f"peak      {peak:,.0f} customers within a real second, of {scenario.load_test.max_rate:,g} allowed"
    line = timeline(scenario, span)
    yield _connections(scenario, line, workers, agents=agents)
    yield _marks(scenario)
    yield from _ends(scenario)
    yield ""
    yield from _table(scenario, arrivals, line, agents=agents)


def check_drill(scenario: Scenario, host: str | None, adapter: str, arrivals: NDArray[np.float64]) -> None:
    """Refuse a drill that cannot or must not be, before anything is started or sent.

    The adapter has to be there, the host has to be allowed, what the scenario names has to be in the environment,
    faults have to be possible as far as that is not the target's word, and the load has to stay within what is allowed.
    """
    can = adapters.load(adapter).capabilities
    if host:
        guards.check_host(host, scenario.load_test.allowed_hosts)
    transport(scenario, host or THIS_MACHINE, "")
    here = Here(host or "", can, os.environ.get(TOKEN, ""))
    for index, fault in enumerate(scenario.faults):
        why = own_obstacle(scenario, index, here.host) if fault.kind in ON_TARGET else obstacle(scenario, index, here)
        if why:
            msg = f"faults[{index}]: {fault.kind} cannot be brought about: {why}"
            raise TargetError(msg)
    guards.check_rate(real_instants(scenario, arrivals), scenario.load_test.max_rate)


def planned_arrivals(scenario: Scenario, seed: int, span: Span) -> NDArray[np.float64]:
    """When the first contacts of the window are due, in seconds since ``day.start``, ascending."""
    due = sample(scenario, seed, span, day_factor=False).first_planned_s
    return due[due < span.end_s]


def real_instants(scenario: Scenario, arrivals: NDArray[np.float64]) -> list[float]:
    """The same in real seconds, on a clock that begins whenever."""
    instants: list[float] = (arrivals / scenario.load_test.time_scale).tolist()
    return instants


def _connections(scenario: Scenario, line: Timeline, workers: int, *, agents: bool) -> str:
    at_once, slots = Plan("", 0).in_flight, most_slots(scenario, line) if agents else 0
    played = f"{workers} processes" if workers > 1 else "one process"
    return f"wire      {played}, up to {at_once:,} customers at once (one more is dropped), {slots:,} slots of agents"


def _marks(scenario: Scenario) -> str:
    mark = scenario.load_test.mark
    asked = f"; GET {mark.probe.path} is asked whether that is honoured" if mark.probe else ""
    return f"marks     {mark.header}: {mark.told('RUN')} on every request, customers named {mark.prefix}N{asked}"


def _ends(scenario: Scenario) -> Iterator[str]:
    test, budget = scenario.load_test, scenario.load_test.error_budget
    deadline = format_duration(test.deadline) if test.deadline else "none"
    yield (
        f"stops     when more than {budget.share:.0%} of {budget.of} contacts fail (grace "
        f"{format_duration(budget.grace)}); deadline: {deadline}; a file named stop in the run folder"
    )


def _table(scenario: Scenario, arrivals: NDArray[np.float64], line: Timeline, *, agents: bool) -> Iterator[str]:
    """Arrivals by minute, or by several where the window is long, and slots on duty; in scenario time."""
    groups = line.staffing if agents else ()
    minutes = next((m for m in MINUTES if (line.end_s - line.start_s) / 60 / m <= ROWS), MINUTES[-1])
    yield "".join(f"{head:>14}" for head in (*HEADS, *(g.group for g in groups)))
    edges = [*np.arange(line.start_s, line.end_s, 60 * minutes).tolist(), line.end_s]
    for start, end in pairwise(edges):
        inside = arrivals[(arrivals >= start) & (arrivals < end)]
        counts = [len(list(each)) for _, each in groupby(((inside - start) // 60).tolist())]
        cells = (scenario.clock(start), f"{len(inside):,}", f"{len(inside) / (end - start) * 60:,.1f}")
        slots = (f"{_slots(group, start, end):,}" for group in groups)
        yield "".join(f"{cell:>14}" for cell in (*cells, f"{max(counts, default=0):,}", *slots))


def _slots(group: Staffing, start: float, end: float) -> int:
    """The most slots on duty within a stretch."""
    before = max((at for at in group.time_s if at <= start), default=group.time_s[0])
    return max(n for at, n in zip(group.time_s, group.slots, strict=True) if before <= at < end)
