"""Any scenario of half an hour, played: what the tests of conservation look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from hypothesis import strategies as st

from crestline.engine import Play
from crestline.scenario import Scenario
from crestline.tables import Bools, Floats, Ints, Outcomes, Pools, Timeline, Workload

if TYPE_CHECKING:
    from tests.engine.any_scenario import Asked


def present(instants: Floats) -> Bools:
    """What happened."""
    return ~np.isnan(instants)


class Waits(NamedTuple):
    """Every stay in an agent queue; NaN where it had not ended when the play did."""

    skill: Ints
    begin_s: Floats
    end_s: Floats
    group: Ints  # who ended it by a claim, -1 for nobody
    order: list[tuple[bool, float, int]]  # VIPs first, then who was queued first, then the lower row


@dataclass(frozen=True)
class World:
    """One scenario, what was asked for and what became of it."""

    scenario: Scenario
    workload: Workload
    timeline: Timeline
    outcomes: Outcomes
    pools: Pools

    @property
    def last_s(self) -> float:
        """When the play ended."""
        return self.timeline.stop_s + self.timeline.drain_s

    @cached_property
    def at_s(self) -> Floats:
        """Every instant at which a pool changed; all is looked at when everything of that instant has happened."""
        return np.unique(self.pools.time_s)

    @property
    def skills(self) -> list[list[int]]:
        """The skills of every group, by index."""
        names = list(self.scenario.contacts)
        return [[names.index(skill) for skill in group.skills] for group in self.scenario.agents.values()]

    def open_at(self, begin_s: Floats, end_s: Floats) -> Ints:
        """How many stays have begun and not ended at every instant; what is NaN did not happen."""
        begun = np.searchsorted(np.sort(begin_s[present(begin_s)]), self.at_s, side="right")
        ended = np.searchsorted(np.sort(end_s[present(begin_s) & present(end_s)]), self.at_s, side="right")
        return np.asarray(begun - ended)

    def steps_at(self, time_s: Floats, values: Ints) -> Ints:
        """A step function at every instant; 0 before its first step."""
        steps = np.concatenate((np.zeros(1, dtype=np.int64), values))
        return np.asarray(steps[np.searchsorted(time_s, self.at_s, side="right")])

    def pool_at(self, name: str, column: str) -> Ints:
        """A column of a pool at every instant."""
        pool = self.pools.of(name)
        return self.steps_at(pool.time_s, getattr(pool, column))

    def waits(self) -> Waits:
        """First stays, then those after being passed on."""
        told = self.outcomes
        first = np.where(present(told.bot_reply_s), self.workload.routed[told.row], told.contact)
        first_end = np.where(present(told.claimed_s), told.claimed_s, told.ended_s)
        order = list(zip((~told.vip).tolist(), told.queued_s.tolist(), told.row.tolist(), strict=True))
        group_again = np.where(present(told.served_s), told.group, -1)
        stays = np.flatnonzero(np.concatenate((present(told.queued_s), present(told.passed_s))))
        return Waits(
            np.concatenate((first, told.contact))[stays],
            np.concatenate((told.queued_s, told.passed_s))[stays],
            np.concatenate((first_end, told.served_s))[stays],
            np.concatenate((told.first_group, group_again))[stays],
            [(order + order)[i] for i in stays],
        )


Worlds = st.SearchStrategy[World]


@pytest.fixture(scope="session")
def worlds(small: st.SearchStrategy[Asked], play: Play) -> Worlds:
    """Any small world, played by the engine whose turn it is."""
    return small.map(lambda asked: World(*asked, *play(*asked)))


@pytest.fixture(scope="session")
def odd_worlds(odd: st.SearchStrategy[Asked], play: Play) -> Worlds:
    """The same while something may be out of the ordinary."""
    return odd.map(lambda asked: World(*asked, *play(*asked)))
