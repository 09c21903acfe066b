"""The forecast beside the measurement: the same rows played twice, and how far the two worlds agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crestline.measures.recovery import Recovery, worst
from crestline.measures.response import first_response_s
from crestline.measures.tally import in_scope
from crestline.measures.values import Value
from crestline.scenario import Scenario
from crestline.tables import Floats, Ints, Outcomes, Pools, Timeline

SAME_OUTCOME = 0.97
BUCKETS = 2  # operational recovery may differ by as many
ILL_CONDITIONED = (0.09, 0.11)  # with so many never answered the p90 of first responses may be anything
SHARE_WITHIN = 0.02


@dataclass(frozen=True)
class World:
    """One play of the rows, measured or simulated: what happened, how it recovered, and what it comes to."""

    outcomes: Outcomes
    pools: Pools
    timeline: Timeline
    recoveries: Sequence[Recovery]
    values: Mapping[str, Value]
    parts: tuple[Mapping[str, Value], ...] = ()  # the same in every part of the timeline


@dataclass(frozen=True)
class Agreement:
    """How many contacts were in either world, and the share of them that ended alike in both."""

    rows: int
    same_outcome: float | None


@dataclass(frozen=True)
class Cell:
    """One quantity in both worlds, how far they may be apart, and whether they are no further."""

    name: str
    measured: float | None
    same: float | None
    tolerance: float
    ok: bool


TOLERANCES = {  # measure: share of the measured value, at least so much
    "frt_p50_s": (0.05, 1.0),
    "frt_p90_s": (0.08, 3.0),
    "agent_frt_p90_s": (0.12, 6.0),
    "abandonment": (0.0, 0.01),
    "mean_wait_s": (0.05, 1.0),
}


def agreement(measured: Outcomes, same: Outcomes, timeline: Timeline) -> Agreement:
    """Contacts of the window, matched by customer and attempt; one that is in one world only ended differently."""
    here, there = _keys(measured), _keys(same)
    common, i, j = np.intersect1d(here, there, assume_unique=True, return_indices=True)
    scope = in_scope(measured, timeline)
    alike = int(((measured.outcome[i] == same.outcome[j]) & scope[i]).sum())
    lonely = int((in_scope(same, timeline) & ~np.isin(there, common)).sum())
    rows = int(scope.sum()) + lonely
    return Agreement(rows, alike / rows if rows else None)


def agree(measured: World, same: World, scenario: Scenario) -> list[Cell]:
    """Every quantity in which the two worlds must agree, and whether they do."""
    limit = scenario.recovery.limit
    cells = []
    for name, (share, least) in TOLERANCES.items():
        if name == "frt_p90_s" and any(_is_ill_conditioned(world) for world in (measured, same)):
            here, there = _share_within(measured, limit), _share_within(same, limit)
            cells.append(_cell(f"frt_within_{limit:g}s", here, there, SHARE_WITHIN))
        else:
            cells.append(_cell_of(name, measured.values[name], same.values[name], share, least))
    alike = agreement(measured.outcomes, same.outcomes, measured.timeline).same_outcome
    cells.append(Cell("same_outcome", alike, 1.0, 1 - SAME_OUTCOME, alike is not None and alike >= SAME_OUTCOME))
    if measured.recoveries or same.recoveries:
        seen, expected = worst(measured.recoveries), worst(same.recoveries)
        cells.append(_cell_of("operational_recovery_s", seen, expected, 0.0, BUCKETS * scenario.recovery.bucket))
    return cells


def _keys(outcomes: Outcomes) -> Ints:
    return outcomes.customer.astype(np.int64) << 16 | outcomes.attempt


def _first_responses(world: World) -> Floats:
    return first_response_s(world.outcomes.take(in_scope(world.outcomes, world.timeline)))


def _share_within(world: World, limit_s: float) -> float | None:
    first = _first_responses(world)
    return float((first <= limit_s).mean()) if len(first) else None


def _is_ill_conditioned(world: World) -> bool:
    first = _first_responses(world)
    never = float(np.isinf(first).mean()) if len(first) else 0.0
    return ILL_CONDITIONED[0] <= never <= ILL_CONDITIONED[1]


def _cell_of(name: str, measured: Value, same: Value, share: float, least: float) -> Cell:
    tolerance = max(least, share * abs(measured.value or 0.0))
    cell = _cell(name, measured.value, same.value, tolerance)
    return Cell(name, cell.measured, cell.same, tolerance, cell.ok and measured.over == same.over)


def _cell(name: str, measured: float | None, same: float | None, tolerance: float) -> Cell:
    if measured is None or same is None:
        return Cell(name, measured, same, tolerance, ok=measured is None and same is None)
    return Cell(name, measured, same, tolerance, ok=abs(measured - same) <= tolerance)
