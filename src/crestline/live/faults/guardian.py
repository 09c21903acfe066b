"""The guardian of one hook: a process that does what the run orders, and undoes it when nobody orders any more.

It undoes once and only once: when it is told to, when the run that started it is gone (the end of its input), when the
fault has outlived its time to live, or when it is asked to end itself. What it did without being told stands in
``guardian.log`` in the run folder.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crestline.live.faults.deeds import Failed, perform

TRIES, PAUSE = 3, 0.5  # how often it tries to undo when nobody is there to see to it, and the seconds between
LOG = "guardian.log"


class Guardian:
    """One fault: done, perhaps seen, undone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.undo: Mapping[str, Any] | None = None  # what is left to be undone
        self.until = float("inf")  # an instant of the monotonic clock

    def obey(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """``inject`` with its ``undo`` and ``ttl``, ``verify``, or ``undo``; what came of it, and from when to when.

        ``undo`` may bring its ``deed``, where another guardian has injected and is gone.
        """
        do, within, began = order["do"], order["within"], time.monotonic()
        if do == "inject":
            self.undo, self.until = order["undo"], time.monotonic() + order["ttl"]
        deed = order.get("deed", self.undo)
        if deed is None:
            return {"ok": True, "told": "it was undone before", "began": began, "at": began}
        try:
            told = perform(deed, within)
        except Failed as failed:
            return {"ok": False, "told": str(failed), "began": began, "at": time.monotonic()}
        if do == "undo":
            self.undo = None
        return {"ok": True, "told": told, "began": began, "at": time.monotonic()}

    def watch(self) -> str:
        """Obey until there is nobody to obey or the time to live is over; which of them it was."""
        kept = b""
        while True:
            left = self.until - time.monotonic() if self.undo else None
            if left is not None and left <= 0:
                return "its time to live was over"
            if not select.select([sys.stdin], [], [], left)[0]:
                continue
            read = os.read(sys.stdin.fileno(), 65_536)
            if not read:
                return "the run was gone"
            *lines, kept = (kept + read).split(b"\n")
            for line in lines:
                order = json.loads(line)
                _say({"n": order["n"], **self.obey(order)})

    def clean_up(self, why: str) -> None:
        """Undo what is left, a few times if need be, and write it down."""
        for tries in range(TRIES):
            if self.undo is None:
                return
            got = self.obey({"do": "undo", "within": 30.0})
            with (self.folder / LOG).open("a", encoding="utf-8") as log:
                word = "undone" if got["ok"] else f"NOT undone (try {tries + 1} of {TRIES})"
                log.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {word}, since {why}: {got['told']}\n")
            if not got["ok"] and tries + 1 < TRIES:
                time.sleep(PAUSE)


def _say(told: Mapping[str, Any]) -> None:
    with suppress(OSError):
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def _asked_to_end(number: int, _frame: object) -> None:
    _hear(signal.SIG_IGN)  # once is enough: nothing may come between it and the undo
    raise SystemExit(128 + number)


def _hear(handler: Callable[[int, object], None] | signal.Handlers) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, handler)


def main() -> None:
    """``FOLDER``: the run folder."""
    _hear(_asked_to_end)
    guardian, why = Guardian(Path(sys.argv[1])), "it was asked to end"
    try:
        _say({"ready": True})
        why = guardian.watch()
    finally:
        _hear(signal.SIG_IGN)
        guardian.clean_up(why)


if __name__ == "__main__":
    main()
