"""One worker: it plays a share of a run's customers as it is told, and reports what comes of them.

It knows the scenario, the seed and its share, and so the very rows that every other process knows. What agents do is
told to it by the process that conducts the run.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event

from crestline.errors import CrestlineError
from crestline.live.crowd import OwnCrowd, Unfinished
from crestline.live.floor import STRANGE
from crestline.live.reports import ReportedFloor, draw_report
from crestline.live.scene import Scene
from crestline.live.share import Share
from crestline.workload.recontacts import recontact_shares

EVERY = 0.1  # real seconds between two reports
Send = Callable[[str, Mapping[str, Any]], None]  # to the conducting process: what, and its details
Stage = Callable[[Path, str, Share, ExitStack], tuple[Scene, ReportedFloor]]
log = logging.getLogger("crestline")


@dataclass
class Part:
    """The share that is being played."""

    scene: Scene
    floor: ReportedFloor
    crowd: OwnCrowd
    closing: ExitStack
    cpu: float = 0.0  # of the process when it began, and when that was
    began: float = 0.0
    reporting: gevent.Greenlet | None = None


class Worker:
    """Plays one share after the other, as long as the process lives; ``hear`` takes what it is told."""

    def __init__(self, stage: Stage, send: Send) -> None:
        self.stage, self.send = stage, send
        self.part: Part | None = None
        self._at_rest = Event()
        self._at_rest.set()

    def hear(self, what: str, told: Mapping[str, Any]) -> None:
        """Take in what the conducting process says; what belongs to a share that is over is left aside."""
        if what == "share":
            self.end()
            gevent.spawn(self._prepare, told)
        elif what == "tick":
            self.send("tock", {"sent": told["sent"], "now": time.monotonic()})
        elif self.part:
            HEARD[what](self, self.part, told)

    def begins(self, part: Part, told: Mapping[str, Any]) -> None:
        """Zero is set, by this process's clock."""
        part.scene.clock.set_zero(told["at"] - time.monotonic())
        part.cpu, part.began = time.process_time(), time.monotonic()
        part.crowd.begin()
        part.reporting = gevent.spawn(self._report, part)

    def takes(self, part: Part, told: Mapping[str, Any]) -> None:
        """An agent has claimed a contact."""
        if not part.floor.knows(told["row"], told["conversation"]):
            self.send("strange", {"why": STRANGE.format(told["conversation"])})
        own = {name: told[name] for name in ("is_own", "conversation")}
        part.floor.take(told["row"], told["group"], told["at"], told["freed"], **own)

    def passes_on(self, part: Part, told: Mapping[str, Any]) -> None:
        """An agent lets go of a contact."""
        part.floor.pass_on(told["row"], told["at"])

    def resolves(self, part: Part, told: Mapping[str, Any]) -> None:
        """An agent has resolved a contact."""
        part.floor.resolve(told["row"], told["at"])

    def stops(self, part: Part, told: Mapping[str, Any]) -> None:
        """Nobody comes at or after an instant."""
        part.crowd.stop_at(told["at"])

    def answers(self, part: Part, _told: Mapping[str, Any]) -> None:
        """Which contacts are under way."""
        self.send("contacts", {"contacts": [list(fields.values()) for fields in part.crowd.under_way()]})

    def closes(self, _part: Part, _told: Mapping[str, Any]) -> None:
        """The run is over; customers who have been served still rate."""
        gevent.spawn(self.end)

    def end(self) -> None:
        """Close the share that is being played, if there is one; returns when it is reported to the last line."""
        part, self.part = self.part, None
        if part is None:
            self._at_rest.wait()
            return
        self._at_rest.clear()
        try:
            with part.closing:
                self._close(part)
        except Exception:  # the conducting process hears no last report, and counts the share as lost
            log.exception("the share could not be closed")
        finally:
            self._at_rest.set()

    def _close(self, part: Part) -> None:
        try:
            unfinished = part.crowd.close()
        finally:
            if part.reporting:
                part.reporting.kill()
        self.send("report", _report(part, unfinished))

    def _prepare(self, told: Mapping[str, Any]) -> None:
        """Lay the run's files into a folder of its own, and sample the customers."""
        share, closing = Share(**told["share"]), ExitStack()
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="crestline-")))
        try:
            for name, text in told["files"].items():
                (folder / name).write_text(text, encoding="utf-8")
            scene, floor = self.stage(folder, told["host"], share, closing)
            crowd = OwnCrowd(scene, recontact_shares(scene.scenario), share)
        except CrestlineError as error:
            closing.close()
            self.send("failed", {"why": str(error)})
        except Exception as error:
            closing.close()
            log.exception("the share cannot be played")
            self.send("failed", {"why": repr(error)})
        else:
            self.part = Part(scene, floor, crowd, closing)
            log.info("plays the customers of %s", share)
            self.send("ready", {})

    def _report(self, part: Part) -> None:
        while True:
            gevent.sleep(EVERY)
            self.send("report", _report(part))
            if why := part.crowd.trouble():
                self.send("failed", {"why": why})


def _report(part: Part, unfinished: Unfinished | None = None) -> dict[str, Any]:
    cpu_share = (time.process_time() - part.cpu) / max(1e-9, time.monotonic() - part.began)
    return draw_report(part.scene, part.floor) | {"cpu_share": cpu_share, "unfinished": unfinished}


HEARD: dict[str, Callable[[Worker, Part, Mapping[str, Any]], None]] = {
    "zero": Worker.begins,
    "take": Worker.takes,
    "pass_on": Worker.passes_on,
    "resolve": Worker.resolves,
    "stop": Worker.stops,
    "under_way": Worker.answers,
    "close": Worker.closes,
}
