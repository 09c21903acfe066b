"""Chat over a WebSocket, with the real desk: spoken by another client, and by the adapter that plays drills."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from websocket import WebSocket, create_connection

from crestline.desk.log import Log
from crestline.live.adapters import Event, Opening, Refused, Unanswered
from crestline.live.adapters.chat import ChatAdapter
from crestline.live.wire import Wire

if TYPE_CHECKING:
    from tests.desk.conftest import Running, Start

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
MINE = {"key": "k1", "run": "r", "row": 1, "contact": "order", "text": "hello", "meta": {"bot": False}}


class Chatting:
    """A customer's WebSocket; ``heard`` is what was pushed so far."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket, self.heard = socket, list[str]()

    def ask(self, do: str, **body: Any) -> Any:
        """Send a frame, and read up to its answer."""
        self.socket.send(json.dumps({"n": 7, "do": do, **body}))
        while True:
            told = self.hear()
            if "re" in told:
                return told

    def hear(self) -> Any:
        told = json.loads(self.socket.recv())
        self.heard += [event["kind"] for event in told.get("events", [])]
        return told

    def until(self, kind: str) -> list[str]:
        """Listen until something of this kind has happened."""
        while kind not in self.heard:
            self.hear()
        return self.heard


@contextmanager
def chatting(desk: Running, *headers: str) -> Iterator[Chatting]:
    socket = create_connection(f"ws://127.0.0.1:{desk.port}/chat", timeout=10, header=list(headers))
    try:
        yield Chatting(socket)
    finally:
        socket.shutdown()  # type: ignore[no-untyped-call]


def chats(desk: Running) -> int:
    return int(desk.ok("GET", "/health")["chats"])


def claim(desk: Running, turn: int = 1) -> tuple[int, Any]:
    agent = desk.ok("POST", "/agents", {"name": "anna", "run": "r", "group": "general"})["id"]
    asked = {"done": None, "wait": 5, "request": turn}
    return agent, desk.ok("POST", f"/agents/{agent}/next", asked)["conversation"]["id"]


# Events come by themselves; after the rating the desk hangs up, and nothing of the socket is left.
def test_a_whole_conversation_on_one_socket(start: Start) -> None:
    desk = start()
    with chatting(desk, "X-Load-Test: r-1", f"traceparent: {TRACE}") as customer:
        made = customer.ask("open", **MINE, name="rehearsal-4")
        assert (made["status"], made["state"], made["id"]) == (201, "queued", 1)
        assert customer.ask("open", **MINE)["status"] == 200
        agent, conversation = claim(desk)
        desk.ok("POST", f"/agents/{agent}/reply", {"conversation": conversation, "text": "good day"})
        customer.until("agent_reply")
        assert customer.ask("say", text="thanks")["status"] == 200
        assert chats(desk) == 1
        desk.ok("POST", f"/agents/{agent}/resolve", {"conversation": conversation})
        customer.until("resolved")
        assert customer.ask("rate", stars=5)["status"] == 200
        assert customer.socket.recv() == ""
    desk.eventually(lambda: chats(desk) == 0)
    (line,) = desk.ok("GET", "/v1/export?run=r")
    assert (line["name"], line["mark"], line["traceparent"]) == ("rehearsal-4", "r-1", TRACE)
    assert [kind for kind, _, _ in line["events"]] == [
        "opened", "queued", "claimed", "agent_reply", "message", "resolved", "rated",
    ]  # fmt: skip


def test_who_leaves_is_let_go(start: Start) -> None:
    desk = start(triage=None)
    with chatting(desk) as customer:
        customer.ask("open", **MINE)
        assert customer.ask("abandon")["state"] == "abandoned"
        assert customer.until("abandoned")[-1] == "abandoned"
        assert customer.socket.recv() == ""
    desk.eventually(lambda: chats(desk) == 0)


# As over HTTP: 400 for what cannot be read, 404 for what is not there, 409 for what comes too late, 503 when it is out.
def test_what_does_not_fit_is_refused_in_words(start: Start) -> None:
    desk = start("--allow-faults", triage=None)
    with chatting(desk) as customer:
        customer.socket.send("no frame")
        assert customer.hear()["status"] == 400
        assert customer.ask("dance")["status"] == 400
        assert customer.ask("open", **MINE | {"contact": "ordre"})["error"].startswith("contact: no such skill")
        assert customer.ask("say", text="hello?")["status"] == 404
        assert customer.ask("follow", conversation=9) == {"re": 7, "status": 404, "error": "no conversation 9"}
        customer.ask("open", **MINE)
        claim(desk)
        assert customer.ask("abandon")["status"] == 409
        desk.ok("POST", "/faults", {"kind": "platform-outage", "for_s": 60, "ttl_s": 60})
        desk.eventually(lambda: desk.ask("POST", "/conversations", MINE | {"key": "k2"})[0] == 503)
        assert customer.ask("open", **MINE | {"key": "k3"})["status"] == 503


