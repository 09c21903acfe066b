"""Recovery belongs to the roster as a whole: agents are added after a fault until the service is back in time.

It is asked as in a drill: on average days, with the scenario's faults and standby. What most days say counts: on a few
a second fault, or the next step of the roster, keeps customers waiting for an hour, which would rule any mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from crestline.measures import Recovery
from crestline.measures.recovery import MET, worst
from crestline.replicate.days import play_workload
from crestline.scenario import Objective, Scenario
from crestline.staffing.days import Days
from crestline.staffing.reach import Reach
from crestline.tables import Bools, Ints
from crestline.workload import day

DAYS = 30
HELD = 0.75  # of these days; most of others is what counts in the end
ROUNDS = 10
SHARE = 0.05  # of the agents, added in the first round; more in each that follows
MORE = 1.15
OFTEN = 0.1  # of the days: an interval in which recovery fails that often gets agents
Say = Callable[[str], None]
Struck = Sequence[tuple[Recovery, ...]]


def restore(days: Days, scenario: Scenario, reach: Reach, ready: Ints, say: Say) -> Ints:
    """A roster with which recovery holds, too; the same one where it does, or where more agents do not help."""
    objective = next((o for o in scenario.objectives if o.measure == "recovery"), None)
    if objective is None or not scenario.faults:
        return ready
    least = ready
    for share in (SHARE * MORE ** np.arange(ROUNDS)).tolist():
        struck = _play(days, scenario, ready)
        if _is_met(struck, objective):
            return _trim(days, scenario, least, ready, objective, say)
        more = reach.more(ready, _lacking(days, struck, objective), share)
        if np.array_equal(more, ready):
            break
        held = sum(_holds(one, objective) for one in struck)
        say(f"recovery as a whole: holds on {held} of {DAYS} days, {int((more - ready).sum())} agents more")
        ready = more
    return ready


def _trim(days: Days, scenario: Scenario, least: Ints, ready: Ints, objective: Objective, say: Say) -> Ints:
    """Take back half of what was added to an interval, where recovery holds without it."""
    for interval in np.flatnonzero((ready > least).any(axis=0)).tolist():
        fewer = ready.copy()
        fewer[:, interval] -= (ready - least)[:, interval] // 2
        if not np.array_equal(fewer, ready) and _is_met(_play(days, scenario, fewer), objective):
            say(f"recovery as a whole: {int((ready - fewer).sum())} agents fewer")
            ready = fewer
    return ready


def _play(days: Days, scenario: Scenario, ready: Ints) -> Struck:
    grid = days.grid
    staffed = grid.staffed(scenario, grid.persons(ready))
    span = day(scenario, days.span.level)

    def one(number: int) -> tuple[Recovery, ...]:
        workload = days.customers.sample(staffed, days.seed, span, number, day_factor=False, simulated=True)
        return play_workload(staffed, span, workload, days.engine).digest.recoveries()

    return list(days.executor.map(one, range(DAYS)))


def _is_met(struck: Struck, objective: Objective) -> bool:
    """Whether it holds on so many days that it will on most of others, too."""
    return sum(_holds(one, objective) for one in struck) >= HELD * len(struck)


def _holds(recoveries: Sequence[Recovery], objective: Objective) -> bool:
    value = worst(recoveries)
    return value.value is not None and not value.over and objective.holds(value.value)


def _lacking(days: Days, struck: Struck, objective: Objective) -> Bools:
    """The intervals in which it often goes wrong: from its detection on for as long as recovery may take.

    Where it cannot be judged, that is the time before the fault, which was not steady.
    """
    edges = days.grid.edges_s
    votes = np.zeros(days.grid.intervals)
    before = 2 * days.scenario.recovery.sustain
    for recovery in (r for one in struck for r in one if r.result != MET and r.effective_s is not None):
        effect = recovery.effective_s or 0.0
        seen = recovery.detected_s
        first, last = (effect - before, effect) if seen is None else (seen, seen + objective.limit)
        votes += (edges[:-1] < last) & (edges[1:] > first)
    often = votes >= OFTEN * len(struck)
    return often if often.any() else (votes > 0) & (votes == votes.max())
