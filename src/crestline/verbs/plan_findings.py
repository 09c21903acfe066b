"""What a reader should know beside a staffing plan's roster, in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from crestline.scenario import Objective
from crestline.staffing import FEWEST, FRESH, MAXIMUM, Beyond, Cover, Planned
from crestline.tables import Ints
from crestline.units import format_duration, format_share
from crestline.verbs.planned import clock


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
        best = f"{format_share(worst.share)}{_within(objective)} at best at {clock(made, worst.interval)}"
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
        first, end = clock(made, some[0]), clock(made, some[-1] + 1)
        said.append(f"from {first} to {end}")
    return ", ".join(said)
