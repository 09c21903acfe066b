"""The real desk: processes that are killed, connections that die, a parent that goes away."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from tests.desk.conftest import Running, Start

POOL: dict[str, Any] = {
    "workers": 2, "at_most": 4, "slots": 2, "scale_out_at": 0.75, "step": 1, "start_up": 0.2,
    "scale_in_after": 3600.0, "when_down": "queue", "tick": 3600.0, "notice": 0.05,
}  # fmt: skip


def everyone(desk: Running) -> list[psutil.Process]:
    parent = psutil.Process(desk.process.pid)
    return [parent, *parent.children(recursive=True)]


def gone(processes: list[psutil.Process]) -> bool:
    return all(not p.is_running() or p.status() == psutil.STATUS_ZOMBIE for p in processes)


def test_one_contact_through_the_whole_chain(start: Start) -> None:
    desk = start()
    desk.ok("POST", "/rehearsals", {"run": "r", "zero": 0.0, "time_scale": 60, "digest": "d1"})
    made = desk.open("k1", reply_in=0.01, routed_to="refund")
    assert made["state"] == "bot"
    assert desk.open("k1")["id"] == made["id"]
    desk.until(made["id"], "queued")
    agent = desk.ok("POST", "/agents", {"name": "anna", "run": "r", "group": "special"})["id"]
    got = desk.ok("POST", f"/agents/{agent}/next", {"done": None, "wait": 5, "request": 1})["conversation"]
    assert got == {
        "id": 1, "key": "k1", "row": 1, "customer": 1, "contact": "order", "vip": False, "queue": "refund",
    }  # fmt: skip
    desk.ok("POST", f"/agents/{agent}/reply", {"conversation": 1, "text": "good day"})
    desk.ok("POST", "/conversations/1/messages", {"text": "thanks"})
    assert desk.ok("POST", f"/agents/{agent}/next", {"done": 1, "wait": 0, "request": 2})["conversation"] is None
    desk.ok("POST", "/conversations/1/rating", {"stars": 5})
    desk.ok("DELETE", f"/agents/{agent}")
    (line,) = desk.ok("GET", "/v1/export?run=r")
    assert [kind for kind, _, _ in line["events"]] == [
        "opened", "bot", "bot_reply", "queued", "claimed", "agent_reply", "message", "resolved", "rated",
    ]  # fmt: skip
    assert (line["state"], line["rating"], line["claims"], line["resolutions"]) == ("agent_resolved", 5, 1, 1)
    health = desk.ok("GET", "/health")
    assert health["pools"]["triage"]["ready_slots"] == 4
    assert health["queues"] == {"order": 0, "refund": 0}
    assert health["breaker"] is None
    assert desk.ask("GET", "/readyz")[0] == desk.ask("GET", "/livez")[0] == 200
    assert desk.ask("GET", "/metrics")[0] == 200


def test_what_does_not_fit_is_refused_in_words(start: Start) -> None:
    desk = start(triage=None)
    asked = [
        ("POST", "/conversations", {"key": "k", "contact": "ordre"}),
        ("POST", "/conversations", {"contact": "order"}),
        ("POST", "/agents", {"name": "anna", "group": "generl"}),
        ("GET", "/conversations/9/events", None),
        ("POST", "/rehearsals", {"run": "r", "zero": 0, "time_scale": 30, "digest": "d1"}),
        ("POST", "/faults", {"kind": "platform-outage", "for_s": 1, "ttl_s": 1}),
    ]
    assert [(status, told["error"]) for status, told in (desk.ask(*request) for request in asked)] == [
        (400, "contact: no such skill (got 'ordre', expected one of order, refund)"),
        (400, "key: Field required"),
        (400, "group: no such group (got 'generl', expected one of ['general', 'special'])"),
        (404, "no conversation 9"),
        (409, "this desk plays at time scale 60 (got 30)"),
        (403, "this desk was started without --allow-faults"),
    ]


def test_faults_need_the_token(start: Start) -> None:
    desk = start("--allow-faults", triage=None)
    fault = {"kind": "platform-outage", "for_s": 60, "ttl_s": 60}
    assert desk.ask("POST", "/faults", fault, token=None)[0] == 401
    assert desk.ask("POST", "/faults", fault, token="guess")[0] == 401
    assert desk.ok("POST", "/faults", fault)["state"] == "effective"
    assert desk.ask("POST", "/conversations", {"key": "k", "contact": "order"})[0] == 503
    assert desk.ok("DELETE", "/faults/1")["state"] == "healed"
    assert desk.open("k")["state"] == "queued"


# The client asks for an hour and is never heard of again; the time to live ends the outage.
def test_an_outage_kills_every_worker_and_heals_by_its_time_to_live(start: Start) -> None:
    desk = start("--allow-faults", triage=POOL)
    workers = desk.children("worker.py")
    made = desk.open("k1", reply_in=3600)
    fault = desk.ok("POST", "/faults", {"kind": "triage-outage", "for_s": 3600, "ttl_s": 0.6})
    desk.eventually(lambda: gone(workers))
    assert desk.open("k2")["state"] == "queued"
    assert desk.until(made["id"], "queued") == ["opened", "bot", "returned", "queued"]
    desk.eventually(lambda: desk.ok("GET", f"/faults/{fault['id']}")["state"] == "healed")
    seen = desk.ok("GET", f"/faults/{fault['id']}")
    assert seen["struck_ago"] >= seen["effective_ago"] > seen["healed_ago"]
    assert len(desk.children("worker.py")) == 2
    assert desk.open("k3")["state"] == "bot"


def test_a_killed_triage_worker_is_replaced_and_its_contact_served_by_another(start: Start) -> None:
    desk = start(triage=POOL | {"workers": 1})
    made = desk.open("k1", reply_in=0.3)
    (worker,) = desk.children("worker.py")
    worker.kill()
    seen = desk.until(made["id"], "queued")
    assert seen == ["opened", "bot", "returned", "waiting_bot", "bot", "bot_reply", "queued"]
    assert desk.children("worker.py")[0].pid != worker.pid


def test_a_killed_web_worker_comes_back_with_all_it_knew(start: Start) -> None:
    desk = start(triage=POOL)
    agent = desk.ok("POST", "/agents", {"name": "anna", "run": "r", "group": "general"})["id"]
    first, second = (desk.open(key, bot=False)["id"] for key in ("k1", "k2"))
    with_bot = desk.open("k3", reply_in=0.5)["id"]
    asked = {"done": None, "wait": 5, "request": 1}
    assert desk.ok("POST", f"/agents/{agent}/next", asked)["conversation"]["id"] == first
    workers = desk.children("worker.py")
    (web,) = desk.children("desk.serve")
    assert desk.ok("GET", "/health")["alarms"] == {}
    web.kill()
    desk.eventually(lambda: gone([web]))
    assert desk.ok("GET", "/health")["alarms"].keys() == {"web_worker"}
    assert desk.ok("POST", f"/agents/{agent}/next", asked)["conversation"]["id"] == first
    desk.ok("POST", f"/agents/{agent}/reply", {"conversation": first, "text": "good day"})
    asked = {"done": first, "wait": 5, "request": 2}
    assert desk.ok("POST", f"/agents/{agent}/next", asked)["conversation"]["id"] == second
    assert "bot_reply" in desk.until(with_bot, "queued")
    assert [w.pid for w in desk.children("worker.py")] == [w.pid for w in workers]


# The agent's machine is gone in the middle of its long-poll.
def test_a_contact_pushed_to_a_dead_connection_comes_back(start: Start) -> None:
    desk = start(triage=None, lease=0.3)
    agent = desk.ok("POST", "/agents", {"name": "anna", "run": "r", "group": "general"})["id"]
    asked = json.dumps({"done": None, "wait": 60, "request": 1})
    poll = socket.create_connection(("127.0.0.1", desk.port))
    head = f"POST /agents/{agent}/next HTTP/1.1\r\nHost: d\r\nContent-Length: {len(asked)}\r\n\r\n"
    poll.sendall((head + asked).encode())
    desk.eventually(lambda: desk.ok("GET", "/health")["idle"] == 1)
    poll.close()
    made = desk.open("k1")
    other = desk.ok("POST", "/agents", {"name": "bert", "run": "r", "group": "general"})["id"]
    got = desk.ok("POST", f"/agents/{other}/next", {"done": None, "wait": 5, "request": 1})["conversation"]
    assert got["id"] == made["id"]


def test_a_poll_that_nobody_acknowledges_loses_its_contact(start: Start) -> None:
    desk = start(triage=None, lease=0.1)
    made = desk.open("k1")
    agent = desk.ok("POST", "/agents", {"name": "anna", "run": "r", "group": "general"})["id"]
    desk.ok("POST", f"/agents/{agent}/next", {"done": None, "wait": 5, "request": 1})
    assert desk.until(made["id"], "unclaimed") == ["opened", "queued", "claimed", "unclaimed"]
    assert desk.ask("POST", f"/agents/{agent}/reply", {"conversation": made["id"], "text": "late"})[0] == 409


def test_a_busy_pool_grows_on_the_tick(start: Start) -> None:
    desk = start(triage=POOL | {"tick": 0.1})
    for number in range(4):
        desk.open(f"k{number}", reply_in=3600)
    desk.eventually(lambda: desk.ok("GET", "/health")["pools"]["triage"]["ready_workers"] > 2)


def test_nothing_is_left_when_the_parent_goes(start: Start) -> None:
    desk = start(triage=POOL)
    all_of_it = everyone(desk)
    assert len(all_of_it) == 4
    assert desk.process.stdin is not None
    desk.process.stdin.close()
    desk.eventually(lambda: gone(all_of_it))
    assert desk.process.wait() == 0


def test_nothing_is_left_when_the_supervisor_is_killed(start: Start) -> None:
    desk = start(triage=POOL)
    all_of_it = everyone(desk)
    (web,) = desk.children("desk.serve")
    folder = next(Path(word.removeprefix("--folder=")) for word in web.cmdline() if word.startswith("--folder="))
    assert folder.is_dir()
    desk.process.kill()
    desk.eventually(lambda: gone(all_of_it))
    assert not folder.exists()


def test_nothing_is_left_after_sigterm_even_with_open_polls(start: Start) -> None:
    desk = start(triage=POOL)
    all_of_it = everyone(desk)
    made = desk.open("k1", reply_in=3600)
    with socket.create_connection(("127.0.0.1", desk.port)) as poll:
        poll.sendall(f"GET /conversations/{made['id']}/events?after=2&wait=60 HTTP/1.1\r\nHost: d\r\n\r\n".encode())
        desk.process.terminate()
        assert poll.recv(4096).startswith(b"HTTP/1.1 200")
    desk.eventually(lambda: gone(all_of_it))
    assert desk.process.wait() == 143


def refused(tmp_path: Path, text: str) -> tuple[int, str]:
    path = tmp_path / "desk.json"
    path.write_text(text)
    command = [sys.executable, "-m", "crestline.desk", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.replace(str(path), "desk.json")


def test_settings_that_are_wrong_are_told_all_at_once(tmp_path: Path) -> None:
    assert refused(tmp_path, '{"digest": "d", "time_scale": 0, "skills": ["order"], "groops": []}') == (
        2,
        "desk settings desk.json: 3 problems\n"
        "  time_scale: Input should be greater than 0 (got 0)\n"
        "  groups: Field required (got {'digest': 'd', 'time_scale': 0, 'skills': ['order'], 'groops': []})\n"
        "  groops: Extra inputs are not permitted (got [])\n",
    )
