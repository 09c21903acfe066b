"""Standby agents in a live run: called and released on the control tick, by the same rules as in the engines."""

from __future__ import annotations

import math

import gevent

from crestline import rules
from crestline.live.agents import Agents
from crestline.live.scene import Scene


class StandbyAgents:
    """The standby agents of a scenario, who join one group."""

    def __init__(self, scene: Scene, agents: Agents) -> None:
        standby = scene.scenario.standby
        if standby is None:
            msg = "standby agents need a standby section in the scenario"
            raise ValueError(msg)
        self.scene, self.agents, self.settings = scene, agents, standby
        self.group = next(group for group in agents.groups if group.name == standby.group)
        self.slots = standby.agents * scene.scenario.agents[standby.group].chats
        self.state = rules.STANDBY_OFF
        self.calm_since = math.nan
        self.joins_s = math.inf

    def watch(self) -> None:
        """Look at the queues on every control tick."""
        scene, tick = self.scene, 0
        while True:
            tick += 1
            instant = scene.timeline.start_s + tick * scene.scenario.recovery.bucket
            scene.clock.hold(scene.clock.real(instant))
            self._tick(instant)

    def _tick(self, now_s: float) -> None:
        scene, settings = self.scene, self.settings
        wait_s = scene.floor.longest_wait(self.group.skills, scene.clock.now()) * scene.clock.time_scale
        limit_s = settings.call_when.limit
        if self.state == rules.STANDBY_CALLED and now_s >= self.joins_s:
            self.state, self.calm_since = rules.STANDBY_THERE, math.nan
        if self.state == rules.STANDBY_THERE:
            self.calm_since = rules.calm_since(self.calm_since, now_s, wait_s, limit_s)
        if rules.calls_standby(self.state, wait_s, limit_s):
            self.state, self.joins_s = rules.STANDBY_CALLED, now_s + settings.call_in
            gevent.spawn(self._change, self.slots, scene.clock.real(self.joins_s))
        elif rules.releases_standby(self.state, self.calm_since, now_s, settings.release_after):
            self.state = rules.STANDBY_OFF
            gevent.spawn(self._change, -self.slots, scene.clock.now())

    def _change(self, slots: int, at: float) -> None:
        self.agents.change(self.group, slots, at)
        self.scene.ledger.slot(self.scene.clock.now(), self.group.name, -1, "standby", max(0, slots))
