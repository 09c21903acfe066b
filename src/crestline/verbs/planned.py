"""What a staffing plan says: its objectives judged, its account for ``run.json``, and its findings in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np

from crestline import verdict
from crestline.measures import Value
from crestline.measures.recovery import INCONCLUSIVE, MET, MISSED
from crestline.measures.values import holds
from crestline.replicate import Day
from crestline.scenario import Objective
from crestline.staffing import FEWEST, FRESH, MAXIMUM, RISK, Beyond, Cover, Planned, allowed
from crestline.tables import Ints
from crestline.units import format_clock, format_duration, format_share
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
        why=f"{_clock(made, interval)}: {made.standing.said(index, interval)}",
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


def account(made: Planned) -> dict[str, Any]:
    """What ``run.json`` says of a plan beside what it says of every run."""
    verified = made.verified
    return {
        "days": made.days.count,
        "risk": RISK,
        "fewest_contacts": FEWEST,
        "rosters_tried": made.days.plays,
        "person_hours": float((made.persons * made.grid.hours).sum()),
        "cost": _cost(made),
        "one_less": {"breaks": int(made.found.spared.breaks.sum()), "of": int(made.found.spared.able.sum())},
        "verified": {
            "days": FRESH,
            "seed": verified.seed,
            "rounds": verified.rounds,
            "intervals": made.grid.intervals,
            "held": int((~verified.missed).sum()),
            "may_miss": allowed(made.grid.intervals),
            "missed": [_clock(made, i) for i in np.flatnonzero(verified.missed).tolist()],
            "added": int(made.verified.raised.sum()),
        },
        "intervals": [_interval(made, i) for i in range(made.grid.intervals)],
        "cells": [_cell(made, g, i) for i in range(made.grid.intervals) for g in range(len(made.grid.groups))],
        "beyond": [_beyond(made, each) for each in made.reach.beyond],
        "shifts": _shifts(made.cover) if made.cover else None,
    }


def _cost(made: Planned) -> float | None:
    prices = [group.cost_per_hour for group in made.grid.scenario.agents.values()]
    if not any(prices):
        return None
    return float((made.persons * made.grid.hours * np.array(prices)[:, None]).sum())


def _start(made: Planned, interval: int) -> dict[str, Any]:
    edges = made.grid.edges_s
    start, end = float(edges[interval]), float(edges[interval + 1])
    return {"start": made.grid.scenario.clock(start), "start_s": start, "length_s": end - start}


def _interval(made: Planned, interval: int) -> dict[str, Any]:
    """What came in an interval, and the objective that is closest to its limit there."""
    wanted = made.standing.judged[:, interval]
    row = _start(made, interval) | {"contacts": float(made.load.contacts[interval]), "tightest": None}
    if not wanted.any():
        return row
    index = int(made.standing.margin[:, interval].argmin())
    objective = made.days.objectives[index]
    share, bound, fresh = (
        float(a[index, interval]) for a in (made.standing.share, made.standing.bound, made.verified.standing.share)
    )
    tightest = {
        "objective": objective.text,
        "name": made.standing.name(index),
        "op": ">=" if objective.stat is not None else objective.op,
        "share": share,
        "bound": bound,
        "asked": float(made.standing.asked[index, 0]),
        "fresh": fresh,
        "held": bool(made.standing.holds()[index, interval]),
    }
    return row | {"tightest": tightest}


def _cell(made: Planned, group: int, interval: int) -> dict[str, Any]:
    name = made.grid.groups[group]
    most = int(made.grid.most_persons[group, interval])
    cell = _start(made, interval) | {
        "group": name,
        "offered_erlang": float(made.load.slots[group, interval]),
        "offered_persons": float(made.offered_persons[group, interval]),
        "need": None if made.reach.exhausted[group, interval] else float(made.need[group, interval]),
        "agents": int(made.persons[group, interval]),
        "slots": int(made.ready[group, interval]) * made.grid.scenario.agents[name].chats,
        "minimum": int(made.grid.least_persons[group, interval]),
        "maximum": most if made.grid.limited[group, interval] else None,
        "one_less_breaks": bool(made.found.spared.breaks[group, interval])
        if made.found.spared.able[group, interval]
        else None,
        "added": int(made.verified.raised[group, interval]),
        "for_recovery": int(made.verified.for_recovery[group, interval]),
    }
    on_duty = made.cover.least_on_duty(made.grid.edges_s) if made.cover else None
    return cell | ({} if on_duty is None else {"on_duty": int(on_duty[group, interval])})


def _beyond(made: Planned, each: Beyond) -> dict[str, Any]:
    objective = made.days.objectives[each.objective]
    return {
        "objective": objective.text,
        "start": _clock(made, each.interval),
        "why": each.why,
        "best": each.share,
        "bound": each.bound,
    }


def _shifts(cover: Cover) -> dict[str, Any]:
    return {
        "worked": [
            {
                "group": turn.group,
                "shift": turn.shift,
                "start": format_clock(turn.start_s),
                "end": format_clock(turn.end_s),
                "persons": persons,
                "paid_hours": turn.paid_s / 3600 * persons,
                "cost": None if turn.cost is None else turn.cost * persons,
            }
            for turn, persons in cover.turns
        ],
        "paid_hours": cover.paid_hours,
        "over_hours": cover.over_hours,
        "cost": cover.cost,
        "least_cost": cover.least_cost,
        "covered": not cover.uncovered.any(),
    }


def findings(made: Planned) -> list[str]:
    """What a reader should know beside the roster."""
    return [
        *_out_of_reach(made),
        *_proof(made),
        *_recovering(made),
        *_too_few(made),
        *(_of_shifts(made, made.cover) if made.cover else ()),
    ]


def _out_of_reach(made: Planned) -> Iterator[str]:
    """Which objective cannot be met, the best there is, where that binds, and why."""
    for (index, why), some in groupby(made.reach.beyond, key=lambda each: (each.objective, each.why)):
        cases = list(some)
        objective = made.days.objectives[index]
        worst = min(cases, key=lambda each: each.bound * (-1 if not _more_is_better(objective) else 1))
        best = f"{format_share(worst.share)}{_within(objective)} at best at {_clock(made, worst.interval)}"
        asked = f"{format_share(float(made.standing.asked[index, 0]))} asked"
        where = _stretches(made, [each.interval for each in cases])
        if why == MAXIMUM:
            yield f"{objective.text} cannot be met {where} with {_maxima(made, cases)}: {best}, {asked}"
        else:
            yield (
                f"{objective.text} cannot be met {where} by any number of agents: {best} with practically unlimited "
                f"ones, {asked}; {_decided_by(objective, made)}"
            )


def _more_is_better(objective: Objective) -> bool:
    return objective.at_least or objective.stat is not None


def _within(objective: Objective) -> str:
    return f" within {format_duration(objective.limit)}" if objective.stat is not None else ""


def _decided_by(objective: Objective, made: Planned) -> str:
    if objective.measure in {"frt", "agent_frt", "satisfaction"} and made.grid.scenario.triage:
        return "the bot alone misses it: look at triage.reply_time and triage.pool"
    return "other parts of the scenario decide it"


def _maxima(made: Planned, cases: list[Beyond]) -> str:
    intervals = [each.interval for each in cases]
    said = []
    for group, name in enumerate(made.grid.groups):
        limited = [i for i in intervals if made.grid.limited[group, i]]
        if limited:
            said.append(f"at most {int(made.grid.most_persons[group, limited].max())} {name}")
    return " and ".join(said)


def _proof(made: Planned) -> Iterator[str]:
    verified = made.verified
    if made.verified.raised.any():
        yield f"on fresh days some intervals did not hold, so agents were added: {_added(made, made.verified.raised)}"
    if verified.missed.any():
        where = _stretches(made, np.flatnonzero(verified.missed).tolist())
        risk = "within" if verified.holds else "more than"
        yield f"on the last {FRESH} fresh days an objective was missed {where}: {risk} the stated risk"


def _recovering(made: Planned) -> Iterator[str]:
    ready = made.verified.for_recovery
    if ready.any():
        yield f"for recovery, which is judged on the whole roster, agents were added: {_added(made, ready)}"


def _added(made: Planned, ready: Ints) -> str:
    """How many ready agents of each group, and when."""
    return "; ".join(
        f"{int(row.max())} {name} {_stretches(made, np.flatnonzero(row).tolist())}"
        if row[row > 0].min() == row.max()
        else f"{int(row[row > 0].min())} to {int(row.max())} {name} {_stretches(made, np.flatnonzero(row).tolist())}"
        for name, row in zip(made.grid.groups, ready, strict=True)
        if row.any()
    )


def _too_few(made: Planned) -> Iterator[str]:
    few = ~made.standing.judged.any(axis=0)
    if few.any():
        where = _stretches(made, np.flatnonzero(few).tolist())
        yield f"{where}: fewer than {FEWEST} contacts in {made.days.count} days, staffed by their offered load"


def _of_shifts(made: Planned, cover: Cover) -> Iterator[str]:
    for group, name in enumerate(made.grid.groups):
        if cover.uncovered[group].any():
            first = int(np.flatnonzero(cover.uncovered[group])[0])
            at = made.grid.scenario.clock(float(cover.edges_s[first]))
            need = int(cover.required[group, first])
            yield f"shifts: nobody of {name} is on duty at {at}, where {need} are needed; add a shift that covers it"
    for name in cover.beyond_maximum:
        yield f"shifts: to cover the need, more {name} are on duty at times than plan.maximum allows"


def _stretches(made: Planned, intervals: list[int]) -> str:
    """Intervals in words: ``from 20:00 to 21:30, at 23:00``."""
    said = []
    for _, run in groupby(enumerate(sorted(set(intervals))), key=lambda pair: pair[1] - pair[0]):
        some = [interval for _, interval in run]
        first, end = _clock(made, some[0]), _clock(made, some[-1] + 1)
        said.append(f"from {first} to {end}")
    return ", ".join(said)


def _clock(made: Planned, interval: int) -> str:
    return made.grid.scenario.clock(float(made.grid.edges_s[interval]))
