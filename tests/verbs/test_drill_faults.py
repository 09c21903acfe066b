"""Drills in which things break for real: each takes effect as the harness sees it, and nothing is lost or doubled."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.verbs.conftest import ByHand, Done, Run, Start, Started

Words = Callable[..., list[str]]
KINDS = {
    "triage-brownout, slow": "kind: triage-brownout, how: slow, factor: 5",
    "triage-brownout, stop": "kind: triage-brownout, how: stop",
    "storage-stall": "kind: storage-stall",
    "slow-agents": "kind: slow-agents, factor: 150%",
}
WHOLE = {"lost": 0, "doubled": 0, "orphaned": 0}


def struck(done: Done) -> list[dict[str, Any]]:
    """The last that the run has written down of each of its faults."""
    lines = (done.latest / "faults.jsonl").read_text("utf-8").splitlines()
    last = {line["index"]: line for line in map(json.loads, lines)}
    return [last[index] for index in sorted(last)]


def is_whole(done: Done) -> bool:
    """Whether all that was accepted is at the target exactly once."""
    return bool(done.run["integrity"].items() >= WHOLE.items() and done.run["integrity"]["accepted"] > 0)


# The web worker is killed every two seconds: customers and agents ask again, and everything is there exactly once.
def kills(at: str, lasts: str) -> str:
    return f"faults=[{{kind: web-worker-kill, at: '{at}', for: {lasts}, every: 2min}}]"


@pytest.mark.long
def test_killed_web_workers_lose_and_double_nothing(run: Run, brief: Words) -> None:
    done = run(*brief("load_test.for=8min", kills("10:04", "5min30s")))
    (line,) = struck(done)
    assert line["effective"] < line["healed"]
    assert "other processes answered, one after the other" in line["verified"]
    assert is_whole(done), done.run["integrity"]
    assert done.run["measures"]["error_rate"]["measured"]["value"] < 0.01


@pytest.mark.long
def test_a_minute_of_killed_web_workers_loses_and_doubles_nothing(start: Start, brief: Words) -> None:
    started = start(
        *brief("load_test.from=09:50", "load_test.for=66min", kills("09:53", "1h"), "agents.general.on_duty=19")
    )
    started.process.wait(240)
    done = started.end()
    assert is_whole(done), done.run["integrity"]
    assert done.run["measures"]["error_rate"]["measured"]["value"] < 0.01


@pytest.mark.long
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_fault_shows_and_is_over(run: Run, brief: Words, kind: str) -> None:
    done = run(*brief("load_test.for=4min", f"faults=[{{{KINDS[kind]}, at: '10:04', for: 1min}}]"))
    (line,) = struck(done)
    assert "error" not in line
    assert line["planned"] <= line["effective"] + 0.1 < line["healed"]
    assert line["verified"]
    assert line["undone"]
    assert is_whole(done), done.run["integrity"]


STOPPED = "{kind: triage-brownout, how: stop, at: '10:04', for: 2min}"
SEVERAL = f"faults=[{STOPPED}, {{kind: storage-stall, at: '10:04:20', for: 1min}}]"


def in_force(started: Started) -> bool:
    """Whether both faults have been seen to take effect."""
    texts = [path.read_text("utf-8") for path in started.folder.glob("reports/2*/faults.jsonl")]
    return any('"index":1' in text and text.count("effective") > 1 for text in texts)


def health(desk: ByHand) -> tuple[int, dict[str, Any]]:
    connection = HTTPConnection("127.0.0.1", desk.port, timeout=5)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


# Everything of the harness is killed at one stroke: the bot goes on and the database is free by the desk's own clock.
@pytest.mark.long
def test_faults_outlive_no_harness_that_is_killed(
    start: Start, brief: Words, desk: Callable[..., ByHand], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRESTLINE_DESK_TOKEN", "between us")
    target = desk("--time-scale", "20")
    killed = start(*brief("load_test.time_scale=20", "load_test.for=4min", SEVERAL), "--host", target.url)
    killed.until(lambda: in_force(killed))
    assert health(target)[0] == 503
    for process in killed.look():
        process.kill()
    assert killed.left() == []
    target.started.until(lambda: health(target)[0] == 200 and health(target)[1]["faults"] == 0)
    assert health(target)[1]["pools"]["triage"]["ready_workers"] >= 3
