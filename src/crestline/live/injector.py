"""The injector: what makes Locust play a run. Neither a User nor a load shape: it starts and ends with Locust's test.

One greenlet walks the arrivals and starts one greenlet per customer at its planned instant, so that a slow target
delays nobody's arrival. Everything that happens goes through Locust's own request events.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import gevent
import gevent.socket
from locust.env import Environment
from locust.runners import LocalRunner

from crestline import workload
from crestline.errors import INCONCLUSIVE, USAGE, CrestlineError, UsageError
from crestline.live import adapters, guards
from crestline.live.adapters.desk import TOKEN
from crestline.live.clock import Clock
from crestline.live.faults import ON_TARGET
from crestline.live.floor import Floor
from crestline.live.ledger import Ledger
from crestline.live.plan import Plan
from crestline.live.play import Play, exit_code
from crestline.live.scene import Scene
from crestline.live.session import Connections, Session, note
from crestline.live.spoken import Trouble, speak
from crestline.live.transport import transport
from crestline.scenario import load
from crestline.units import format_duration, format_level
from crestline.workload.recontacts import recontact_shares
from crestline.workload.rows import Rows

PATIENT, QUICK = 120.0, 2.0  # network time-outs in real seconds: of customers and agents, and of the probe
INTERRUPTED = (130, 143)
BEHIND = 10  # niceness of what must not hold up the run
SPARE = 1000  # connections beyond one for every contact that may be under way
log = logging.getLogger("crestline")


class Injector:
    """Plays one run folder for every start of Locust's test.

    ``prepare`` makes or finds the folder; ``conclude`` is told folder and exit code after the play, and has the last
    word on the latter.
    """

    def __init__(
        self, environment: Environment, prepare: Callable[[], Path], conclude: Callable[[Path, int], int]
    ) -> None:
        self.environment, self.prepare, self.conclude = environment, prepare, conclude
        self.play: Play | None = None
        self._playing: gevent.Greenlet | None = None
        environment.process_exit_code = INCONCLUSIVE
        gevent.signal_handler(signal.SIGINT, self._interrupt)
        environment.events.test_start.add_listener(self.start)
        environment.events.test_stop.add_listener(lambda **_: self.stop("stopped by hand"))
        environment.events.quitting.add_listener(lambda **_: self.stop("SIGTERM"))

    def start(self, **_: object) -> None:
        """Locust's test has started."""
        if not isinstance(self.environment.runner, LocalRunner):
            log.error("--processes, --master, --worker: a run is played by one process; leave them out")
            self.environment.process_exit_code = USAGE
            gevent.spawn(end_test, self.environment, for_good=True)
            return
        self._playing = gevent.spawn(self._play)

    def stop(self, reason: str) -> None:
        """Locust's test ends before the run does; returns when what there is has been written."""
        playing, self._playing = self._playing, None
        if playing is None or playing is gevent.getcurrent():
            return
        self._halt(reason)
        playing.join()

    def _halt(self, reason: str) -> None:
        if self.play:
            self.play.halt(reason)

    def _interrupt(self) -> None:
        """Ctrl-C ends the run, which ends Locust; without a run it ends Locust."""
        if self.play:
            self.play.halt("SIGINT")
        else:
            end_test(self.environment, for_good=True)

    def _play(self) -> None:
        """Play, set the exit code and end Locust's test."""
        code = INCONCLUSIVE
        try:
            folder = self.prepare()
            with ExitStack() as closing:
                self.play = stage(self.environment, folder, closing)
                settle_memory()
                code = exit_code(self.play.run())
            self.play = None
            code = self.conclude(folder, code)
        except CrestlineError as error:
            code = error.exit_code
            log.error("%s", error)  # noqa: TRY400 - it is told in words
        except Exception:
            log.exception("the run broke off")
        finally:
            self.play = None
            self.environment.process_exit_code = code
            if self._playing is not None:
                self._playing = None
                gevent.spawn(end_test, self.environment, for_good=code in INTERRUPTED)


