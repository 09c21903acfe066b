"""What a live run writes down as it goes: plain files in the run folder, a line per happening, in real seconds.

Every line is complete when it is written, so that a run that is killed leaves a folder that can be read. Contacts end
thousands of times a second: their lines are handed to the system together, a few times a second.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import orjson

CONTACTS, UNDER_WAY, SLOTS, FAULTS, ALERTS, ALARMS, PROBE, PROGRESS, LATENCIES, LOAD = (
    "contacts.jsonl",
    "under_way.jsonl",
    "slots.csv",
    "faults.jsonl",
    "alerts.jsonl",
    "alarms.jsonl",
    "probe.csv",
    "progress.jsonl",
    "latencies.json",
    "load.json",
)
KEPT_S = 0.2  # real seconds that lines of contacts are kept back
STOP = "stop"  # a file of this name in the run folder stops the run
SLOT_COLUMNS = ("at", "group", "slot", "what", "slots")
PROBE_COLUMNS = ("at", "ok", "service", "pool", "planned", "ready", "slots", "busy", "waiting")


class Ledger:
    """The open files of one run."""

    def __init__(self, folder: Path, kept_s: float = KEPT_S) -> None:
        """Lines of contacts are kept back for ``kept_s`` real seconds at most, while contacts end."""
        self.folder, self.kept_s = folder, kept_s
        self._files: dict[str, TextIO] = {}
        self._contacts: list[str] = []
        self._given_at = time.monotonic()
        self._row(SLOTS, SLOT_COLUMNS)
        self._row(PROBE, PROBE_COLUMNS)

    def contact(self, fields: Mapping[str, Any]) -> None:
        """A contact that has ended, or is open as the run ends."""
        self._contacts.append(_line(fields))
        if time.monotonic() >= self._given_at + self.kept_s:
            self._give()

    def under_way(self, contacts: Iterable[Mapping[str, Any]]) -> None:
        """The contacts that have not ended yet, all at one stroke."""
        self._give()
        waiting = self.folder / f".{UNDER_WAY}"
        waiting.write_text("".join(map(_line, contacts)), encoding="utf-8")
        waiting.replace(self.folder / UNDER_WAY)

    def slot(self, at: float, group: str, slot: int, what: str, slots: int = 0) -> None:
        """A slot's ``login``, ``claim``, ``done``, ``logout``; or the group's ``step`` or ``standby`` to ``slots``."""
        self._row(SLOTS, (f"{at:.6f}", group, slot, what, slots))

    def fault(self, fields: Mapping[str, Any]) -> None:
        """How far a fault has come."""
        self._line(FAULTS, fields)

    def alert(self, fields: Mapping[str, Any]) -> None:
        """An alert is ``raised``, or is ``over``: at which tick, and when that was told."""
        self._line(ALERTS, fields)

    def alarm(self, at: float, name: str) -> None:
        """An alarm of the target's own, and when it was raised."""
        self._line(ALARMS, {"at": round(at, 6), "name": name})

    def probe(self, at: float, ok: bool, service: float, pool: str, sizes: tuple[int, ...]) -> None:
        """One look at the target, or at one of its pools."""
        self._row(PROBE, (f"{at:.6f}", int(ok), f"{service:.6f}", pool, *sizes))

    def progress(self, fields: Mapping[str, Any]) -> None:
        """How far the run is."""
        self._give()
        self._line(PROGRESS, fields)

    def latencies(self, histograms: Sequence[Mapping[str, str]]) -> None:
        """How long requests took: a histogram for every kind of them."""
        (self.folder / LATENCIES).write_text(json.dumps(histograms, indent=1) + "\n", encoding="utf-8")

    def load(self, fields: Mapping[str, Any]) -> None:
        """What became of the run itself; written last, when no contact is under way any more."""
        self._give()
        (self.folder / UNDER_WAY).unlink(missing_ok=True)
        text = orjson.dumps(fields, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        (self.folder / LOAD).write_bytes(text)

    def close(self) -> None:
        """Close every file."""
        self._give()
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _give(self) -> None:
        """Let the system have the lines of contacts."""
        if self._contacts:
            self._file(CONTACTS).write("".join(self._contacts))
            self._contacts.clear()
        self._given_at = time.monotonic()

    def _line(self, name: str, fields: Mapping[str, Any]) -> None:
        self._file(name).write(_line(fields))

    def _row(self, name: str, cells: tuple[object, ...]) -> None:
        self._file(name).write(",".join(map(str, cells)) + "\n")

    def _file(self, name: str) -> TextIO:
        if name not in self._files:
            self._files[name] = (self.folder / name).open("a", buffering=1, encoding="utf-8")
        return self._files[name]


def _line(fields: Mapping[str, Any]) -> str:
    """What did not happen (NaN) is null."""
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE).decode()
