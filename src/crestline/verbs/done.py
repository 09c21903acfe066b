"""``crestline done``: who attends a drill marks a step of the handbook as done, while the drill plays."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from crestline import runs
from crestline.errors import UsageError
from crestline.live.ledger import LOAD, PROGRESS
from crestline.live.records import Records
from crestline.report.handbook import steps
from crestline.runs import RunFolder
from crestline.scenario import Scenario

DONE = "done.jsonl"


class Mark(NamedTuple):
    """A step that somebody did: its text, when as an instant, and by whom."""

    step: str
    at_s: float
    by: str


def mark_done(run: Path, words: str, by: str) -> str:
    """Write down that the step of these words was done now, and return its text; UsageError where it cannot be."""
    folder, who = runs.open_run(run), by.strip()
    if not who:
        msg = "--by: got nothing, expected who did it"
        raise UsageError(msg)
    step = _meant(folder.scenario(), words)
    line = {"at": _now(folder), "step": step, "by": who}
    with (folder.path / DONE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return step


def marks(records: Records) -> Iterator[Mark]:
    """What was marked during a run, in order."""
    path = records.folder / DONE
    for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        line = json.loads(text)
        yield Mark(line["step"], float(records.seconds([line["at"]])[0]), line["by"])


def _meant(scenario: Scenario, words: str) -> str:
    """The one step of the scenario's handbook whose text has these words."""
    listed = [step for fault in scenario.faults for step in steps.at_once(scenario, fault)]
    texts = list(dict.fromkeys(step.text for step in (*listed, *steps.golden(scenario))))
    found = [text for text in texts if words.casefold() in text.casefold()]
    if len(found) != 1:
        which = "one of" if found else "words of one of"
        msg = f"step {words!r}: {len(found)} steps have it, expected {which}: {'; '.join(found or texts)}"
        raise UsageError(msg)
    return found[0]


def _now(folder: RunFolder) -> float:
    """Real seconds since the run's zero: what was last written of its progress, and how long ago that was."""
    if folder.has(LOAD):
        msg = f"{folder.path}: the drill has been played; steps are marked while it plays"
        raise UsageError(msg)
    path = folder.path / PROGRESS
    lines = path.read_text(encoding="utf-8").rpartition("\n")[0].splitlines() if path.exists() else []
    if not lines:
        msg = f"{folder.path}: the drill is not being played yet; mark steps once customers come"
        raise UsageError(msg)
    since: float = json.loads(lines[-1])["at"]
    return since + max(0.0, time.time() - path.stat().st_mtime)
