"""A staffing plan from its first guess to its proof and its shifts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crestline.scenario import Scenario
from crestline.staffing.asked import Asked
from crestline.staffing.days import Days
from crestline.staffing.load import Load, offered_load
from crestline.staffing.reach import Reach, reach
from crestline.staffing.recovery import Recovering
from crestline.staffing.roster import Grid
from crestline.staffing.search import Found, Search
from crestline.staffing.shifts import Cover, cover
from crestline.staffing.standing import Standing
from crestline.staffing.verify import Verified, verify
from crestline.tables import Floats, Ints

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Planned:
    """A roster, with everything it rests on."""

    days: Days  # by which it was found
    load: Load
    reach: Reach
    found: Found  # in the end
    verified: Verified
    cover: Cover | None  # by shifts, where the scenario has some

    @property
    def grid(self) -> Grid:
        """Groups and intervals."""
        return self.days.grid

    @property
    def ready(self) -> Ints:
        """Agents who are ready, groups x intervals."""
        return self.found.ready

    @property
    def standing(self) -> Standing:
        """How the roster stands on the days by which it was found."""
        return self.found.standing

    @cached_property
    def persons(self) -> Ints:
        """On duty, groups x intervals."""
        return self.grid.persons(self.ready)

    @cached_property
    def need(self) -> Floats:
        """Persons in fractions: where the tightest objective would just hold; the offered load where that is not known.

        It is not known where the minimum, or the last agent with a skill, stands in the way of one agent less. NaN
        where even the maximum does not suffice.
        """
        whole = np.ceil(self.found.need).astype(np.int64)
        fewer, enough = (self.grid.persons(whole - less) for less in (1, 0))
        part = self.found.need - (whole - 1)
        offered = np.minimum(self.offered_persons, self.persons)
        need = np.where(self.found.spared.able, fewer + part * (enough - fewer), offered)
        return np.where(self.reach.exhausted, np.nan, need)

    @property
    def offered_persons(self) -> Floats:
        """Persons on duty who would be busy all the time if nobody ever waited."""
        groups = self.grid.scenario.agents.values()
        return np.asarray(self.load.slots / np.array([[group.chats * group.availability] for group in groups]))


def plan_staff(days: Days, scenario: Scenario, say: Say = lambda _: None) -> Planned:
    """The fewest agents for these days: offered load, search, proof on fresh days, recovery as a whole, shifts."""
    say("offered load, with practically unlimited agents")
    load = offered_load(days)
    asked = Asked(days, reach(days, load))
    looking = Search(asked, say)
    looking.rough(load)
    asked.recovering = Recovering.asked(days, scenario)
    verified = verify(looking, say)
    found = verified.found
    by_shifts = cover(days.grid, days.grid.persons(found.ready)) if scenario.shifts else None
    return Planned(days, load, asked.reach, found, verified, by_shifts)
