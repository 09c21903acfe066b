"""Agents: groups with slots and skills, the queues in front of them, and who gets whom."""

from __future__ import annotations

import math
from dataclasses import dataclass

import simpy

from crestline import rules
from crestline.engine.reference.clock import Clock
from crestline.engine.reference.lines import Line
from crestline.engine.reference.recorder import Recorder
from crestline.engine.reference.state import State
from crestline.engine.reference.words import LEFT, TURNED_AWAY, Word
from crestline.scenario import Scenario


@dataclass
class Group:
    """One group of agents at this instant."""

    skills: tuple[int, ...]  # indices of contact types, the preferred first
    slots: int = 0
    busy: int = 0
    waiting: int = 0  # contacts in the queues of which this group is the home


class Agents:
    """All groups and queues; grants happen at once, in the event that made them possible."""

    def __init__(self, clock: Clock, state: State, scenario: Scenario, vip: list[bool], recorder: Recorder) -> None:
        self.clock, self.state, self.vip, self.recorder = clock, state, vip, recorder
        names = list(scenario.contacts)
        self.groups = [Group(tuple(names.index(s) for s in group.skills)) for group in scenario.agents.values()]
        self.limits = [-1 if c.queue_limit is None else c.queue_limit for c in scenario.contacts.values()]
        self.lines = [{True: Line(clock), False: Line(clock)} for _ in names]  # by skill, by VIP
        self.homes = [self._home(skill) for skill in range(len(names))]

    def _home(self, skill: int) -> int:
        ranks = [rules.rank_of_group(g.skills.index(skill), i) for i, g in enumerate(self.groups) if skill in g.skills]
        return min(ranks)[1]

    def join(self, row: int, skill: int) -> simpy.Event:
        """Ask for an agent of ``skill``; the event says who claimed, or that the queue was full.

        A contact that was passed on keeps the place of its first entry and is not turned away.
        """
        queued, group = self.recorder.queued_s, self._free_group(skill)
        if math.isnan(queued[row]):
            if group is None and rules.is_turned_away(self._length(skill), self.limits[skill]):
                return self.clock.granted(TURNED_AWAY)
            queued[row] = self.clock.now
        if group is not None:
            self._grant(row, group)
            return self.clock.granted(Word("claimed", group))
        self._wait(skill, +1)
        return self.lines[skill][self.vip[row]].join(row, queued[row])

    def _length(self, skill: int) -> int:
        return sum(map(len, self.lines[skill].values()))

    def leave(self, row: int, skill: int) -> None:
        """Patience has run out; whoever has been claimed by then stays."""
        line = self.lines[skill][self.vip[row]]
        if row in line.waiting:
            self._wait(skill, -1)
            line.call(row, LEFT)

    def free(self, group: int) -> None:
        """A slot is free again and looks for the next contact."""
        self.groups[group].busy -= 1
        self._record(group)
        self._dispatch(group)

    def change(self, group: int, slots: int) -> None:
        """Agents come or go; who is with a customer finishes first."""
        self.groups[group].slots += slots
        self._record(group)
        self._dispatch(group)

    def look(self) -> None:
        """Every group takes whom it can, since what is out of the ordinary has changed."""
        for group in range(len(self.groups)):
            self._dispatch(group)

    def longest_wait(self, group: int) -> float:
        """Age in seconds of the oldest contact in a queue that the group serves."""
        since = [first[0] for skill in self.groups[group].skills if (first := self._oldest(skill))]
        return self.clock.now - min(since) if since else 0.0

    def _oldest(self, skill: int) -> tuple[float, int] | None:
        return min((first for line in self.lines[skill].values() if (first := line.first())), default=None)

    def _free_group(self, skill: int) -> int | None:
        ranks = [
            rules.rank_of_group(group.skills.index(skill), index)
            for index, group in enumerate(self.groups)
            if group.busy < group.slots and skill in group.skills and not self.state.is_still
        ]
        return min(ranks)[1] if ranks else None

    def _dispatch(self, group: int) -> None:
        """Let every free slot of a group take the contact that ranks first."""
        while self.groups[group].busy < self.groups[group].slots and not self.state.is_still:
            ranks = [
                (rules.rank_of_contact(vip, index, *first), skill)
                for index, skill in enumerate(self.groups[group].skills)
                for vip, line in self.lines[skill].items()
                if (first := line.first())
            ]
            if not ranks:
                return
            (_, _, _, row), skill = min(ranks)
            self._wait(skill, -1)
            self._grant(row, group)
            self.lines[skill][self.vip[row]].call(row, Word("claimed", group))

    def _grant(self, row: int, group: int) -> None:
        self.groups[group].busy += 1
        if math.isnan(self.recorder.claimed_s[row]):
            self.recorder.claimed_s[row] = self.clock.now
            self.recorder.first_group[row] = group
        self.recorder.group[row] = group
        self._record(group)

    def _wait(self, skill: int, change: int) -> None:
        home = self.homes[skill]
        self.groups[home].waiting += change
        self._record(home)

    def _record(self, index: int) -> None:
        group = self.groups[index]
        self.recorder.pool(self.clock.now, index, group.slots, group.busy, group.waiting)
