"""What a staffing plan is worth: its objectives judged, the gate it has to pass, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crestline import verdict
from crestline.measures import Value
from crestline.measures.recovery import INCONCLUSIVE, MET, MISSED
from crestline.measures.values import holds
from crestline.replicate import Day
from crestline.scenario import Objective
from crestline.staffing import Planned, allowed
from crestline.units import format_share
from crestline.verbs.account import Live
from crestline.verdict import Gate, Judged, Verdict

Values = Mapping[str, Value]
MOST = 0.5  # of the days


def judge(made: Planned, values: Values) -> list[Judged]:
    """Every objective: in its tightest interval, or by ``values`` of whole days where an interval cannot judge it."""
    objectives = made.days.objectives
    tightest = {o: _tightest(made, i) for i, o in enumerate(objectives) if made.standing.judged[i].any()}
    timed = [(o, interval) for o, interval in tightest.items() if o.stat is not None]
    seconds = made.days.percentiles_s(made.ready, timed) if timed else []
    percentiles = dict(zip([o for o, _ in timed], seconds, strict=True))
    judged = []
    for objective in made.grid.scenario.objectives:
        if objective in tightest:
            judged.append(_of_intervals(made, objective, tightest[objective], percentiles.get(objective)))
        else:
            judged.append(_of_the_whole(made, objective, values[objective.key]))
    return judged


def usual_recovery(days: Sequence[Day], mean: Value) -> Value:
    """Recovery on the median day of those on which it could be judged, in place of the mean over days."""
    seen = [day.measures[verdict.RECOVERY] for day in days]
    judged = sorted((v for v in seen if v.value is not None), key=lambda v: (v.over, v.value or 0.0))
    if not judged:
        return mean
    median = judged[(len(judged) - 1) // 2]
    return replace(mean, value=median.value, over=median.over, low=None, high=None)


def _of_the_whole(made: Planned, objective: Objective, value: Value) -> Judged:
    """An objective of whole days, judged by its value, as in a drill; recovery by what most days say."""
    result, why = (MET if holds(value, objective) else MISSED), "on the whole roster"
    if objective.key == verdict.RECOVERY and not made.grid.scenario.faults:
        result, why = MET, verdict.NO_FAULT
    elif value.value is None:
        result, why = INCONCLUSIVE, verdict.NOTHING_THERE
    elif objective.key == verdict.RECOVERY:
        why = f"on the whole roster: in time on {format_share(value.p_met or 0.0)} of average days"
        result = result if result == MISSED or (value.p_met or 0.0) >= MOST else INCONCLUSIVE
    return Judged(objective.text, objective.key, objective.op, objective.limit, None, None, value, result, why)


def _tightest(made: Planned, objective: int) -> int:
    """The interval in which an objective is closest to its limit, or farthest beyond it."""
    return int(made.standing.margin[objective].argmin())


def _of_intervals(made: Planned, objective: Objective, interval: int, seconds: float | None) -> Judged:
    index = made.days.objectives.index(objective)
    share, half = (float(a[index, interval]) for a in (made.standing.share, made.standing.half_width))
    if seconds is None:
        value = Value(share, max(0.0, share - half), min(1.0, share + half))
    else:
        never = float(made.days.span.end_s)
        value = Value(min(seconds, never), over=seconds > never)
    holds = made.standing.holds()[index].all() and not any(each.objective == index for each in made.reach.beyond)
    each = "" if objective.each_interval else " each interval"
    return Judged(
        name=f"{objective.text}{each}",
        measure=objective.key.removesuffix("@interval") + "@interval",
        op=objective.op,
        limit=objective.limit,
        measured=None,
        same_rows=None,
        forecast=value,
        result=MET if holds else MISSED,
        why=f"{clock(made, interval)}: {made.standing.said(index, interval)}",
    )


def gate(made: Planned) -> Gate:
    """Whether the roster held on days that had no part in finding it."""
    missed, may = float(made.verified.missed.sum()), float(allowed(made.grid.intervals))
    return Gate("intervals missed on fresh days", missed, may, made.verified.holds)


def trust(held: Gate) -> Live:
    """The one condition under which a plan can be trusted, where a run's account has its gates."""
    return Live(gates=[held])


def conclude(made: Planned, judged: Sequence[Judged], held: Gate) -> Verdict:
    """An objective out of reach is missed, whatever else; so is a need that no shift covers."""
    found = verdict.conclude(judged)
    if found.result == MISSED:
        return found
    if made.cover is not None and made.cover.uncovered.any():
        return Verdict(MISSED, verdict.EXIT_CODES[MISSED], "missed: at times no shift covers the need")
    return verdict.conclude(judged, [held])


def clock(made: Planned, interval: int) -> str:
    """When an interval begins, as the scenario's clock shows it."""
    return made.grid.scenario.clock(float(made.grid.edges_s[interval]))
