"""Shifts: the cheapest numbers of people per pattern and start who together cover a roster (set covering)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from crestline.scenario import AgentGroup, Scenario, Shift
from crestline.staffing.roster import UNLIMITED, Grid
from crestline.tables import Bools, Floats, Ints

TIME_LIMIT_S = 10.0  # of the solver, by group
TIE = 1e-6  # of two rosters of one cost, that of fewer paid hours


class Turn(NamedTuple):
    """A shift at one of its starts."""

    group: str
    shift: str
    start_s: float  # clock
    end_s: float
    paid_s: float
    cost: float | None


@dataclass(frozen=True, eq=False)
class Cover:
    """Who works which shift, and what that gives."""

    turns: tuple[tuple[Turn, int], ...]  # with how many persons, those without anybody left out
    edges_s: Floats  # instants between which nobody comes or goes
    on_duty: Ints  # persons, groups x stretches between these edges
    required: Ints
    uncovered: Bools  # groups x stretches: somebody is required and no shift is worked then
    beyond_maximum: tuple[str, ...]  # groups of which the shifts put more on duty than the maximum
    least_cost: bool  # proven by the solver

    @property
    def paid_hours(self) -> float:
        """Of all who work a shift."""
        return sum(turn.paid_s * persons for turn, persons in self.turns) / 3600

    @property
    def cost(self) -> float | None:
        """Of all shifts; None where neither they nor the groups say what they cost."""
        if all(turn.cost is None for turn, _ in self.turns):
            return None
        return sum((turn.cost or 0.0) * persons for turn, persons in self.turns)

    @property
    def over_hours(self) -> float:
        """Hours on duty beyond what is required."""
        over = np.maximum(self.on_duty - self.required, 0)
        return float((over * np.diff(self.edges_s)).sum()) / 3600

    def least_on_duty(self, edges_s: Floats) -> Ints:
        """The fewest persons on duty within each of some intervals, groups x intervals."""
        first = np.searchsorted(self.edges_s, edges_s[:-1])
        return np.minimum.reduceat(self.on_duty, first, axis=1)


def cover(grid: Grid, persons: Ints) -> Cover:
    """The cheapest cover of a roster by the scenario's shifts, group by group."""
    scenario = grid.scenario
    turns = {name: _turns(scenario, name, group) for name, group in scenario.agents.items()}
    edges = _stretches(grid, [turn for some in turns.values() for turn in some])
    interval = np.clip(np.searchsorted(grid.edges_s, edges[:-1], side="right") - 1, 0, grid.intervals - 1)
    required = persons[:, interval]
    most = grid.most_persons[:, interval]
    made = [_solve(turns[name], edges, required[i], most[i], scenario) for i, name in enumerate(scenario.agents)]
    return Cover(
        turns=tuple((turn, n) for one in made for turn, n in one.turns if n),
        edges_s=edges,
        on_duty=np.array([one.on_duty for one in made]),
        required=required,
        uncovered=np.array([one.uncovered for one in made]),
        beyond_maximum=tuple(name for name, one in zip(scenario.agents, made, strict=True) if one.beyond),
        least_cost=all(one.least_cost for one in made),
    )


class _Solved(NamedTuple):
    turns: list[tuple[Turn, int]]
    on_duty: Ints
    uncovered: Bools
    beyond: bool
    least_cost: bool


def _turns(scenario: Scenario, name: str, group: AgentGroup) -> list[Turn]:
    """Every start of every shift that a group works."""
    return [
        Turn(name, label, start, start + shift.length, shift.paid_s, _cost(shift, group))
        for label, shift in scenario.shifts.items()
        if shift.is_for(name)
        for start in shift.start
    ]


def _cost(shift: Shift, group: AgentGroup) -> float | None:
    if shift.cost is not None:
        return shift.cost
    return shift.paid_s / 3600 * group.cost_per_hour if group.cost_per_hour else None


def _stretches(grid: Grid, turns: Sequence[Turn]) -> Floats:
    """Every instant of the day at which somebody may come or go or pause, and the edges of the intervals."""
    scenario = grid.scenario
    cuts = {0.0, *grid.edges_s.tolist()}
    for turn in turns:
        for begin, end in scenario.shifts[turn.shift].on_duty(turn.start_s):
            cuts |= {scenario.instant(begin), scenario.instant(end)}
    return np.array(sorted(cut for cut in cuts if 0.0 <= cut <= grid.edges_s[-1]))


def _solve(turns: Sequence[Turn], edges: Floats, required: Ints, most: Ints, scenario: Scenario) -> _Solved:
    there = np.array([_on_duty(scenario, turn, edges) for turn in turns], np.float64).T
    uncovered = (required > 0) & ~there.any(axis=1)
    wanted = np.where(uncovered, 0, required)
    prices = np.array([(turn.paid_s / 3600 if turn.cost is None else turn.cost) for turn in turns])
    prices += TIE * np.array([turn.paid_s / 3600 for turn in turns])
    upper = np.where(most < UNLIMITED, most, np.inf)
    chosen, proven = _milp(prices, there, wanted, upper)
    beyond = chosen is None
    if chosen is None:
        chosen, proven = _milp(prices, there, wanted, np.full(len(most), np.inf))
    assert chosen is not None  # noqa: S101 - without a maximum there is always enough
    counts = [(turn, int(n)) for turn, n in zip(turns, chosen.tolist(), strict=True)]
    return _Solved(counts, (there @ chosen).astype(np.int64), uncovered, beyond, proven)


def _on_duty(scenario: Scenario, turn: Turn, edges: Floats) -> Bools:
    """The stretches through which somebody who works a turn is there."""
    spans = [
        (scenario.instant(begin), scenario.instant(end))
        for begin, end in scenario.shifts[turn.shift].on_duty(turn.start_s)
    ]
    return np.asarray(np.any([(edges[:-1] >= begin) & (edges[1:] <= end) for begin, end in spans], axis=0))


def _milp(prices: Floats, there: Floats, required: Ints, most: Floats) -> tuple[Ints | None, bool]:
    """The cheapest whole numbers of persons per turn, and whether nothing cheaper is left to be found."""
    from scipy.optimize import LinearConstraint, milp

    solved = milp(
        prices,
        integrality=np.ones(len(prices), np.int64),
        constraints=LinearConstraint(there, required, most),
        options={"time_limit": TIME_LIMIT_S},
    )
    chosen = None if solved.x is None else np.round(solved.x).astype(np.int64)
    return chosen, bool(solved.success)
