"""The injector: what makes Locust play a run. Neither a User nor a load shape: it starts and ends with Locust's test.

One greenlet walks the arrivals and starts one greenlet per customer at its planned instant, so that a slow target
delays nobody's arrival. Everything that happens goes through Locust's own request events. With workers, Locust's
master conducts and its workers play the customers: see ``conductor``, and ``attendant`` for their side.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import gevent
import gevent.socket
from locust import runners, stats
from locust.env import Environment
from locust.runners import STATE_INIT, MasterRunner, WorkerRunner

from crestline import __version__
from crestline.errors import INCONCLUSIVE, CrestlineError
from crestline.live.attendant import MESSAGE, Attendant, end_test
from crestline.live.conductor import Conductor
from crestline.live.crowd import Crowd, OwnCrowd
from crestline.live.latencies import bucket
from crestline.live.play import Play, exit_code
from crestline.live.players import players
from crestline.live.scene import Scene
from crestline.live.share import shares
from crestline.live.stage import Aftermath, announce, set_scene, settle_memory
from crestline.workload.recontacts import recontact_shares

INTERRUPTED = (130, 143)
EXPECT = 60.0  # real seconds that a master without a page waits for its workers, unless it is told otherwise
HERE = 5.0  # real seconds that a worker of whom Locust knows has to be here
ORPHANED = 10  # real seconds without a word of the master after which a worker quits
RAMP = "LOCUST_WAIT_FOR_WORKERS_REPORT_AFTER_RAMP_UP"
log = logging.getLogger("crestline")


class Injector:
    """Plays one run folder for every start of Locust's test, alone or with workers.

    ``prepare`` makes or finds the folder; ``conclude`` is told folder and exit code after the play, and has the last
    word on the latter.
    """

    def __init__(
        self, environment: Environment, prepare: Callable[[], Path], conclude: Callable[[Path, int], int]
    ) -> None:
        self.environment, self.prepare, self.conclude = environment, prepare, conclude
        self.play: Play | None = None
        self._playing: gevent.Greenlet | None = None
        self._is_asked = False  # whoever asked the run to end goes on to end Locust, or to stop its test
        self._halted_by = ""
        self._conductor: Conductor | None = None
        self._here: set[str] = set()  # workers that can be spoken to: Locust knows of them a little earlier
        environment.process_exit_code = INCONCLUSIVE
        gevent.signal_handler(signal.SIGINT, self._interrupt)
        environment.events.test_start.add_listener(self.start)
        environment.events.test_stopping.add_listener(lambda **_: self.stop("stopped by hand"))
        environment.events.quitting.add_listener(lambda **_: self.stop("SIGTERM"))
        if isinstance(environment.runner, MasterRunner):
            os.environ.setdefault(RAMP, "0.1")  # Locust's master is deaf while it waits for idle users to be reported
            environment.runner.register_message(MESSAGE, self._hear)
            if environment.parsed_options.headless:
                gevent.spawn(self._expect_workers)

    def start(self, **_: object) -> None:
        """Locust's test has started."""
        self._halted_by, self._is_asked = "", False
        self._playing = gevent.spawn(self._play)

    def stop(self, reason: str) -> None:
        """Locust's test ends before the run does; returns when what there is has been written."""
        playing = self._playing
        if playing is None or playing is gevent.getcurrent():
            return
        self._is_asked = True
        self._halt(reason)
        playing.join()

    def _halt(self, reason: str) -> None:
        """End the run early, or as soon as it is there to be ended."""
        self._halted_by = self._halted_by or reason
        if self.play:
            self.play.halt(self._halted_by)

    def _interrupt(self) -> None:
        """Ctrl-C ends the run, which ends Locust; without a run it ends Locust."""
        if self._playing:
            self._halt("SIGINT")
        else:
            end_test(self.environment, for_good=True)

    def _play(self) -> None:
        """Play, set the exit code and end Locust's test."""
        code = INCONCLUSIVE
        try:
            folder = self.prepare()
            with ExitStack() as closing:
                self.play = self._stage(folder, closing)
                if self._halted_by:
                    self.play.halt(self._halted_by)
                settle_memory()
                code = exit_code(self.play.run())
            self.play = self._conductor = None
            code = self.conclude(folder, code)
        except CrestlineError as error:
            code = error.exit_code
            log.error("%s", error)  # noqa: TRY400 - it is told in words
        except Exception:
            log.exception("the run broke off")
        finally:
            self.play = self._conductor = None
            self.environment.process_exit_code = code
            self._playing = None
            if not self._is_asked or self._halted_by == "SIGINT":
                gevent.spawn(end_test, self.environment, for_good=code in INTERRUPTED)

    def _stage(self, folder: Path, closing: ExitStack) -> Play:
        """Set the scene for the run in a folder; ``closing`` takes what is to be let go of after it."""
        environment, host = self.environment, (self.environment.host or "").rstrip("/")
        conducts = isinstance(environment.runner, MasterRunner)
        scene = set_scene(environment, folder, host, closing, conducts=conducts)
        crowd = self._conduct(scene) if conducts else OwnCrowd(scene, recontact_shares(scene.scenario))
        announce(scene)
        faults = scene.timeline.faults
        recovered = closing.enter_context(contextlib.closing(Aftermath(folder))).ask if faults else None
        return Play(scene, crowd, recovered)

    def _conduct(self, scene: Scene) -> Crowd:
        """Every worker that is there gets a share, in the order in which they came."""
        runner = self.environment.runner
        with gevent.Timeout(HERE, False):
            while not self._here.issuperset(self._connected()):
                gevent.sleep(0.01)
        names = sorted(self._here.intersection(self._connected()), key=runner.get_worker_index)
        if not names:
            msg = "no worker is there to play the customers; start some, or leave --master out"
            raise CrestlineError(msg)
        plan, rate = scene.plan, scene.scenario.load_test.max_rate
        port = scene.wire.port if scene.wire else 0
        given = shares(len(names), rate, plan.in_flight, agents=plan.agents, port=port)
        self._conductor = Conductor(scene, players(scene, dict(zip(names, given, strict=True))), self._send)
        return self._conductor

    def _connected(self) -> list[str]:
        clients = self.environment.runner.clients
        return [client.id for client in (*clients.ready, *clients.spawning, *clients.running)]

    def _send(self, worker: str, what: str, told: Mapping[str, Any]) -> None:
        self.environment.runner.send_message(MESSAGE, {"what": what, **told}, worker)

    def _hear(self, msg: Any, **_: object) -> None:
        if msg.data["what"] == "here":
            self._welcome(msg.node_id, msg.data["version"])
        if self._conductor:
            self._conductor.hear(msg.node_id, msg.data["what"], msg.data)

    def _welcome(self, worker: str, version: str) -> None:
        """A worker can be spoken to now; only one of the same version is understood."""
        if version == __version__:
            self._here.add(worker)
            return
        why = f"it runs Crestline {version}, the master {__version__}"
        log.error("worker %s is told to quit: %s", worker, why)
        self._send(worker, "refused", {"why": why})

    def _expect_workers(self) -> None:
        """Wait for the expected workers no longer than is sensible: Locust's own limit ends with the code of a miss."""
        options, runner = self.environment.parsed_options, self.environment.runner
        at_most, options.expect_workers_max_wait = options.expect_workers_max_wait or EXPECT, 0
        with gevent.Timeout(at_most, False):
            while runner.state == STATE_INIT and len(runner.clients.ready) < options.expect_workers:
                gevent.sleep(0.1)
            return
        there, expected = len(runner.clients.ready), options.expect_workers
        log.error("%s of %s expected workers came within %.0f s; see --expect-workers", there, expected, at_most)
        runner.quit()
        sys.exit(INCONCLUSIVE)


def inject(
    environment: Environment, prepare: Callable[[], Path], conclude: Callable[[Path, int], int]
) -> Injector | Attendant:
    """Let this process take part in runs, as whoever Locust makes it: alone, as the master, or as a worker."""
    stats.bucket_response_time = bucket
    if isinstance(environment.runner, WorkerRunner):
        runners.MASTER_HEARTBEAT_TIMEOUT = ORPHANED
        return Attendant(environment)
    return Injector(environment, prepare, conclude)


def end_with_parent(injector: Injector | Attendant, pipe: int) -> None:
    """Stop, when the pipe that the parent holds comes to its end."""
    gevent.socket.wait_read(pipe)
    injector.stop("SIGTERM")
    end_test(injector.environment, for_good=True)
