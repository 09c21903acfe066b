"""How many days are enough: as many as it takes to know every objective's measure as precisely as was asked.

Looked at after fixed numbers of days, which the days before a look decide alone: the same command plays the same days
wherever they are played. Looks are far apart, so that stopping at the first good one does little to the 95 % (Law and
Kelton 1982).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crestline.errors import UsageError
from crestline.measures.day import Day
from crestline.replicate.estimates import controls_of, mean_of
from crestline.scenario import Objective, Scenario

FIRST_LOOK = 20  # days: fewer hardly tell how precise they are, where measures are skewed
SOONEST, LATEST = 1.1, 1.5  # times the days of a look, to the next
RECOVERY = "recovery_s"


class Reach(NamedTuple):
    """How precisely an objective's measure is known: half the width of its 95 % interval, and what is wanted."""

    objective: Objective
    half: float
    wanted: float

    @property
    def ratio(self) -> float:
        """At most 1 where it is known well enough."""
        return self.half / self.wanted if self.half else 0.0


@dataclass
class Goal:
    """A precision to be reached: 95 % half-widths of at most ``share`` of each objective's limit.

    Recovery is seen in buckets and need not be known more finely than one. An objective with a limit of nothing has no
    share and is left out.
    """

    scenario: Scenario
    share: float
    at_most: int
    next_look: int = FIRST_LOOK
    reach: tuple[Reach, ...] = ()  # at the last look
    days: int = 0
    longest: Reach | None = field(default=None)  # what was furthest from it when it was last not reached

    def __post_init__(self) -> None:
        if not self.objectives:
            msg = "--precision: a share of the objectives' limits, and the scenario has none; take --replications"
            raise UsageError(msg)
        self.next_look = min(self.next_look, self.at_most)

    @property
    def objectives(self) -> list[Objective]:
        """What has to be known precisely."""
        return [objective for objective in self.scenario.objectives if objective.limit]

    @property
    def is_reached(self) -> bool:
        """Whether everything was known well enough at the last look."""
        return self.days > 0 and all(reach.ratio <= 1 for reach in self.reach)

    @property
    def worst(self) -> Reach:
        """What was furthest from it at the last look."""
        return max(self.reach, key=lambda reach: reach.ratio)

    @property
    def expected_days(self) -> float:
        """How many days it may take, by the last look: widths go with the square root of their number."""
        return self.days * self.worst.ratio**2

    def look(self, days: Sequence[Day]) -> bool:
        """Whether these days are enough; between looks they are not."""
        if len(days) < self.next_look:
            return False
        self.days = len(days)
        self.reach = tuple(self._reach(objective, days) for objective in self.objectives)
        if not self.is_reached:
            self.longest = self.worst
            factor = min(max(self.worst.ratio**2, SOONEST), LATEST)
            self.next_look = min(math.ceil(len(days) * factor), self.at_most)
        return self.is_reached

    def wanted(self, objective: Objective) -> float:
        """The half-width that an objective's measure may have."""
        least = self.scenario.recovery.bucket if objective.key == RECOVERY else 0.0
        return max(self.share * abs(objective.limit), least)

    def _reach(self, objective: Objective, days: Sequence[Day]) -> Reach:
        values = [day.measures[objective.key] for day in days]
        if all(value.value is None for value in values):  # as of recovery where nothing breaks
            return Reach(objective, 0.0, self.wanted(objective))
        half = mean_of(values, controls_of(days)).half
        return Reach(objective, math.inf if half is None else half, self.wanted(objective))
