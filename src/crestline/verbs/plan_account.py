"""What ``run.json`` says of a staffing plan: its proof, every interval, every group in it, and the shifts."""

from __future__ import annotations

from typing import Any

import numpy as np

from crestline.staffing import FEWEST, FRESH, RISK, Beyond, Cover, Planned, allowed
from crestline.units import format_clock
from crestline.verbs.planned import clock


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
            "missed": [clock(made, i) for i in np.flatnonzero(verified.missed).tolist()],
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
        "start": clock(made, each.interval),
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
