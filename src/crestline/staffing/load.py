"""Where a plan starts: the load that agents are offered when nobody ever waits, and a first guess made of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crestline.staffing.days import Days
from crestline.staffing.roster import UNLIMITED, Grid
from crestline.staffing.standing import Standing
from crestline.tables import Floats, Ints


@dataclass(frozen=True, eq=False)
class Load:
    """Offered load in slots, groups x intervals: recontacts, VIPs, transfers and the preferences of groups included."""

    slots: Floats  # mean over the days
    variance: Floats  # of the need at an instant: of a Poisson number, and of days among each other
    contacts: Floats  # planned in each interval, mean over the days
    standing: Standing  # of practically unlimited agents: what agents cannot improve on

    def ready(self, grid: Grid, safety: Floats) -> Ints:
        """Ready agents by the square-root rule, load + safety x its standard deviation; ``safety`` by interval."""
        chats = np.array([[group.chats] for group in grid.scenario.agents.values()])
        wanted = self.slots + safety * np.sqrt(self.variance)
        return grid.clip(np.ceil(np.where(self.slots > 0, wanted, 0.0) / chats))


def offered_load(days: Days) -> Load:
    """The load of one play with practically unlimited agents (Whitt 1991: the infinite-server view)."""
    grid = days.grid
    everybody = np.full(grid.least.shape, UNLIMITED, np.int64)
    seen = days.offered(everybody)
    mean = seen.busy_slots.mean(axis=0)
    among_days = seen.busy_slots.var(axis=0, ddof=1) if days.count > 1 else np.zeros(mean.shape)
    return Load(mean, mean + among_days, seen.contacts, seen.standing)
