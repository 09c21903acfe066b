"""Alerts of a drill: told while it runs, on the finished tables of both worlds, and on the forecast's days."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.verbs.conftest import Done, Run


def firsts(run: dict[str, Any], world: str) -> dict[int, float]:
    """When each level was first raised in a world."""
    rows = [row for row in run["alerts"] if row["world"] == world]
    return {row["level"]: row["at_s"] for row in reversed(rows)}


def near(one: dict[int, float], other: dict[int, float], tick_s: float) -> bool:
    """The same levels, each on the same tick or the one beside it."""
    return one.keys() == other.keys() and all(abs(one[level] - other[level]) <= tick_s + 1e-6 for level in one)


def test_what_is_told_while_it_runs_is_what_the_finished_table_says(good: Done) -> None:
    """The bot's outage raises level 1, and what is told is told within a second of its tick, marked as of a drill."""
    told = [row for row in good.run["alerts"] if row["world"] == "live"]
    assert 1 in firsts(good.run, "live")
    assert near(firsts(good.run, "live"), firsts(good.run, "measured"), 10.0)
    assert all(row["told_s"] - row["at_s"] < 60.0 for row in told)
    assert all(row["text"].startswith("[DRILL] ") for row in told)


def test_it_is_said_at_once_and_shown_afterwards(good: Done) -> None:
    """On standard error as it is raised, in the summary and on the page; what was not asked for is not sent."""
    assert any(line.startswith("alert     10:0") and "[DRILL] alert level 1" in line for line in good.err.splitlines())
    for name in ("summary.md", "report/index.html"):
        assert "[DRILL] level 1 raised at 10:0" in (good.latest / name).read_text("utf-8")
    assert "notifications" not in good.run
    assert not (good.latest / "notifications.jsonl").exists()


def test_the_forecast_says_on_how_many_days_each_level_is_raised(good: Done) -> None:
    rows = {row["level"]: row for row in good.run["alerts"] if row["world"] == "forecast"}
    assert 0.5 < rows[1]["days"] <= 1.0
    assert 3660.0 < rows[1]["at_s"] < 4320.0


@pytest.mark.long
def test_live_and_on_the_same_rows_simulated_the_same_alerts_are_raised(run: Run) -> None:
    """The same levels within one tick of thirty seconds, with two workers; and whoever is to be told is told."""
    with receiver() as (address, got):
        words = ("--set", "recovery.bucket=30s", "--workers", "2", "--notify", f"alertmanager://u:hush@{address}")
        done = run("drill", "quick", *words)
    live, measured, same = (firsts(done.run, world) for world in ("live", "measured", "same_rows"))
    assert 1 in live
    assert near(live, measured, 30.0)
    assert near(measured, same, 30.0)
    sent = done.run["notifications"]
    assert all(line["ok"] for line in sent)
    assert [alert["annotations"]["summary"][:7] for alert in got] == ["[DRILL]"] * len(sent)
    written = [path.read_bytes() for path in done.latest.rglob("*") if path.is_file()]
    assert not any(b"hush" in text for text in written)


@contextmanager
def receiver() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A real HTTP server that keeps the alerts it is sent."""
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.extend(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}", got
        server.shutdown()