# A customer whose socket is gone has not left: the contact waits on, and the customer goes on from what was heard.
def test_a_lost_socket_loses_no_contact_and_no_event(start: Start) -> None:
    desk = start(triage=None)
    with chatting(desk) as customer:
        customer.ask("open", **MINE)
    desk.eventually(lambda: chats(desk) == 0)
    assert desk.ok("GET", "/health")["queues"]["order"] == 1
    claim(desk)
    with chatting(desk) as customer:
        told = customer.ask("follow", conversation=1, after=2)
        assert [event["kind"] for event in told["events"]] == ["claimed"]


def opening(row: int = 1, run: str = "r") -> Opening:
    return Opening(f"{run}/{row}", run, row, row, "order", False, "hello", False, 0.0, False, "order", trace=TRACE)


# The web worker is killed: the customer is told that no answer came, asks again, and has missed nothing.
def test_the_adapter_dials_anew_and_follows_from_where_it_was(start: Start) -> None:
    desk = start(triage=None)
    with closing(Wire(f"http://127.0.0.1:{desk.port}")) as wire:
        customer = ChatAdapter(wire)
        made = customer.open(opening())
        (web,) = desk.children("desk.serve")
        web.kill()
        with pytest.raises(Unanswered, match=r"hung up|no answer"):
            customer.poll(made.id, 2, 10.0)
        claim(desk)
        assert customer.poll(made.id, 2, 10.0)[0].kind == "claimed"
        assert not customer.abandon(made.id)
    del customer
    desk.eventually(lambda: chats(desk) == 0)


# One greenlet of a customer listens while another one leaves: each gets what is meant for it.
def test_two_may_use_one_socket_at_once(start: Start) -> None:
    desk = start(triage=None)
    with closing(Wire(f"http://127.0.0.1:{desk.port}")) as wire:
        customer, heard = ChatAdapter(wire), list[Event]()
        made = customer.open(opening())
        listening = Thread(target=lambda: heard.extend(customer.poll(made.id, 2, 10.0)))
        listening.start()
        assert customer.abandon(made.id)
        listening.join(10)
        assert [event.kind for event in heard] == ["abandoned"]
        with pytest.raises(Refused, match="409"):
            customer.send(made.id, "hello?")


def test_the_desk_tells_which_mark_it_sees_and_counts_who_has_none(start: Start) -> None:
    desk = start(triage=None, mark="X-Rehearsal")
    assert desk.ok("GET", "/v1/mark") == {"mark": None}
    with chatting(desk, "x-rehearsal: r-1"), closing(Wire(f"http://127.0.0.1:{desk.port}")) as wire:
        assert wire.request("GET", "/v1/mark", headers={"X-Rehearsal": "r-1"}).body == {"mark": "r-1"}
        told = wire.request("GET", "/health", headers={"X-Rehearsal": "r-1"}).body
        assert told["service"]["unmarked"] == 1


# A log that was kept before customers had names is read, and goes on.
def test_a_log_of_an_earlier_desk_is_read(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "CREATE TABLE conversations (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, run TEXT NOT NULL, "
            "row INTEGER NOT NULL, customer INTEGER NOT NULL, contact TEXT NOT NULL, vip INTEGER NOT NULL, "
            "script TEXT NOT NULL)"
        )
        db.execute("INSERT INTO conversations VALUES (1, 'k', 'r', 1, 1, 'order', 0, '[false, 1.0, false, \"order\"]')")
        db.commit()
    with closing(Log(path, 0.0)) as log:
        (kept,) = log.conversations()
        assert (kept.key, kept.sender.name, kept.sender.mark) == ("k", "", "")


def test_open_chats_do_not_hold_up_a_desk_that_is_to_end(start: Start) -> None:
    desk = start(triage=None)
    with chatting(desk) as customer:
        customer.ask("open", **MINE)
        desk.process.terminate()
        assert desk.process.wait(10) == 143
        assert customer.socket.recv() == ""
