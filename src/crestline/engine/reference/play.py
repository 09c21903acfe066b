"""One play: the world is set up, what is scheduled is scheduled, and time runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from crestline.engine.kinds import Kind
from crestline.engine.reference.agents import Agents
from crestline.engine.reference.clock import Clock
from crestline.engine.reference.contacts import Contacts
from crestline.engine.reference.recorder import Recorder
from crestline.engine.reference.standby import StandbyAgents
from crestline.engine.reference.state import State
from crestline.engine.reference.triage import Triage
from crestline.engine.reference.words import GIVEN_BACK
from crestline.scenario import Scenario
from crestline.tables import Fault, Outcomes, Pools, Timeline, Workload


def play(scenario: Scenario, workload: Workload, timeline: Timeline) -> tuple[Outcomes, Pools]:
    """Play a workload along a timeline: what became of every contact, and who was busy when."""
    run = _Play(scenario, workload, timeline)
    run.schedule()
    run.clock.run_through(timeline.stop_s + timeline.drain_s)
    return run.recorder.outcomes(), run.recorder.pools()


class _Play:
    def __init__(self, scenario: Scenario, workload: Workload, timeline: Timeline) -> None:
        self.bucket_s, self.timeline = scenario.recovery.bucket, timeline
        self.clock = Clock(initial_time=timeline.start_s)
        self.state = State(self.clock)
        pools = scenario.pools
        self.recorder = Recorder(scenario, workload)
        self.agents = Agents(self.clock, self.state, scenario, workload.vip.tolist(), self.recorder)
        self.triage: Triage | None = None
        if scenario.triage:
            self.triage = Triage(self.clock, self.state, scenario.triage, self.recorder, pools.index("triage"))
        self.standby: StandbyAgents | None = None
        if scenario.standby:
            self.standby = StandbyAgents(self.clock, scenario, self.agents, self.recorder, pools.index("standby"))
        self.contacts = Contacts(
            self.clock, self.state, scenario, workload, timeline.stop_s, self.agents, self.triage, self.recorder
        )

    def schedule(self) -> None:
        """Put shifts, faults, the first tick and the first arrival into the clock."""
        for group, staffing in enumerate(self.timeline.staffing):
            self._schedule_shifts(group, staffing.time_s, staffing.slots)
        for index, condition in enumerate(self.timeline.conditions):
            self._at(condition.time_s, Kind.CONDITION, index, self._begin_condition)
        for index, fault in enumerate(self.timeline.faults):
            if fault.does == "platform-outage":
                self._at(fault.start_s, Kind.DOOR, index, lambda _: self.contacts.move_door(shut=+1))
                self._at(fault.healed_s, Kind.DOOR, index, lambda _: self.contacts.move_door(shut=-1))
            elif fault.does == "triage-outage":
                self._at(fault.start_s, Kind.STRIKE, index, self._strike)
        self.clock.after(self.bucket_s, Kind.TICK, 0, self._tick)
        self.contacts.plan_first()

    def _schedule_shifts(self, group: int, time_s: tuple[float, ...], slots: tuple[int, ...]) -> None:
        steps = zip(time_s, slots, (0, *slots[:-1]), strict=True)
        for at, there, before in steps:
            self._at(at, Kind.SHIFT, group, partial(self._shift, there - before))

    def _shift(self, more: int, group: int) -> None:
        self.agents.change(group, more)

    def _at(self, instant_s: float, kind: Kind, row: int, act: Callable[[int], None]) -> None:
        self.clock.after(instant_s - self.timeline.start_s, kind, row, act)

    def _begin_condition(self, index: int) -> None:
        """Something is out of the ordinary from now on, or no longer: whoever can be served now is."""
        self.state.condition = self.timeline.conditions[index]
        self.agents.look()
        if self.triage:
            self.triage.look()

    def _strike(self, index: int) -> None:
        fault: Fault = self.timeline.faults[index]
        triage = self.triage
        if triage is None:
            return
        held = triage.strike()
        life = triage.lives

        def give_back(_: int) -> None:
            for wait in held:
                wait.succeed(GIVEN_BACK)

        self.clock.after(fault.notice_s, Kind.NOTICE, index, give_back)
        self.clock.after(fault.healed_s - fault.start_s, Kind.BACK, index, lambda _: triage.come_back(life))

    def _tick(self, _: int) -> None:
        if self.standby:
            self.standby.tick()
        if self.triage:
            self.triage.scale()
        self.clock.after(self.bucket_s, Kind.TICK, 0, self._tick)
