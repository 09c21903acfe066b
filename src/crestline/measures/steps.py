"""The window in parts: each step of a load that climbs, each stretch of one that lasts, measured for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from crestline.measures.capacity import Staff
from crestline.measures.contacts import Contacts
from crestline.measures.durations import EXACT_UP_TO
from crestline.measures.recovery import Recovery
from crestline.measures.summary import summary
from crestline.measures.tally import Tally
from crestline.measures.values import Value
from crestline.scenario import Scenario
from crestline.tables import Outcomes, Part, Pools, Timeline


def climbs(parts: Sequence[Part]) -> bool:
    """Whether the level rises from part to part, so that all of them together say nothing."""
    return len(parts) > 1 and all(low.level < high.level for low, high in pairwise(parts))


def judged_part(parts: Sequence[Part]) -> int | None:
    """The number of the part that a run's measures are about: of a climb the last step in which objectives are asked.

    None where the measures are about the window as a whole.
    """
    return max(number for number, part in enumerate(parts) if part.asked) if climbs(parts) else None


def scope(line: Timeline) -> Timeline:
    """The same timeline, measured where a run's measures are about."""
    number = judged_part(line.parts)
    return line if number is None else part_line(line, line.parts[number])


def part_line(line: Timeline, part: Part) -> Timeline:
    """The same timeline, measured in one of its parts."""
    return replace(line, measured_from_s=part.measured_from_s, end_s=part.end_s, parts=())


class Parts:
    """A fold over a day that is judged in parts; the same pieces go into every part."""

    def __init__(
        self, scenario: Scenario, line: Timeline, *, resolution_s: float = 0.0, exact_up_to: int = EXACT_UP_TO
    ) -> None:
        self._scenario = scenario
        lines = [part_line(line, part) for part in line.parts]
        self.tallies = [Tally(scenario, each, resolution_s=resolution_s, exact_up_to=exact_up_to) for each in lines]
        self._staffs = [Staff(scenario, tally.edges_s) for tally in self.tallies]

    def add(self, contacts: Contacts, pools: Pools) -> None:
        """Count these contacts, and follow these pools."""
        for tally, staff in zip(self.tallies, self._staffs, strict=True):
            tally.add(contacts)
            staff.add(pools)

    def measures(self, *, recoveries: Sequence[Recovery] = (), intervals: bool = False) -> tuple[dict[str, Value], ...]:
        """The measures of every part; recovery is that of the whole run."""
        return tuple(
            summary(tally, staff, self._scenario, recoveries=recoveries, intervals=intervals)
            for tally, staff in zip(self.tallies, self._staffs, strict=True)
        )


def measure_parts(
    outcomes: Outcomes,
    pools: Pools,
    scenario: Scenario,
    line: Timeline,
    *,
    recoveries: Sequence[Recovery] = (),
    resolution_s: float = 0.0,
) -> tuple[dict[str, Value], ...]:
    """The measures of every part of one run; a wait up to ``resolution_s`` counts as none."""
    folds = Parts(scenario, line, resolution_s=resolution_s)
    folds.add(Contacts.of(outcomes, line), pools)
    return folds.measures(recoveries=recoveries, intervals=True)
