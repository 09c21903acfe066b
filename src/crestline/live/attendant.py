"""Locust's worker as one that plays a share of a run: it hears what the master says and answers."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import gevent

from crestline import __version__
from crestline.errors import INCONCLUSIVE, MET
from crestline.live.reports import ReportedFloor
from crestline.live.scene import Scene
from crestline.live.share import Share
from crestline.live.stage import set_scene, settle_memory
from crestline.live.worker import Worker

if TYPE_CHECKING:
    from locust.env import Environment

MESSAGE = "crestline"  # the type of all messages between master and workers
GRACE = 10.0  # real seconds that the master has to close a run of which this process is asked to end
LOOK = 0.05
CODES = {"share": INCONCLUSIVE, "close": MET, "refused": INCONCLUSIVE}  # whether it has played its share to the end
log = logging.getLogger("crestline")


class Attendant:
    """What a Locust worker does in runs that its master conducts."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.worker = Worker(self._stage, self._send)
        environment.process_exit_code = MET  # the verdict is the master's
        self._is_refused = False
        gevent.signal_handler(signal.SIGINT, self._interrupt)
        environment.runner.register_message(MESSAGE, self._hear)
        self._send("here", {"version": __version__})
        environment.events.test_stop.add_listener(lambda **_: self.worker.end())
        environment.events.quitting.add_listener(lambda **_: self.stop())

    def stop(self, _reason: str = "") -> None:
        """End this process: when the master has closed the run, or on its own after a while."""
        last = time.monotonic() + GRACE
        while self.worker.part and time.monotonic() < last:
            gevent.sleep(LOOK)
        self.worker.end()

    def _interrupt(self) -> None:
        self.stop()
        end_test(self.environment, for_good=True)

    def _stage(self, folder: Path, host: str, share: Share, closing: ExitStack) -> tuple[Scene, ReportedFloor]:
        scene = set_scene(self.environment, folder, host, closing, share=share)
        settle_memory()
        return scene, cast("ReportedFloor", scene.floor)

    def _send(self, what: str, told: Mapping[str, Any]) -> None:
        self.environment.runner.send_message(MESSAGE, {"what": what, **told})

    def _hear(self, msg: Any, **_: object) -> None:
        what = msg.data["what"]
        if what in CODES:
            self.environment.process_exit_code = CODES[what]
        if what != "refused":
            self.worker.hear(what, msg.data)
        elif not self._is_refused:
            self._is_refused = True
            log.error("refused by the master: %s; this worker quits", msg.data["why"])
            gevent.spawn(end_test, self.environment, for_good=True)


def end_test(environment: Environment, *, for_good: bool) -> None:
    """Without a web page Locust quits; with one it returns to stopped, unless it is to end for good."""
    if environment.web_ui and not for_good:
        environment.runner.stop()
        return
    environment.runner.quit()
    if environment.web_ui:
        environment.web_ui.stop()