def end_with_parent(injector: Injector, pipe: int) -> None:
    """Stop, when the pipe that the parent holds comes to its end."""
    gevent.socket.wait_read(pipe)
    injector.stop("SIGTERM")
    end_test(injector.environment, for_good=True)


def end_test(environment: Environment, *, for_good: bool) -> None:
    """Without a web page Locust quits; with one it returns to stopped, unless it is to end for good."""
    if environment.web_ui and not for_good:
        environment.runner.stop()
        return
    environment.runner.quit()
    if environment.web_ui:
        environment.web_ui.stop()


def stage(environment: Environment, folder: Path, closing: ExitStack) -> Play:
    """Set the scene for the run in a folder; refuses what must not be loaded before a single request.

    ``closing`` takes what is to be let go of after the run.
    """
    scenario, plan = load(folder / "scenario.yaml"), Plan.read(folder)
    host = (environment.host or "").rstrip("/")
    if not host:
        msg = "no target: give --host URL"
        raise UsageError(msg)
    guards.check_host(host, scenario.load_test.allowed_hosts)
    span = workload.window(scenario)
    timeline = workload.timeline(scenario, span)
    target = adapters.load(plan.adapter)
    on_target = [fault.kind for fault in timeline.faults if fault.kind in ON_TARGET]
    guards.check_target(on_target, target.capabilities, os.environ.get(TOKEN, ""))
    rows = Rows(workload.sample(scenario, plan.seed, span, day_factor=False))
    clock = Clock(timeline.start_s, scenario.load_test.time_scale)
    raise_file_limit()
    meter = guards.Meter(scenario.load_test.max_rate)
    way = transport(scenario, host)
    pool, quick = Connections(plan.in_flight + SPARE, PATIENT, meter, way), Connections(SPARE, QUICK, meter, way)
    trouble, others = Trouble(way), Trouble(way)
    closing.callback(pool.close)
    closing.callback(quick.close)

    def dial(planned: float | None) -> adapters.Adapter:
        due = None if planned is None else clock.monotonic(planned)
        return speak(target, Session(environment, host, pool, due), others if due is None else trouble)

    scene = Scene(
        host=host,
        scenario=scenario,
        timeline=timeline,
        plan=plan,
        rows=rows,
        clock=clock,
        floor=Floor(rows, len(scenario.contacts), plan.in_flight),
        ledger=Ledger(folder),
        dial=dial,
        watch=lambda _: speak(target, Session(environment, host, quick), others),
        note=lambda name, seconds: note(environment, name, seconds),
        stop=clock.real(span.horizon_s if timeline.faults else timeline.end_s),
        trouble=trouble,
    )
    announce(scene)
    recovered = closing.enter_context(contextlib.closing(Aftermath(folder))).ask if timeline.faults else None
    return Play(scene, recontact_shares(scenario), lambda: meter.count, recovered)


class Aftermath:
    """The process that says whether recovery has been seen; it is started ahead, so that its answer is quick."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "crestline.live.aftermath", str(folder)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        os.setpriority(os.PRIO_PROCESS, self._process.pid, BEHIND)

    def ask(self, scene: Scene) -> bool:
        """Whether every fault has been recovered from by now; no answer is no."""
        asking, answering = self._process.stdin, self._process.stdout
        scene.ledger.under_way([contact.fields() for contact in scene.floor.contacts.values()])
        now_s = scene.timeline.start_s + scene.clock.now() * scene.clock.time_scale
        try:
            if asking is None or answering is None:
                return False
            asking.write(f"{now_s}\n")
            asking.flush()
            return answering.readline().strip() == "1"
        except (OSError, ValueError):
            return False

    def close(self) -> None:
        """Nothing more will be asked: its input ends, and so does the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.wait()


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


def raise_file_limit() -> None:
    """Every customer and agent is an open file: take as many as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < wanted and sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
