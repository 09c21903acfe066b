"""How contacts are cut into groups: by the interval in which they were planned, and by what is asked of subsets."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from crestline.measures.contacts import Contacts
from crestline.measures.marks import marks_at
from crestline.scenario import Scenario
from crestline.tables import Bools, Floats, Ints

VIP = "vip"


class Cut:
    """Groups of contacts: interval x class, where a class is who counts alike for every subject that is asked about.

    What was planned before the first edge, or at the last one or later, is in groups of its own, out of scope.
    """

    def __init__(self, edges_s: Floats, scenario: Scenario, subjects: Iterable[str | None]) -> None:
        asked = set(subjects)
        self.edges_s = edges_s
        self.types = [name for name in scenario.contacts if name in asked]
        self.vips = VIP in asked
        self._names = list(scenario.contacts)
        self.classes = (len(self.types) + 1) * (1 + self.vips)
        self.groups = (len(edges_s) + 1) * self.classes
        self._marks = marks_at(edges_s)

    @property
    def intervals(self) -> int:
        """How many there are."""
        return len(self.edges_s) - 1

    def group(self, contacts: Contacts) -> Ints:
        """The group of every contact."""
        made = self._marks.upto(contacts.outcomes.planned_s)
        if self.types:
            kind = [self.types.index(name) + 1 if name in self.types else 0 for name in self._names]
            made = made * (len(self.types) + 1) + np.array(kind)[contacts.outcomes.contact]
        return made * 2 + contacts.outcomes.vip if self.vips else made

    def interval(self, subject: str | None) -> Ints:
        """The interval of every group, counted from 0; -1 for those out of scope, or without the subject."""
        number = np.repeat(np.arange(-1, self.intervals + 1), self.classes)
        inside = (number < self.intervals) & np.tile(self._has(subject), self.intervals + 2)
        return np.where(inside, number, -1)

    def _has(self, subject: str | None) -> Bools:
        """Which classes belong to a subject: all, VIPs, or a contact type."""
        index = np.arange(self.classes)
        if subject is None:
            return np.ones(self.classes, np.bool_)
        if subject == VIP:
            return np.asarray(index % 2 == 1)
        return np.asarray(index // (1 + self.vips) == self.types.index(subject) + 1)
