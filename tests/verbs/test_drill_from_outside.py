"""Drills whose faults come from outside the target: a wire that is spoiled, and hooks of other tools."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.verbs.conftest import Done, Run, Start

pytestmark = pytest.mark.long

Words = Callable[..., list[str]]
WIRE = {  # how, and what its request of our own is told to have met
    "how: latency, delay: 6s": "was answered 404 in 1",
    "how: jitter, jitter: 12s": "was answered 404 in ",
    "how: bandwidth, rate: 500B/s": "was answered 404 in ",
    "how: reset, share: 50%": "ConnectionResetError",
    "how: refuse": "ConnectionRefusedError",
    "how: hang": "none within",
    "how: errors, share: 50%": "was answered 503 by the proxy",
}

HOOK = "kind: command, inject: [touch, broken], undo: [rm, broken], for: 4min, at: '10:04'"
LONG = ("load_test.for=9min", "load_test.time_scale=20")


def faults(*told: str) -> str:
    """One after the other, half a minute each, with as much between them."""
    placed = [f"{{{each}, at: '10:{4 + index:02}', for: 30s}}" for index, each in enumerate(told)]
    return f"faults=[{', '.join(placed)}]"


def struck(folder: Path) -> list[dict[str, Any]]:
    """The last that the run has written down of each of its faults."""
    lines = (folder / "faults.jsonl").read_text("utf-8").splitlines()
    last = {line["index"]: line for line in map(json.loads, lines)}
    return [last[index] for index in sorted(last)]


def test_every_fault_of_the_wire_shows_and_is_gone(run: Run, brief: Words) -> None:
    """Each by a request of our own; agents go around it, and nothing that was accepted is lost."""
    spoiled = faults(*(f"kind: wire, {how}" for how in WIRE))
    done = run(*brief("load_test.for=9min", spoiled, "load_test.error_budget.share=90%"))
    lines = struck(done.latest)
    assert [line.get("error") for line in lines] == [None] * len(WIRE), lines
    for line, words in zip(lines, WIRE.values(), strict=True):
        assert words in line["verified"]
        assert line["undone"].startswith("a request of our own was answered 404")
        assert line["met"] > 0
        assert -0.01 < line["effective"] - line["planned"] < 0.2
        assert 0.4 < line["healed"] - line["effective"] < 0.8
    integrity = done.run["integrity"]
    assert (integrity["lost"], integrity["doubled"]) == (0, 0)
    assert "a wire that can be spoiled" in (done.latest / "locust.log").read_text("utf-8")


def test_workers_share_the_wire(run: Run, brief: Words) -> None:
    """Customers of every process meet the fault: their share of them fails, and nobody else does."""
    spoiled = "faults=[{kind: wire, at: '10:04', for: 2min, how: errors, share: 50%}]"
    done = run(*brief("load_test.for=5min", spoiled, "load_test.error_budget.share=90%"), "--workers", "2")
    (line,) = struck(done.latest)
    assert "verified" in line
    rows = [json.loads(text) for text in (done.latest / "contacts.jsonl").read_text("utf-8").splitlines()]
    within = [row["outcome"] == 5 for row in rows if line["effective"] < row["planned"] < line["healed"]]
    outside = [row["outcome"] == 5 for row in rows if not line["effective"] < row["planned"] < line["healed"]]
    assert 0.35 < sum(within) / len(within) < 0.65
    assert sum(outside) <= 2


def test_a_harness_that_is_killed_leaves_no_fault_behind(start: Start, brief: Words, tmp_path: Path) -> None:
    """The hook's guardian has undone its fault a moment later, the wire has ended, and both are gone then."""
    wire = "{kind: wire, how: hang, for: 4min, at: '10:05'}"
    killed = start(*brief(*LONG, f"faults=[{{{HOOK}, verify: [test, -e, broken]}}, {wire}]"))
    broken, happened = tmp_path / "broken", "reports/2*/faults.jsonl"
    killed.until(lambda: any("none within" in path.read_text("utf-8") for path in tmp_path.glob(happened)))
    assert broken.exists()
    ours = ("guardian", "wire_proxy")
    processes = killed.commands()
    assert all(any(name in command for command in processes) for name in ours)
    for command, process in processes.items():
        if not any(name in command for name in ours):
            process.kill()
    assert killed.left() == []
    assert not broken.exists()
    (log,) = tmp_path.glob("reports/2*/guardian.log")
    assert "undone, since the run was gone: rm ended with code 0" in log.read_text("utf-8")


def test_ctrl_c_takes_a_hook_back(start: Start, brief: Words, tmp_path: Path) -> None:
    """As every other end of a run does."""
    stopped = start(*brief(*LONG, f"faults=[{{{HOOK}}}]"))
    stopped.until((tmp_path / "broken").exists)
    stopped.look()
    stopped.process.send_signal(2)
    done: Done = stopped.end()
    assert done.code == 130
    assert not (tmp_path / "broken").exists()
    assert stopped.left() == []
