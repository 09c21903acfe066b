"""Standby agents: called when the longest wait passes a limit, gone when it has been within it for a while."""

from __future__ import annotations

import math

from crestline import rules
from crestline.engine.kinds import Kind
from crestline.engine.reference.agents import Agents
from crestline.engine.reference.clock import Clock
from crestline.engine.reference.recorder import Recorder
from crestline.scenario import Scenario


class StandbyAgents:
    """The standby agents of a scenario, who join one group."""

    def __init__(self, clock: Clock, scenario: Scenario, agents: Agents, recorder: Recorder, index: int) -> None:
        if scenario.standby is None:
            msg = "standby agents need a standby section in the scenario"
            raise ValueError(msg)
        self.clock, self.agents, self.recorder, self.index = clock, agents, recorder, index
        self.settings = scenario.standby
        self.group = list(scenario.agents).index(self.settings.group)
        self.slots = self.settings.agents * scenario.agents[self.settings.group].chats
        self.state = rules.STANDBY_OFF
        self.calm_since = math.nan

    def tick(self) -> None:
        """Call or release them, as the control tick finds the queues."""
        wait, limit, now = self.agents.longest_wait(self.group), self.settings.call_when.limit, self.clock.now
        if self.state == rules.STANDBY_THERE:
            self.calm_since = rules.calm_since(self.calm_since, now, wait, limit)
        if rules.calls_standby(self.state, wait, limit):
            self.state = rules.STANDBY_CALLED
            self.clock.after(self.settings.call_in, Kind.JOIN, 0, self._join)
        elif rules.releases_standby(self.state, self.calm_since, now, self.settings.release_after):
            self.state = rules.STANDBY_OFF
            self._change(-self.slots)

    def _join(self, _: int) -> None:
        self.state = rules.STANDBY_THERE
        self.calm_since = math.nan
        self._change(self.slots)

    def _change(self, slots: int) -> None:
        self.recorder.pool(self.clock.now, self.index, max(0, slots), 0, 0)
        self.agents.change(self.group, slots)
