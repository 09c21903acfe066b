"""The table of pools, put together from what a live run has written down; all instants in scenario seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from crestline.scenario import Scenario
from crestline.tables import Floats, Outcomes, Pools, Timeline


class Move(NamedTuple):
    """A slot's ``login``, ``claim``, ``done``, ``logout``; or the group's ``step`` or ``standby`` to ``slots``."""

    time_s: float
    group: str
    slot: str
    what: str
    slots: int


class Change(NamedTuple):
    """A pool's ``ready``, ``busy`` or ``waiting`` changes by a number, or to it."""

    time_s: float
    pool: str
    what: str
    number: int
    is_level: bool = False


def staff(moves: Iterable[Move], timeline: Timeline) -> Iterator[Change]:
    """Ready are the slots logged in, up to as many as the group is to have; busy from claim to done."""
    wanted = {staffing.group: staffing.slots[0] for staffing in timeline.staffing}
    present = dict.fromkeys(wanted, 0)
    busy: set[str] = set()
    for move in moves:
        at, group = max(move.time_s, timeline.start_s), move.group
        if move.what == "standby":
            yield Change(at, "standby", "ready", move.slots, is_level=True)
        elif move.what == "claim":
            busy.add(move.slot)
            yield Change(at, group, "busy", 1)
        elif move.slot in busy:
            busy.remove(move.slot)
            yield Change(at, group, "busy", -1)
        if move.what in ("login", "logout", "step"):
            wanted[group] = move.slots if move.what == "step" else wanted[group]
            present[group] += {"login": 1, "logout": -1, "step": 0}[move.what]
            yield Change(at, group, "ready", min(present[group], wanted[group]), is_level=True)


def waits(outcomes: Outcomes, skills: Sequence[int], scenario: Scenario, timeline: Timeline) -> Iterator[Change]:
    """Contacts in a queue count as waiting for the group that has its skill earliest; ``skills`` is the first queue."""
    homes = [_home(scenario, skill) for skill in scenario.contacts]
    last = np.full(len(outcomes), timeline.stop_s + timeline.drain_s)
    until = _first(outcomes.claimed_s, outcomes.ended_s, last)
    again_until = _first(outcomes.served_s, outcomes.ended_s, last)
    for row in np.flatnonzero(~np.isnan(outcomes.queued_s)).tolist():
        yield from _stay(homes[skills[row]], outcomes.queued_s[row], until[row])
    for row in np.flatnonzero(~np.isnan(outcomes.passed_s)).tolist():
        yield from _stay(homes[outcomes.contact[row]], outcomes.passed_s[row], again_until[row])


def sizes(pool: str, time_s: Floats, columns: Mapping[str, Floats]) -> Iterator[Change]:
    """A pool of the target, looked at every now and then."""
    for what, column in columns.items():
        changed = np.flatnonzero(np.diff(column, prepend=-1))
        for at in changed.tolist():
            yield Change(float(time_s[at]), pool, what, int(column[at]), is_level=True)


def table(changes: Iterable[Change], scenario: Scenario) -> Pools:
    """A row for every change."""
    names = scenario.pools
    now = {name: {"ready": 0, "busy": 0, "waiting": 0} for name in names}
    rows = []
    for change in sorted(changes, key=lambda change: change.time_s):
        pool = now[change.pool]
        pool[change.what] = change.number if change.is_level else pool[change.what] + change.number
        rows.append((change.time_s, names.index(change.pool), pool["ready"], pool["busy"], pool["waiting"]))
    columns = np.array(rows, dtype=np.float64).reshape(-1, 5)
    index, ready, busy, waiting = columns[:, 1:].T.astype(np.int64)
    return Pools(columns[:, 0], index, ready, busy, waiting, names)


def _stay(pool: str, since: float, until: float) -> Iterator[Change]:
    yield Change(float(since), pool, "waiting", 1)
    yield Change(float(max(since, until)), pool, "waiting", -1)


def _first(*instants: Floats) -> Floats:
    """The first of the columns in which something happened, row by row."""
    found = instants[0]
    for column in instants[1:]:
        found = np.where(np.isnan(found), column, found)
    return found


def _home(scenario: Scenario, skill: str) -> str:
    """The group in whose list a skill stands earliest; of several the first in the file."""
    serving = [
        (g.skills.index(skill), i, name) for i, (name, g) in enumerate(scenario.agents.items()) if skill in g.skills
    ]
    return min(serving)[2]
