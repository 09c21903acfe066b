"""Every kind of fault on the real desk: it takes effect, and is over when its time is, whoever has gone."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]
import pytest

if TYPE_CHECKING:
    from tests.desk.conftest import Running, Start

POOL: dict[str, Any] = {
    "workers": 1, "at_most": 4, "slots": 2, "scale_out_at": 0.5, "step": 1, "start_up": 0.05,
    "scale_in_after": 3600.0, "when_down": "queue", "tick": 0.1, "notice": 0.05,
}  # fmt: skip
CALM = POOL | {"tick": 3600.0}


def strike(desk: Running, kind: str, lasts: float = 3600.0, **options: Any) -> str:
    """The client asks for an hour, unless told otherwise, and is never heard of again."""
    body = {"kind": kind, "for_s": 3600, "ttl_s": lasts, "in_s": 0.02} | options
    return f"/faults/{desk.ok('POST', '/faults', body)['id']}"


def until(desk: Running, fault: str, state: str) -> Any:
    desk.eventually(lambda: desk.ok("GET", fault)["state"] == state)
    return desk.ok("GET", fault)


def replies_at(desk: Running, key: str, **meta: Any) -> float:
    """How long the bot took for a contact, by the desk's own clock."""
    made = desk.open(key, **meta)
    desk.until(made["id"], "bot_reply")
    told = desk.ok("GET", f"/conversations/{made['id']}/events")["events"]
    began, ended = (next(e["at"] for e in told if e["kind"] == kind) for kind in ("bot", "bot_reply"))
    return float(ended - began)


def test_a_slow_bot_takes_longer_for_what_it_begins_meanwhile(start: Start) -> None:
    desk = start("--allow-faults", triage=CALM)
    fault = strike(desk, "triage-brownout", 0.5, how="slow", factor=10)
    until(desk, fault, "effective")
    assert replies_at(desk, "k1", reply_in=0.05) == pytest.approx(0.5, abs=0.04)
    until(desk, fault, "healed")
    assert replies_at(desk, "k2", reply_in=0.05) == pytest.approx(0.05, abs=0.04)


# The workers' processes are stopped by the system: they hold what they have, and say so when they go on.
def test_a_stopped_bot_replies_when_it_goes_on(start: Start) -> None:
    desk = start("--allow-faults", triage=CALM)
    fault = strike(desk, "triage-brownout", 0.5, how="stop")
    seen = until(desk, fault, "effective")
    (worker,) = desk.children("worker.py")
    assert worker.status() == psutil.STATUS_STOPPED
    assert replies_at(desk, "k1", reply_in=0.01) > 0.5 - seen["effective_ago"] - 0.1
    until(desk, fault, "healed")
    assert worker.status() != psutil.STATUS_STOPPED
    assert replies_at(desk, "k2", reply_in=0.01) < 0.2


@pytest.mark.long
def test_stopped_workers_do_not_outlive_a_desk_that_is_killed(start: Start) -> None:
    desk = start("--allow-faults", triage=CALM)
    until(desk, strike(desk, "triage-brownout", how="stop"), "effective")
    children = psutil.Process(desk.process.pid).children()
    desk.process.kill()
    desk.eventually(lambda: not any(child.is_running() for child in children))


def test_a_bad_release_makes_of_a_contact_what_its_script_says(start: Start) -> None:
    desk = start("--allow-faults", triage=CALM)
    meta: dict[str, Any] = {"reply_in": 0.01, "resolves": True, "worse": {"resolves": False, "routed_to": "refund"}}
    fault = strike(desk, "triage-worse")
    until(desk, fault, "effective")
    worse = desk.open("k1", **meta)["id"]
    assert desk.until(worse, "queued")[-1] == "queued"
    assert desk.ok("DELETE", fault)["state"] == "healed"
    assert desk.until(desk.open("k2", **meta)["id"], "resolved")[-1] == "resolved"


def test_a_frozen_pool_does_not_grow(start: Start) -> None:
    desk = start("--allow-faults", triage=POOL)
    fault = strike(desk, "pool-freeze")
    until(desk, fault, "effective")
    for key in ("k1", "k2"):
        desk.open(key, reply_in=3600)
    time.sleep(0.3)  # three control ticks
    assert desk.ok("GET", "/health")["pools"]["triage"]["ready_workers"] == 1
    desk.ok("DELETE", fault)
    desk.eventually(lambda: desk.ok("GET", "/health")["pools"]["triage"]["ready_workers"] > 1)


