"""The handbook as a drill replayed it: what was due when, when it was done, and by whom.

What a drill can see was done by the harness, its virtual agents or the service. What only people can do was done
where somebody marked it (``crestline done``), be it before the fault; else it was not played, and says so: an
unattended drill proves nothing about the voice that should have spoken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from crestline.compare import World
from crestline.live.records import Records
from crestline.measures.alert_counts import alerts
from crestline.measures.recovery import Recovery
from crestline.report.handbook import steps
from crestline.report.handbook.replay import LATER, NOBODY, UNATTENDED, UNMARKED
from crestline.report.handbook.steps import Step
from crestline.report.handbook.words import who
from crestline.report.milestones import standby_came
from crestline.scenario import Scenario
from crestline.verbs.account import finite_only
from crestline.verbs.done import Mark, marks

HARNESS, VIRTUAL = f"the harness{UNATTENDED}", "virtual agents"
EVER = (-math.inf, math.inf)
UNNOTICED = "not needed: customers did not notice"


class Done(NamedTuple):
    """When a step was done, as an instant, and by whom; or why it was not."""

    at_s: float | None
    by: str


def account_of_handbook(scenario: Scenario, world: World | None, records: Records | None = None) -> dict[str, Any]:
    """Rows of ``handbook``, fault by fault: instants since ``day.start``. The golden hours count from the first."""
    if world is None:
        return {}
    marked = list(marks(records)) if records else []
    rows = list(_rows(scenario, world, records, marked))
    if marked:
        rows = [row | {"by": row["by"].removesuffix(UNATTENDED)} for row in rows]
    said: dict[str, Any] = finite_only({"handbook": sorted(rows, key=lambda row: row["due_s"])})
    return said


def _rows(
    scenario: Scenario, world: World, records: Records | None, marked: Sequence[Mark]
) -> Iterator[dict[str, Any]]:
    struck = {number: one for number, one in enumerate(world.recoveries, 1) if one.effective_s is not None}
    for number, recovery in struck.items():
        done = _done(scenario, world, recovery, records)
        asked = [(step, _belongs(scenario, step, recovery, [*struck.values()])) for step in _own(scenario, recovery)]
        asked += [(step, EVER) for step in steps.golden(scenario) if number == min(struck)]
        for step, during in asked:
            seen = _marked(step, marked, during) or done.get(step.sign)
            seen = seen or _by_nobody(step, recovery, world, attended=bool(marked))
            yield _row(scenario, step, number, recovery, seen)


def _own(scenario: Scenario, recovery: Recovery) -> list[Step]:
    """What the fault that a recovery is about asks for in its first minutes."""
    return steps.at_once(scenario, _planned(scenario, recovery))


def _planned(scenario: Scenario, recovery: Recovery) -> Any:
    """The fault of the scenario that a recovery is about."""
    same = [fault for fault in scenario.faults if fault.kind == recovery.kind]
    return min(same, key=lambda fault: abs(scenario.instant(fault.at) - recovery.planned_s))


def _row(scenario: Scenario, step: Step, number: int, recovery: Recovery, done: Done) -> dict[str, Any]:
    """``fault_number`` is the fault's place among the run's ``faults``, from 1."""
    return {
        "phase": step.phase,
        "step": step.text,
        "role": step.role,
        "who": who(scenario, step.role),
        "fault": recovery.kind,
        "fault_number": number,
        "fault_planned_s": recovery.planned_s,
        "fault_effective_s": recovery.effective_s,
        "due_s": (recovery.effective_s or 0.0) + step.due_s,
        "done_s": done.at_s,
        "by": done.by,
    }


def _belongs(scenario: Scenario, step: Step, recovery: Recovery, struck: Sequence[Recovery]) -> tuple[float, float]:
    """From when until when a mark is this fault's, of all that have the step; the first has what was done before it."""
    same = [each for each in struck if step.text in {one.text for one in _own(scenario, each)}]
    since_s = recovery.effective_s or 0.0
    later = (each.effective_s or 0.0 for each in same)
    return (-math.inf if recovery is same[0] else since_s), next((at for at in later if at > since_s), math.inf)


