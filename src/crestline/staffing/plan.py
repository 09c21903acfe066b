"""A staffing plan from its first guess to its proof and its shifts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crestline.scenario import Scenario
from crestline.staffing.days import Days
from crestline.staffing.load import Load, offered_load
from crestline.staffing.reach import Reach, reach
from crestline.staffing.recovery import restore
from crestline.staffing.repair import repair
from crestline.staffing.roster import Grid
from crestline.staffing.search import Found, search
from crestline.staffing.shifts import Cover, cover
from crestline.staffing.spare import Spared, spare
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
    found: Found
    verified: Verified
    for_recovery: Ints  # ready agents who are there for recovery alone, groups x intervals
    ready: Ints  # in the end
    standing: Standing  # of the roster in the end, on the days by which it was found
    spared: Spared  # of that roster, by the same days
    cover: Cover | None  # by shifts, where the scenario has some

    @property
    def grid(self) -> Grid:
        """Groups and intervals."""
        return self.days.grid

    @cached_property
    def persons(self) -> Ints:
        """On duty, groups x intervals."""
        return self.grid.persons(self.ready)

    @property
    def raised(self) -> Ints:
        """Ready agents who were added since fresh days asked for them, and for what that brought along."""
        return np.asarray(self.ready - self.found.ready - self.for_recovery)

    @cached_property
    def need(self) -> Floats:
        """Persons in fractions: where the tightest objective would just hold; the offered load where that is not known.

        It is not known where the minimum, or the last agent with a skill, stands in the way of one agent less. NaN
        where even the maximum does not suffice.
        """
        fewer, enough = (self.grid.persons(self.found.ready - less) for less in (1, 0))
        part = self.found.need - (self.found.ready - 1)
        offered = np.minimum(self.offered_persons, self.persons)
        need = np.where(self.found.tried, fewer + part * (enough - fewer), offered)
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
    within = reach(days, load)
    found = search(days, within, load, say)
    verified = verify(days, within, found.ready, say)
    restored = restore(days, scenario, within, verified.ready, say)
    ready, standing = repair(days, within, restored, say)  # more agents at one time may bring more work to the next
    say("one agent less in every cell")
    spared = spare(days, within, ready)
    by_shifts = cover(days.grid, days.grid.persons(ready)) if scenario.shifts else None
    return Planned(days, load, within, found, verified, restored - verified.ready, ready, standing, spared, by_shifts)
