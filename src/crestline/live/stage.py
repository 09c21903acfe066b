"""Setting the scene of a live run: from the files in its folder to everything that its greenlets share."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gevent

from crestline import workload
from crestline.errors import UsageError
from crestline.live import adapters, guards
from crestline.live.adapters.desk import TOKEN
from crestline.live.clock import Clock
from crestline.live.connections import Connections
from crestline.live.faults import ON_TARGET
from crestline.live.files import allow_files, most_slots
from crestline.live.floor import Floor
from crestline.live.latencies import Latencies
from crestline.live.ledger import Ledger
from crestline.live.plan import SCENARIO, Plan
from crestline.live.reports import ReportedFloor
from crestline.live.scene import Scene
from crestline.live.session import Session, note
from crestline.live.share import Share, conducting_rate
from crestline.live.split import Split
from crestline.live.spoken import Trouble, speak
from crestline.live.transport import Transport, transport
from crestline.live.wire_proxy.proxy import LOOPBACK, WireProxy
from crestline.scenario import Scenario, load
from crestline.units import format_duration, format_level
from crestline.workload.candidate import CANDIDATE, places, sample_candidate
from crestline.workload.rows import Rows

if TYPE_CHECKING:
    from locust.env import Environment

PATIENT, QUICK = 120.0, 2.0  # network time-outs in real seconds: of customers and agents, and of the probe
ANSWER = 10.0  # real seconds for the answer whether recovery has been seen; meanwhile nothing can end the run
BEHIND = 10  # niceness of what must not hold up the run
SPARE = 1000  # connections beyond one for every contact that may be under way
log = logging.getLogger("crestline")


def set_scene(
    environment: Environment,
    folder: Path,
    host: str,
    closing: ExitStack,
    *,
    share: Share | None = None,
    conducts: bool = False,
) -> Scene:
    """The scene for the run in a folder; refuses what must not be loaded before a single request.

    A worker plays a ``share``; the process that ``conducts`` workers keeps a part of the request rate for itself.
    ``closing`` takes what is to be let go of after the run.
    """
    scenario, plan = load(folder / SCENARIO), Plan.read(folder)
    if not host:
        msg = "no target: give --host URL"
        raise UsageError(msg)
    guards.check_host(host, scenario.load_test.allowed_hosts)
    span = workload.window(scenario)
    timeline = workload.timeline(scenario, span)
    target = adapters.load(plan.adapter)
    if share is None:  # a worker brings no fault about
        on_target = [fault.kind for fault in timeline.faults if fault.kind in ON_TARGET]
        guards.check_target(on_target, target.capabilities, os.environ.get(TOKEN, ""), agents=plan.agents)
    rows = Rows(workload.sample(scenario, plan.seed, span, day_factor=False))
    clock = Clock(timeline.start_s, scenario.load_test.time_scale)
    rate = scenario.load_test.max_rate
    meter = guards.Meter(share.rate if share else conducting_rate(rate, agents=plan.agents) if conducts else rate)
    in_flight = share.in_flight if share else plan.in_flight
    customers = 0 if conducts else ceil(len(rows.first_rows) / (share.of if share else 1))
    slots = most_slots(scenario, timeline) if plan.agents and share is None else 0
    allow_files(min(customers, in_flight) + slots)
    way = transport(scenario, host, plan.run)
    wire = lay_wire(scenario, way, plan, min(len(rows.first_rows), plan.in_flight), closing) if share is None else None
    port = wire.port if wire else share.port if share else 0
    lane = replace(way, through=(LOOPBACK, port)) if port else way  # of customers and the probe
    pool, quick = Connections(in_flight + slots + SPARE, PATIENT, meter, way), Connections(SPARE, QUICK, meter, way)
    customers_pool = Connections(in_flight + SPARE, PATIENT, meter, lane) if port else pool
    probes_pool = Connections(SPARE, QUICK, meter, lane) if port else quick
    is_fresh = scenario.load_test.connections == "fresh"
    trouble, aside = Trouble(way), Trouble(way)
    ledger, skills = Ledger(folder), len(scenario.contacts)
    latencies, requests = Latencies(), environment.events.request
    requests.add_listener(latencies.hear)
    closing.callback(requests.remove_listener, latencies.hear)
    for made in (pool, quick, customers_pool, probes_pool, ledger):
        closing.callback(made.close)

    other = plan.candidate_host
    if other:
        guards.check_host(other, scenario.load_test.allowed_hosts)
        other_way = transport(scenario, other, plan.run)
        others, quick_others = (Connections(in_flight + slots + SPARE, s, meter, other_way) for s in (PATIENT, QUICK))
        closing.callback(others.close)
        closing.callback(quick_others.close)

    def dial(planned: float | None, trace: str = "", to_candidate: bool = False, /) -> adapters.Adapter:
        at, agents, customers = (other, others, others) if to_candidate else (host, pool, customers_pool)
        if planned is None:
            return speak(target, Session(environment, at, agents), aside)
        own = customers.anew() if is_fresh else customers
        return speak(target, Session(environment, at, own, clock.monotonic(planned), trace), trouble)

    def watch(_planned: float | None, _trace: str = "", to_candidate: bool = False, /) -> adapters.Adapter:
        at, own = (other, quick_others) if to_candidate else (host, quick)
        return speak(target, Session(environment, at, own), aside)

    return Scene(
        host=host,
        scenario=scenario,
        timeline=timeline,
        plan=plan,
        rows=rows,
        candidate=Rows(sample_candidate(scenario, plan.seed, span)) if plan.release else None,
        split=Split(folder, places(CANDIDATE, rows.customer)) if other else None,
        clock=clock,
        floor=ReportedFloor(rows, skills, in_flight) if share else Floor(rows, skills, in_flight, ledger.contact),
        ledger=ledger,
        dial=dial,
        watch=watch,
        look=lambda *_: speak(target, Session(environment, host, probes_pool), aside),
        wire=wire,
        note=lambda name, seconds: note(environment, name, seconds),
        stop=clock.real(span.horizon_s if timeline.faults and plan.agents else timeline.end_s),
        requests=lambda: meter.count,
        held=lambda: meter.held,
        latencies=latencies,
        trouble=trouble,
        aside=aside,
    )


def lay_wire(scenario: Scenario, way: Transport, plan: Plan, at_once: int, closing: ExitStack) -> WireProxy | None:
    """A proxy for so many customers ``at_once`` where a fault is to spoil their wire; else they go straight there."""
    spoiled = [fault for fault in scenario.faults if fault.kind == "wire"]
    if not spoiled:
        return None
    allow_files(2 * at_once)  # it has two ends of every connection, and inherits what this process may have
    wire = WireProxy(way, plan.seed, reads_requests=any(fault.how == "errors" for fault in spoiled))
    closing.callback(wire.close)
    cost = wire.overhead(getattr(adapters.load(plan.adapter), "front", "/"))
    log.info("customers go by a wire that can be spoiled; without a fault it costs a request %.2f ms", cost * 1000)
    return wire


class Aftermath:
    """The process that says whether recovery has been seen; it is started ahead, so that its answer is quick."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "crestline.live.aftermath", str(folder)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        os.setpriority(os.PRIO_PROCESS, self._process.pid, BEHIND)
        self._answers = True

    def ask(self, scene: Scene, under_way: list[dict[str, Any]]) -> bool:
        """Whether every fault has been recovered from by now, with these contacts under way; no answer is no.

        After the first question without an answer nothing more is asked: a late answer would be taken for the next.
        """
        asking, answering = self._process.stdin, self._process.stdout
        if asking is None or answering is None or not self._answers:
            return False
        scene.ledger.under_way(under_way)
        now_s = scene.timeline.start_s + scene.clock.now() * scene.clock.time_scale
        with suppress(OSError, ValueError), gevent.Timeout(ANSWER, False):
            asking.write(f"{now_s}\n")
            asking.flush()
            return answering.readline().strip() == "1"
        self._answers = False
        log.warning("whether recovery has been seen is not answered within %.0f s, and not asked again", ANSWER)
        return False

    def close(self) -> None:
        """Nothing more will be asked: the process, which only reads, is ended."""
        self._process.kill()
        self._process.wait()
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            with suppress(OSError):  # a question that nobody has read
                pipe.close()


def announce(scene: Scene) -> None:
    """Say what will happen before it does."""
    clock, timeline = scene.clock, scene.timeline
    planned = [clock.real(at) for at in scene.rows.first_planned_s if at < timeline.end_s]
    faults = ", ".join(fault.kind for fault in timeline.faults) or "none"
    lines = (
        f"{scene.scenario.name} at {format_level(scene.scenario.load_test.level)} of peak against {scene.host}",
        f"{format_duration(timeline.end_s - timeline.start_s)} of the scenario in "
        f"{format_duration(clock.real(timeline.end_s))}, {len(planned):,} first contacts, "
        f"at most {guards.peak_rate(planned):.0f} per real second, faults: {faults}, seed {scene.plan.seed}",
    )
    for line in lines:
        log.info(line)


def settle_memory() -> None:
    """Keep the collector from pausing the run: what is there now stays, and is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
