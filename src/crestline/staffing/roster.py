"""A roster: how many persons of every group are on duty in each interval of the day, and what bounds them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from crestline import rules
from crestline.measures.tally import interval_edges
from crestline.scenario import AgentGroup, Scenario, Steps
from crestline.scenario.plan import bounds_between
from crestline.tables import Bools, Floats, Ints
from crestline.workload import Span, timeline

UNLIMITED = 1_000_000  # agents: more than any play can keep busy


@dataclass(frozen=True, eq=False)
class Grid:
    """What is decided: groups x intervals, and the fewest and the most agents that may be ready in each.

    A plan reckons in agents who are *ready*: persons on duty x availability, rounded as the model rounds them. The
    roster of a number of ready agents has the fewest persons that give it.
    """

    scenario: Scenario
    edges_s: Floats  # of the intervals, as instants; those of the measured part of the day
    least: Ints  # ready agents, groups x intervals
    most: Ints

    @property
    def intervals(self) -> int:
        """How many there are."""
        return len(self.edges_s) - 1

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of agents, in the scenario's order."""
        return tuple(self.scenario.agents)

    @property
    def limited(self) -> Bools:
        """Where a maximum was set."""
        return self.most < UNLIMITED

    @property
    def hours(self) -> Floats:
        """The length of each interval."""
        return np.diff(self.edges_s) / 3600

    @property
    def price(self) -> Floats:
        """What one ready agent of each group costs in an hour; every person counts alike where no group has a cost."""
        groups = self.scenario.agents.values()
        free = not any(group.cost_per_hour for group in groups)
        return np.array([(1.0 if free else group.cost_per_hour) / group.availability for group in groups])

    @property
    def least_persons(self) -> Ints:
        """The minimum, groups x intervals."""
        return _bounds(self.scenario, self.edges_s, largest=True)

    @property
    def most_persons(self) -> Ints:
        """The maximum, groups x intervals; ``UNLIMITED`` where there is none."""
        return _bounds(self.scenario, self.edges_s, largest=False)

    def persons(self, ready: Ints) -> Ints:
        """The fewest persons on duty that give so many ready agents, and no fewer than the minimum."""
        needed = [
            [persons_for(int(count), group.availability) for count in row]
            for row, group in zip(ready, self.scenario.agents.values(), strict=True)
        ]
        return np.maximum(np.array(needed, np.int64), self.least_persons)

    def clip(self, ready: Floats | Ints) -> Ints:
        """The nearest numbers within the bounds."""
        return np.clip(ready, self.least, self.most).astype(np.int64)

    def staffed(self, scenario: Scenario, persons: Ints) -> Scenario:
        """A scenario with this roster; before the first interval there are as many as in it."""
        day = scenario.day.start
        at = (day, *(day + self.edges_s[1:-1]).tolist())
        groups = {
            name: _with_duty(group, at, tuple(row.tolist()))
            for (name, group), row in zip(scenario.agents.items(), persons, strict=True)
        }
        return scenario.model_copy(update={"agents": groups})


def grid(scenario: Scenario, span: Span) -> Grid:
    """The intervals of a span, and the bounds that the scenario's ``plan`` sets."""
    edges = interval_edges(scenario, timeline(scenario, span))
    low, high = (_bounds(scenario, edges, largest=largest) for largest in (True, False))
    shares = np.array([[group.availability] for group in scenario.agents.values()])
    ready = np.vectorize(rules.round_half_up, otypes=[np.int64])
    return Grid(scenario, edges, ready(low * shares), np.where(high < UNLIMITED, ready(high * shares), UNLIMITED))


def persons_for(ready: int, availability: float) -> int:
    """The fewest persons of whom so many are ready, by the model's own rounding."""
    persons = max(0, math.ceil((ready - 0.5) / availability) - 1)
    while rules.round_half_up(persons * availability) < ready:
        persons += 1
    return persons


def _bounds(scenario: Scenario, edges_s: Floats, *, largest: bool) -> Ints:
    """The minimum in persons (the largest one within an interval), or the maximum (the smallest one)."""
    bounds = scenario.plan.minimum if largest else scenario.plan.maximum
    clocks = (scenario.day.start + edges_s).tolist()
    made = []
    for name in scenario.agents:
        found = [bounds_between(bounds.get(name), a, b) for a, b in pairwise(clocks)]
        made.append([max(n, default=0) if largest else min(n, default=UNLIMITED) for n in found])
    return np.array(made, np.int64)


def _with_duty(group: AgentGroup, at: tuple[float, ...], persons: tuple[int, ...]) -> AgentGroup:
    return group.model_copy(update={"on_duty": Steps.model_construct(at=at, persons=persons)})
