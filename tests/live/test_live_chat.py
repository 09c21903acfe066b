"""Real runs over either way to the desk, long-polls and WebSockets: the same customers and records, all marked."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection

from crestline import workload
from crestline.engine.reference import play
from crestline.live.adapters import DESK, Refused, Unanswered, chat_line
from crestline.live.adapters.chat_line import Line
from crestline.live.integrity import check_integrity, read_export
from crestline.live.plan import Plan
from crestline.live.records import Records
from crestline.live.transport import Transport
from crestline.live.wire import Wire
from crestline.runs import RunFolder
from crestline.scenario import Scenario, dump
from crestline.verbs.adapter import check_adapter
from crestline.verbs.live_run import play_live

CHAT = "crestline.live.adapters.chat:ChatAdapter"
SAYS = {DESK: "/conversations/:id/events", CHAT: "chat open"}


@pytest.mark.parametrize("adapter", [DESK, CHAT])
def test_a_run_is_marked_throughout_and_agrees_with_the_engine(
    adapter: str, tmp_path: Path, quick: Scenario, desk: tuple[str, str]
) -> None:
    """The desk got no request without the mark, and of every contact the trace that is in the outcomes."""
    host, digest = desk
    folder, plan = RunFolder(tmp_path), Plan(f"run-{adapter[-4:]}", 7, digest, host, adapter)
    (tmp_path / "scenario.yaml").write_text(dump(quick), encoding="utf-8")
    plan.write(tmp_path)
    with closing(Wire(Transport(host, {"X-Load-Test": "test"}))) as wire:
        before = wire.request("GET", "/health").body["service"]
        list(play_live(folder, host))
        after = wire.request("GET", "/health").body
    log = (tmp_path / "locust.log").read_text()
    assert after["service"]["unmarked"] == before["unmarked"]
    assert after["chats"] == 0
    assert SAYS[adapter] in log
    records = Records(tmp_path, quick, workload.timeline(quick, workload.window(quick)))
    load, measured = records.load(), records.outcomes()
    assert load is not None, log
    assert load["finished"] is True
    assert load["sent"] == load["planned"] == len(measured.row) > 0
    assert load["request_errors"] == 0
    exported = read_export(quick, host, plan)
    assert exported is not None
    assert measured.traceparent is not None
    known = {entry["row"]: entry for entry in exported}
    assert [known[row]["traceparent"].encode() for row in measured.row.tolist()] == measured.traceparent.tolist()
    assert {entry["mark"] for entry in exported} == {plan.run}
    assert all(entry["name"] == f"rehearsal-{entry['customer']}" for entry in exported)
    checked = check_integrity(exported, measured)
    assert (checked.lost, checked.doubled, checked.orphaned) == (0, 0, 0)
    span = workload.window(quick)
    line = workload.timeline(quick, span, seen=records.faults_seen(), stop_s=load["stop_s"])
    simulated, _ = play(quick, workload.sample(quick, 7, span, day_factor=False), line)
    _, mine, theirs = np.intersect1d(measured.row, simulated.row, return_indices=True)
    assert (measured.outcome[mine] == simulated.outcome[theirs]).mean() > 0.9


def test_the_chat_adapter_says_every_verb(quick: Scenario, desk: tuple[str, str]) -> None:
    """The chain that checks adapters, over a WebSocket."""
    steps = list(check_adapter(quick, CHAT, desk[0]))
    assert [step.told for step in steps if not step.ok] == []
    assert {step.verb for step in steps} >= {"open", "poll", "send", "rate", "strangers", "abandon"}


@contextmanager
def answering(answer: Callable[[bytes], bytes]) -> Iterator[Transport]:
    """A target that answers what it reads first, and then says nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        connections: list[socket.socket] = []

        def serve() -> None:
            connections.append(server.accept()[0])
            connections[0].sendall(answer(connections[0].recv(65_536)))

        serving = Thread(target=serve)
        serving.start()
        try:
            yield Transport(f"http://127.0.0.1:{server.getsockname()[1]}")
        finally:
            serving.join(5)
            for connection in connections:
                connection.close()


def accept(request: bytes) -> bytes:
    """A handshake as it should be."""
    server = WSConnection(ConnectionType.SERVER)
    server.receive_data(request)
    list(server.events())
    return server.send(AcceptConnection())


def test_a_redirect_is_not_followed() -> None:
    """Who leads a handshake to another host is told off as any target that gives no WebSocket."""
    away = b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/chat\r\nContent-Length: 0\r\n\r\n"
    with answering(lambda _: away) as way, pytest.raises(Refused, match=r"GET /chat: the target answered 302"):
        Line(way, "")


def test_a_target_that_says_nothing_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked whether it is there, and given up when it does not answer that either."""
    monkeypatch.setattr(chat_line, "PING_S", 0.02)
    with answering(accept) as way:
        line = Line(way, "")
        assert line.events_after(0, 0.01) == ()
        with pytest.raises(Unanswered, match=r"no answer from http://127.0.0.1:\d+ within 0.04 s"):
            line.events_after(0, 10.0)


def test_a_target_that_is_not_there_is_named() -> None:
    """As over HTTP: no answer came."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unanswered, match=f"chat: no answer from {host}"):
        Line(Transport(host), "")
