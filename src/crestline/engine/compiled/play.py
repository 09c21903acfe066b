"""One play: the world is set up, time runs in the kernel, and what came about is handed on in tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from crestline.engine.compiled import kernel
from crestline.engine.compiled import world as tables
from crestline.engine.compiled.setup import (
    empty_changes,
    rows_of,
    with_more_places,
    world_of,
)
from crestline.engine.compiled.world import Changes, Columns, Records, Rows, World
from crestline.scenario import Scenario
from crestline.tables import OUTCOME_COLUMNS, Outcomes, Pools, Timeline, Workload

CHANGES = 8  # of pools, for every outcome: more room than is usual
Piece = tuple[Records, Changes]


def play(scenario: Scenario, workload: Workload, timeline: Timeline) -> tuple[Outcomes, Pools]:
    """Play a workload along a timeline: what became of every contact, and who was busy when."""
    ended, changes = zip(*_pieces(scenario, [workload], timeline, len(workload) + 1), strict=True)
    order = _by_row([piece["row"] for piece in ended], len(workload))
    return _outcomes(scenario, _joined(ended), order), _pools(
        scenario, Changes(*map(_joined, zip(*changes, strict=True)))
    )


def play_chunks(
    scenario: Scenario, chunks: Iterable[Workload], timeline: Timeline, piece: int
) -> Iterator[tuple[Outcomes, Pools]]:
    """Play a workload that comes in chunks; what came about comes in pieces of about ``piece`` outcomes.

    Outcomes come in order of ending, changes of pools in order of time. Memory holds the contacts in the system, a
    chunk and a piece.
    """
    for ended, changes in _pieces(scenario, chunks, timeline, piece):
        yield _outcomes(scenario, ended, np.arange(len(ended), dtype=np.int32)), _pools(scenario, changes)


def _pieces(scenario: Scenario, chunks: Iterable[Workload], timeline: Timeline, room: int) -> Iterator[Piece]:
    """What comes about, whenever ``room`` outcomes are full, and at the end."""
    world = _with_empty_columns(world_of(scenario, timeline), room)
    coming = iter(chunks)
    rows = rows_of(next(coming), is_last=False)
    while (why := kernel.run(world, rows)) != tables.OVER:
        if why == tables.WANTS_ROWS:
            rows = _next_rows(world, rows, coming)
        elif why == tables.WANTS_PLACES:
            world = with_more_places(world)
        else:
            yield _taken(world)
            world = _with_empty_columns(world, room)
    yield _taken(world)


def _next_rows(world: World, rows: Rows, coming: Iterator[Workload]) -> Rows:
    """The next chunk; when there is none, the rows at hand were the last."""
    chunk = next(coming, None)
    if chunk is None:
        rows.piece["is_last"] = True
        return rows
    world.clock["next_row"] = 0
    return rows_of(chunk, is_last=False)


def _with_empty_columns(world: World, room: int) -> World:
    """Columns for what comes about: for ``room`` outcomes, and enough for whatever one event may lead to."""
    room = max(room, int(world.clock["wanted"][0]))
    return world._replace(ended=np.empty(room, tables.ENDED), changes=empty_changes(CHANGES * room))


def _taken(world: World) -> Piece:
    """What came about since it was last taken."""
    ended, changes = (int(world.clock[name][0]) for name in ("ended", "changes"))
    world.clock["ended"], world.clock["changes"] = 0, 0
    return world.ended[:ended], Changes(*(column[:changes] for column in world.changes))


def _joined(parts: Sequence[Records]) -> Records:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _by_row(ended: Sequence[Records], rows: int) -> Records:
    """Where the outcomes stand that were noted in order of ending, in order of row."""
    row = _joined(ended)
    place = np.full(rows, -1, np.int32)
    place[row] = np.arange(len(row), dtype=np.int32)
    return place[place >= 0]


def _outcomes(scenario: Scenario, ended: Records, order: Records) -> Outcomes:
    columns = Columns(*(np.empty(len(order), OUTCOME_COLUMNS[name].dtype) for name in Columns._fields))
    kernel.spread(ended, order, columns)
    return Outcomes(
        **columns._asdict(),
        sent_s=columns.planned_s,
        contacts=tuple(scenario.contacts),
        groups=tuple(scenario.agents),
    )


def _pools(scenario: Scenario, changes: Changes) -> Pools:
    return Pools(**changes._asdict(), names=scenario.pools)