def _marked(step: Step, marked: Sequence[Mark], during: tuple[float, float]) -> Done | None:
    """What somebody marked first within some time."""
    found = (one for one in marked if one.step == step.text and during[0] <= one.at_s < during[1])
    first = next(found, None)
    return first and Done(first.at_s, first.by)


def _by_nobody(step: Step, recovery: Recovery, world: World, *, attended: bool) -> Done:
    later = (recovery.effective_s or 0.0) + step.due_s > world.timeline.stop_s
    return Done(None, LATER if later else UNMARKED if attended else NOBODY)


def _done(scenario: Scenario, world: World, recovery: Recovery, records: Records | None) -> dict[str, Done]:
    """What became of every step that a drill can see."""
    effective = recovery.effective_s or 0.0
    back = recovery.operational_recovery_s
    until = world.timeline.stop_s if back is None else effective + back
    seen, why = recovery.detected_s, _why_not(recovery)
    done = {
        steps.SEEN: Done(seen, HARNESS if seen is not None else why),
        steps.ALERT: _alarmed(scenario, world, records, effective, until),
        steps.HEALED: _healed(recovery),
        steps.BACK: Done(None, why) if why else Done(until, "the service"),
    }
    return done | dict(_standby(scenario, world, effective, until))


def _healed(recovery: Recovery) -> Done:
    """When the fault was undone and the target well again, as one that was hardly hurt may have been all along."""
    if recovery.technical_recovery_s is None:
        return Done(None, "not seen to be over")
    well_s = (recovery.effective_s or 0.0) + recovery.technical_recovery_s
    return Done(max(well_s, recovery.healed_s or well_s), "the drill: the fault was undone")


def _why_not(recovery: Recovery) -> str:
    """Why queues were not seen to come back; empty where they were."""
    if recovery.operational_recovery_s is None:
        return f"could not be judged: {recovery.why}"
    if recovery.detected_s is None:
        return UNNOTICED
    return "given up" if recovery.over else ""


def _alarmed(scenario: Scenario, world: World, records: Records | None, effective: float, until: float) -> Done:
    """Level 1 as it was told live; where nothing was told, as the finished tables have it."""
    told = [(a.at_s, a.told_s) for a in (records.alerts() if records else ()) if a.level == 1]
    told = told or [(a.at_s, a.at_s) for a in alerts(world.outcomes, scenario, world.timeline) if a.level == 1]
    first = next((seen for at, seen in told if effective <= at <= until), None)
    return Done(first, HARNESS if first is not None else "not raised")


def _standby(scenario: Scenario, world: World, effective: float, until: float) -> Iterator[tuple[str, Done]]:
    standby = scenario.standby
    if standby is None:
        return
    came = standby_came(world.pools, standby, effective, until)
    if came is None:
        missing = Done(None, "there before the fault" if _is_there(world, effective) else "not called")
        yield from ((sign, missing) for sign in (steps.CALLED, steps.THERE, steps.HOME))
        return
    called, there = came
    yield steps.CALLED, Done(None, "called before the fault") if called is None else Done(effective + called, HARNESS)
    yield steps.THERE, Done(effective + there, VIRTUAL)
    left = _left(world, effective + there)
    yield steps.HOME, Done(left, VIRTUAL if left is not None else "still there as the drill ended")


def _left(world: World, there_s: float) -> float | None:
    """When standby agents had all left again."""
    pool = world.pools.of("standby")
    gone = pool.time_s[(pool.ready == 0) & (pool.time_s > there_s)]
    return float(gone[0]) if len(gone) else None


def _is_there(world: World, at_s: float) -> bool:
    """Whether standby agents were ready at an instant."""
    pool = world.pools.of("standby")
    return bool(len(pool.ready[pool.time_s <= at_s]) and pool.ready[pool.time_s <= at_s][-1] > 0)
