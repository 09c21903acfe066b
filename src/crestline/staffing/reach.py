"""What agents can reach: the objectives of each interval that a roster can hold at all, and what bounds a roster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crestline.scenario import Scenario
from crestline.staffing.days import Days
from crestline.staffing.load import Load
from crestline.staffing.roster import Grid
from crestline.staffing.standing import Standing
from crestline.tables import Bools, Floats, Ints

MAXIMUM, NOT_BY_AGENTS = "maximum", "agents"


@dataclass(frozen=True, eq=False)
class Beyond:
    """An objective that no roster holds in an interval, the best share there is, and why."""

    objective: int
    interval: int
    why: str  # MAXIMUM or NOT_BY_AGENTS
    share: float
    bound: float


@dataclass(frozen=True, eq=False)
class Reach:
    """What a search may do."""

    grid: Grid
    least: Ints  # ready agents, groups x intervals
    most: Ints
    wanted: Bools  # objectives x intervals
    exhausted: Bools  # groups x intervals: the maximum is reached, and does not suffice
    skills: tuple[tuple[int, ...], ...]  # per contact type the groups that serve it
    load: Load
    beyond: tuple[Beyond, ...] = ()

    def at_least(self, ready: Ints) -> Ints:
        """The nearest roster within bounds in which nobody who comes finds no one with the skill."""
        made: Ints = np.clip(ready, self.least, self.most)
        for groups in self.skills:
            nobody = self.busy & (made[list(groups)].sum(axis=0) == 0)
            made[groups[0], nobody] = np.minimum(1, self.most[groups[0], nobody])
        return made

    @property
    def busy(self) -> Bools:
        """The intervals in which somebody came for an agent."""
        return np.asarray(self.load.slots.sum(axis=0) > 0)

    def spare(self, ready: Ints, cut: Ints) -> Bools:
        """Where so many agents can be taken away: above the minimum, and not the last with a skill."""
        fewer = ready - cut
        able = fewer >= self.least
        for groups in self.skills:
            nobody = self.busy & (fewer[list(groups)].sum(axis=0) <= 0)
            able[list(groups)] &= ~nobody
        return np.asarray(able)

    def one_more(self, ready: Ints, where: Bools) -> Ints:
        """A roster with one agent more in some intervals: of the group whose load is highest for its number."""
        used = np.where(ready < self.most, self._used(ready), -1.0)
        first = used == used.max(axis=0)
        first &= first.cumsum(axis=0) == 1
        return np.where(first & where & (used >= 0), ready + 1, ready)

    def more(self, ready: Ints, where: Bools, share: float) -> Ints:
        """A roster with more agents in some intervals: of every group whose load is high for its number."""
        used = self._used(ready)
        room = ready < self.most
        lacking = room & (used >= np.where(room, used, 0).max(axis=0) * 0.9)
        step = np.maximum(1, np.floor(share * ready)).astype(np.int64)
        return np.where(lacking & where, np.minimum(ready + step, self.most), ready)

    def _used(self, ready: Ints) -> Floats:
        """Offered load per slot, groups x intervals."""
        chats = np.array([[group.chats] for group in self.grid.scenario.agents.values()])
        return np.asarray(self.load.slots / np.maximum(ready * chats, 1))


def reach(days: Days, load: Load) -> Reach:
    """Find what cannot be held: not by any number of agents, or not by as many as there may be."""
    grid = days.grid
    unlimited = load.standing
    top = days.standing(grid.most) if grid.limited.any() else unlimited
    wanted = unlimited.judged & top.holds() & unlimited.holds()
    exhausted = grid.limited & (unlimited.judged & unlimited.holds() & ~top.holds()).any(axis=0)
    bounds = _bounds(grid, load, unlimited, exhausted)
    return Reach(
        grid, *bounds, wanted, exhausted, _groups_by_skill(grid.scenario), load, tuple(_beyond(unlimited, top))
    )


def _bounds(grid: Grid, load: Load, unlimited: Standing, exhausted: Bools) -> tuple[Ints, Ints]:
    """The scenario's bounds; all there may be where the maximum does not suffice, a fixed rule where few come."""
    most = grid.most
    least = np.where(exhausted, most, grid.least)
    few = ~unlimited.judged.any(axis=0)
    by_rule = load.ready(grid, np.ones(grid.intervals))
    return np.where(few, by_rule, least), np.where(few, by_rule, most)


def _beyond(unlimited: Standing, top: Standing) -> list[Beyond]:
    made = []
    for standing, why, broken in (
        (unlimited, NOT_BY_AGENTS, unlimited.judged & ~unlimited.holds()),
        (top, MAXIMUM, unlimited.judged & unlimited.holds() & ~top.holds()),
    ):
        for objective, interval in np.argwhere(broken).tolist():
            share, bound = standing.share[objective, interval], standing.bound[objective, interval]
            made.append(Beyond(objective, interval, why, float(share), float(bound)))
    return made


def _groups_by_skill(scenario: Scenario) -> tuple[tuple[int, ...], ...]:
    """The groups that serve each contact type, those first in whose list it stands earliest."""
    made = []
    for contact in scenario.contacts:
        serving = [(g.skills.index(contact), i) for i, g in enumerate(scenario.agents.values()) if contact in g.skills]
        made.append(tuple(index for _, index in sorted(serving)))
    return tuple(made)