# The web worker is killed again and again; which process it is tells so, and nothing that was accepted is missing.
def test_a_web_worker_is_killed_every_so_often(start: Start) -> None:
    desk = start("--allow-faults", triage=None)
    first = desk.ok("GET", "/health")["web_worker"]
    made = desk.open("k1")
    fault = strike(desk, "web-worker-kill", 1.5, every_s=1.0)
    desk.eventually(lambda: web_worker(desk) not in (None, first))
    second = web_worker(desk)
    desk.eventually(lambda: web_worker(desk) not in (None, first, second))
    desk.eventually(lambda: web_worker(desk) and desk.ok("GET", fault)["state"] == "healed")
    seen = desk.ok("GET", fault)
    assert seen["effective_ago"] - seen["healed_ago"] > 1.0
    assert desk.open("k1")["id"] == made["id"]


def web_worker(desk: Running) -> int | None:
    try:
        return int(desk.ok("GET", "/health")["web_worker"])
    except (OSError, HTTPException):
        return None


# Nobody can write: whoever comes waits and is served afterwards; that the desk lives, and is not well, it says at once.
def test_a_locked_database_holds_everything_up_and_loses_nothing(start: Start) -> None:
    desk = start("--allow-faults", triage=CALM)
    agent = desk.ok("POST", "/agents", {"name": "anna", "run": "r", "group": "general"})["id"]
    fault = strike(desk, "storage-stall", 0.8)
    until(desk, fault, "effective")
    began = time.monotonic()
    with ThreadPoolExecutor(3) as clients:
        opened = clients.submit(desk.open, "k1", bot=False)
        asked = {"done": None, "wait": 5, "request": 1}
        claimed = clients.submit(desk.ok, "POST", f"/agents/{agent}/next", asked)
        time.sleep(0.2)
        assert desk.ask("GET", "/livez")[0] == 200
        assert desk.ask("GET", "/health")[0] == desk.ask("GET", "/readyz")[0] == 503
        assert time.monotonic() - began < 0.6
        assert not opened.done()
        assert not claimed.done()
        made = opened.result()
        assert time.monotonic() - began > 0.6
        assert claimed.result()["conversation"]["id"] == made["id"]
    until(desk, fault, "healed")
    assert desk.ask("GET", "/health")[0] == 200
    (line,) = desk.ok("GET", "/v1/export?run=r")
    assert (line["key"], line["claims"]) == ("k1", 1)


@pytest.mark.long
def test_a_lock_is_let_go_of_when_it_is_lifted(start: Start) -> None:
    desk = start("--allow-faults", triage=None)
    fault = strike(desk, "storage-stall")
    until(desk, fault, "effective")
    desk.ok("DELETE", fault)
    until(desk, fault, "healed")
    assert desk.open("k1")["state"] == "queued"


# Both at once: the new web worker finds the database locked, and goes on when it no longer is.
@pytest.mark.long
def test_a_web_worker_may_be_replaced_while_the_database_is_locked(start: Start) -> None:
    desk = start("--allow-faults", triage=CALM)
    made = desk.open("k1", reply_in=0.1)["id"]
    fault = strike(desk, "storage-stall", 1.5)
    until(desk, fault, "effective")
    (web,) = desk.children("desk.serve")
    web.kill()
    web.wait()
    assert "bot_reply" in desk.until(made, "queued")
    until(desk, fault, "healed")


def test_what_cannot_be_is_refused(start: Start) -> None:
    desk = start("--allow-faults", triage=None)
    kill = {"kind": "web-worker-kill"}
    asked: list[dict[str, Any]] = [{"kind": "pool-freeze"}, kill, kill | {"every_s": 0.1}, {"kind": "x"}]
    told = [desk.ask("POST", "/faults", fault | {"for_s": 1, "ttl_s": 1}) for fault in asked]
    assert [status for status, _ in told] == [409, 400, 400, 400], json.dumps(told)
