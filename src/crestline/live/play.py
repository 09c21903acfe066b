"""One live run, from the first login to the last line: everything but Locust."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import gevent
from gevent.event import Event

from crestline.errors import GUARD, INCONCLUSIVE, MET
from crestline.live.agents import Agents
from crestline.live.alarm import Alarm
from crestline.live.crowd import ALL_LOST, LAST, Crowd, Unfinished
from crestline.live.ending import end
from crestline.live.faults import FROM_OUTSIDE, INJECT, ON_TARGET
from crestline.live.guards import Guards, check_rate
from crestline.live.load import load, progress
from crestline.live.probe import probe
from crestline.live.scene import Scene
from crestline.live.standby import StandbyAgents

FAR = 3600.0  # real seconds to a zero that will be set anew
LOOK = 0.1  # real seconds between two looks at guards and at the drain
SHOW = 2.0  # real seconds between two lines of progress
ASK_AHEAD = 3  # buckets before the window's end from which on it is asked whether recovery has been seen
ENDED_BY = {
    "": MET, "SIGINT": 130, "SIGTERM": 143, "interrupted": 130,
    "stopped by hand": INCONCLUSIVE, ALL_LOST: INCONCLUSIVE,
}  # fmt: skip
Recovered = Callable[[Scene, list[dict[str, Any]]], bool]  # with the contacts under way
log = logging.getLogger(__name__)


class Play:
    """A run; ``run`` plays it to its end and says what became of it, ``halt`` ends it early."""

    def __init__(self, scene: Scene, crowd: Crowd, recovered: Recovered | None = None) -> None:
        self.scene, self.crowd = scene, crowd
        self.agents = Agents(scene)
        self.guards = Guards(scene.ledger.folder, scene.scenario.load_test, scene.trouble.causes)
        scene.floor.latest = self.guards.latest
        self.stopped_by = ""
        self.has_agents = scene.plan.agents
        self.recovered = recovered if self.has_agents else None  # asked as the window ends; until yes the play goes on
        self._halted = Event()
        self._crew: list[gevent.Greenlet] = []
        self._faults: list[tuple[float, gevent.Greenlet]] = []  # by the instant at which each strikes

    def run(self) -> dict[str, Any]:
        """Play it; the figures of the load, which are also in the run folder."""
        scene = self.scene
        planned = [scene.clock.real(at) for at in scene.rows.first_planned_s if at < scene.timeline.end_s]
        check_rate(planned, scene.scenario.load_test.max_rate)
        cpu, began = time.process_time(), time.monotonic()
        try:
            self._begin()
            self._until_stop()
            self._drain()
        except gevent.GreenletExit:
            self.halt("interrupted")
        except Exception:
            self._close()  # who has logged in logs out, and workers let go of their shares
            raise
        unfinished = self._close()
        scene.ledger.progress(self._progress(0.0))
        self.stopped_by = self.stopped_by or self.guards.last_reason(scene.fault_now, scene.clock.now())
        share = (time.process_time() - cpu) / max(1e-9, time.monotonic() - began)
        figures = load(scene, self.crowd, cpu_share=share, unfinished=unfinished, stopped_by=self.stopped_by)
        scene.ledger.latencies(scene.latencies.histograms())
        scene.ledger.load(figures)
        scene.ledger.close()
        return figures

    def halt(self, reason: str) -> None:
        """Stop as soon as possible: nothing more is planned, agents log out, what there is is written."""
        self.stopped_by = self.stopped_by or reason
        self._halted.set()

    def _begin(self) -> None:
        """Agents first, then the announcement, then everything that happens at an instant of its own."""
        scene = self.scene
        self._announce(FAR)  # a target that refuses does so before anybody has logged in
        self.crowd.prepare()
        if self.has_agents:
            self.agents.begin()
        self._announce(scene.plan.lead_s)
        self.crowd.begin()
        self._start(probe, scene)
        self._start(self._show)
        self._start(self._guard)
        for index, fault in enumerate(scene.timeline.faults):
            if self.has_agents or fault.kind in ON_TARGET | FROM_OUTSIDE:
                self._faults.append((fault.start_s, gevent.spawn(INJECT[fault.kind], scene, index, fault)))
        if self.has_agents:
            self._staff()
            self._start(Alarm(scene).watch)

    def _staff(self) -> None:
        """Agents come and go by their shifts, and standby agents as they are called."""
        scene = self.scene
        for group, staffing in zip(self.agents.groups, scene.timeline.staffing, strict=True):
            self._start(self.agents.follow, group, staffing)
        if scene.split:
            self._start(self.agents.share_out, scene.split)
        if scene.scenario.standby:
            self._start(StandbyAgents(scene, self.agents).watch)

    def _announce(self, lead: float) -> None:
        """Tell the target when the run's zero is: ``lead`` real seconds from now."""
        clock, plan = self.scene.clock, self.scene.plan
        clock.set_zero(lead)
        for to_candidate in (False, True) if plan.candidate_host else (False,):
            target = self.scene.watch(None, "", to_candidate)
            target.begin(plan.run, -clock.now(), clock.time_scale, plan.digest)

    def _start(self, act: Callable[..., None], *args: object) -> None:
        self._crew.append(gevent.spawn(act, *args))

    def _until_stop(self) -> None:
        """Until nothing is planned any more: the window's end, or until recovery has been seen."""
        scene = self.scene
        end, bucket = scene.clock.real(scene.timeline.end_s), scene.clock.lasts(scene.scenario.recovery.bucket)
        self._wait_until(end - ASK_AHEAD * bucket if self.recovered else end)
        while self.recovered and scene.clock.now() < scene.stop and not self._halted.is_set():
            asked = scene.clock.now()
            if self.recovered(scene, self.crowd.under_way()):
                self.crowd.stop_at(max(end, scene.clock.now() + self.crowd.notice))
                self._wait_until(scene.stop)
                return
            self._wait_until(min(asked + bucket, scene.stop))

    def _wait_until(self, instant: float) -> None:
        self._halted.wait(max(0.0, instant - self.scene.clock.now()))

    def _drain(self) -> None:
        """Until no one waits or talks to the bot, for a while at most."""
        scene = self.scene
        last = scene.stop + scene.clock.lasts(scene.timeline.drain_s)
        while self.crowd.unsettled and scene.clock.now() < last and not self._halted.is_set():
            self._halted.wait(LOOK)

    def _close(self) -> Unfinished:
        """End it all; who still waits is written down as open."""
        self.scene.stop = min(self.scene.stop, self.scene.clock.now())
        self._undo()
        self.agents.close()
        unfinished = self.crowd.close()
        end(self._crew, LAST)
        return unfinished

    def _undo(self) -> None:
        """Whatever is in force is undone, what struck last first; what has not struck does not."""
        for _, course in sorted(self._faults, key=lambda fault: fault[0], reverse=True):
            end([course], LAST)

    def _guard(self) -> None:
        scene = self.scene
        while not self.stopped_by:
            reason = (
                self.guards.reason(scene.fault_now, scene.clock.now()) or self.crowd.trouble() or self.agents.trouble
            )
            if reason:
                log.error("the run is stopped: %s", reason)
                self.halt(reason)
            gevent.sleep(LOOK)

    def _show(self) -> None:
        scene, line, before = self.scene, 0, 0
        while True:
            line += 1
            scene.clock.hold(line * SHOW)
            now = scene.requests() + self.crowd.requests
            scene.ledger.progress(self._progress((now - before) / SHOW))
            before = now

    def _progress(self, rate: float) -> dict[str, Any]:
        slots = [slot for group in self.agents.groups for slot in group.slots]
        wanted = sum(group.wanted for group in self.agents.groups)
        return progress(self.scene, sum(slot.claim is not None for slot in slots), wanted, rate)


def exit_code(figures: dict[str, Any]) -> int:
    """The exit code of a process that played a run."""
    return ENDED_BY.get(figures["stopped_by"], GUARD)
