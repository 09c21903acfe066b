"""The wire as a process: each fault on it, seen by requests through it, and whole again when it is lifted."""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crestline.live.transport import Transport
from crestline.live.wire_proxy.asked import Asked, Heard
from crestline.live.wire_proxy.condition import Condition, Delays
from crestline.live.wire_proxy.proxy import WireProxy

BODY = b"x" * 1000
SOON, LASTS = 0.01, 0.25  # real seconds


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_: object) -> None: ...


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever is reset is no error here."""


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module", params=[True, pytest.param(False, marks=pytest.mark.long)], ids=["requests", "bytes"])
def wire(target: str, request: pytest.FixtureRequest) -> Iterator[WireProxy]:
    made = WireProxy(Transport(target), 1, reads_requests=request.param)
    yield made
    made.close()


NUMBERS = iter(range(10_000))


def strike(wire: WireProxy, condition: Condition, lasts: float = 30.0) -> int:
    """Plan a fault and wait until it is in force; lifted by hand, or by its own clock."""
    number, now = next(NUMBERS), time.monotonic()
    wire.strike(number, condition, now + SOON, now + SOON + lasts)
    while wire.tell(number).effective is None:
        time.sleep(0.005)
    return number


def test_a_wire_without_a_fault_passes_everything(wire: WireProxy) -> None:
    """What the target answers comes as it is."""
    look = wire.look("/", 1.0)
    assert (look.status, look.length, look.is_ours, look.error) == (200, 1000, False, "")


def test_latency_comes_to_every_answer_once(wire: WireProxy) -> None:
    """Pieces that come together leave together: a body behind its head does not wait twice."""
    number = strike(wire, Condition("latency", delay=0.1))
    took = wire.look("/", 1.0).seconds
    wire.heal(number)
    assert 0.1 <= took < 0.19
    assert wire.look("/", 1.0).seconds < 0.1


def test_what_is_on_its_way_comes_when_it_is_due(wire: WireProxy) -> None:
    """It does not come sooner because the line is well again, nor is it lost."""
    with closing(connected(wire)) as kept:
        number, began = strike(wire, Condition("latency", delay=0.2)), time.monotonic()
        kept.request("GET", "/")
        time.sleep(0.05)
        wire.heal(number)
        assert kept.getresponse().read() == BODY
    assert time.monotonic() - began >= 0.2


def test_what_a_target_said_last_waits_for_the_end_of_a_slow_line() -> None:
    """It hangs up behind its answer; a slow line that gets fast again lets go of it."""
    with socket.create_server(("127.0.0.1", 0)) as target:
        wire = WireProxy(Transport(f"http://127.0.0.1:{target.getsockname()[1]}"), 1, reads_requests=False)
        number = strike(wire, Condition("bandwidth", rate=1.0))
        with socket.create_connection(("127.0.0.1", wire.port), timeout=5.0) as customer:
            agent, _ = target.accept()
            agent.sendall(b"good bye")
            agent.close()
            time.sleep(0.05)
            wire.heal(number)
            assert customer.recv(100) == b"good bye"
        wire.close()


def test_bandwidth_is_shared_by_all(wire: WireProxy) -> None:
    """A thousand bytes and a head at 10 kB a second take more than a tenth of one."""
    number = strike(wire, Condition("bandwidth", rate=10_000))
    took = wire.look("/", 1.0).seconds
    wire.heal(number)
    assert took >= 0.1


def test_a_refusing_wire_refuses_new_and_cuts_old_connections(wire: WireProxy) -> None:
    """Afterwards the same port answers again."""
    with closing(connected(wire)) as kept:
        number = strike(wire, Condition("refuse"))
        assert "ConnectionRefusedError" in wire.look("/", 1.0).error
        with pytest.raises(ConnectionError):
            ask(kept)
    wire.heal(number)
    assert wire.look("/", 1.0).status == 200


def test_a_reset_is_a_reset(wire: WireProxy) -> None:
    """Open connections are reset as it strikes, later ones with their first request."""
    with closing(connected(wire)) as kept:
        number = strike(wire, Condition("reset"))
        assert "ConnectionResetError" in wire.look("/", 1.0).error
        with pytest.raises(ConnectionError):
            ask(kept)
    wire.heal(number)
    assert wire.look("/", 1.0).status == 200


def test_what_hangs_goes_on_as_if_nothing_had_been(wire: WireProxy) -> None:
    """A request of before and one of a new connection are answered in full once the fault is lifted."""
    began = time.monotonic()
    with closing(connected(wire)) as kept, closing(connected(wire, ask_first=False)) as new:
        number = strike(wire, Condition("hang"), LASTS)
        assert "none within" in wire.look("/", 0.1).error
        assert ask(kept) == ask(new) == BODY
    assert time.monotonic() - began > LASTS
    assert wire.tell(number).healed is not None


def test_errors_meet_their_share_of_their_paths(target: str) -> None:
    """The others are answered by the target, on the same connection."""
    wire = WireProxy(Transport(target), 1, reads_requests=True)
    number = strike(wire, Condition("errors", share=0.5, status=429, paths=("/shop",)))
    with closing(connected(wire)) as line:
        seen = [status(line, "/shop/cart") for _ in range(60)]
        assert {status(line, "/help") for _ in range(10)} == {200}
        wire.heal(number)
        assert status(line, "/shop/cart") == 200
    wire.close()
    assert set(seen) == {200, 429}
    assert 15 <= seen.count(429) <= 45


def test_a_fault_that_is_lifted_before_it_strikes_never_does(wire: WireProxy) -> None:
    """Its instant passes without it."""
    number, now = next(NUMBERS), time.monotonic()
    wire.strike(number, Condition("reset"), now + 0.1, now + 9.0)
    wire.heal(number)
    time.sleep(0.15)
    assert wire.look("/", 1.0).status == 200
    assert wire.tell(number).effective is None


def test_the_wire_ends_with_whoever_laid_it(target: str) -> None:
    """As its input ends the process does, and with it every fault; a signal for the group does not reach it."""
    wire = WireProxy(Transport(target), 1, reads_requests=False)
    process = wire._outpost._process
    strike(wire, Condition("hang"), lasts=60.0)
    os.kill(process.pid, signal.SIGINT)
    assert wire.tell(0).open == 0
    wire._outpost.end(5.0)
    assert process.poll() == 0


def test_a_target_that_is_gone_shows_as_a_reset() -> None:
    """Customers hear at once that nobody is there."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    wire = WireProxy(Transport(f"http://127.0.0.1:{port}"), 1, reads_requests=False)
    assert "Reset" in wire.look("/", 1.0).error
    wire.close()


def test_delays_count_from_the_stamp_of_arrival() -> None:
    """Sleeping per piece would delay a stream of pieces more and more."""
    later = Delays(Condition("latency", delay=0.5), random.Random(1))
    assert [later.due(at, 10) for at in (1.0, 1.0, 1.25)] == [1.5, 1.5, 1.75]
    slow = Delays(Condition("bandwidth", rate=100.0), random.Random(1))
    assert [slow.due(at, 50) for at in (1.0, 1.0, 9.0)] == [1.5, 2.0, 9.5]
    scattered = Delays(Condition("jitter", delay=0.1, jitter=0.3), random.Random(1))
    assert all(1.0 <= scattered.due(1.0, 10) <= 1.4 for _ in range(100))


def test_a_request_in_pieces_is_answered_once_and_whole() -> None:
    """In the midst of a request that fails nothing is answered and nothing passed on."""
    asked = Asked()
    fails = {"/a": 503}.get
    pieces = (b"POST /a?x=1 HTTP/1.1\r\nContent-", b"Length: 4\r\n\r\nab", b"cd")
    told = [asked.hear(piece, lambda path: fails(path, 0)) for piece in pieces]
    assert told[:2] == [Heard(), Heard()]
    assert told[2].back.startswith(b"HTTP/1.1 503 Service Unavailable\r\nX-Crestline-Fault: wire\r\n")
    next_one = b"GET /b HTTP/1.1\r\n\r\n"
    assert asked.hear(next_one, lambda path: fails(path, 0)) == Heard(next_one)


def test_a_first_line_in_pieces_is_read_before_it_is_judged() -> None:
    """Half a path is none: nothing goes on until it is whole, then all of it does."""
    pieces = (b"GET /sh", b"op/1 HTTP/1.1", b"\r\nHost: a\r\n", b"\r\n")
    asked, judged = Asked(), list[str]()

    def fails(path: str) -> int:
        judged.append(path)
        return 503 if path == "/shop/2" else 0

    told = [asked.hear(piece, fails) for piece in pieces]
    assert told == [Heard(), Heard(), Heard(b"".join(pieces[:3])), Heard(pieces[3])]
    told = [asked.hear(piece.replace(b"1 ", b"2 "), fails) for piece in pieces]
    assert [bool(each.back) for each in told] == [False, False, False, True]
    assert not any(each.on for each in told)
    assert judged == ["/shop/1", "/shop/2"]


def test_what_is_no_http_is_passed_on() -> None:
    """Behind an upgrade to a WebSocket, or in a protocol of its own, there are no requests to be found."""
    upgrade = b"GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    chat, strange = Asked(), Asked()
    assert chat.hear(upgrade, lambda _: 0) == Heard(upgrade)
    for asked, piece in ((chat, b"\x81\x05hello"), (strange, b"\x00\x01")):
        assert asked.hear(piece, lambda _: 503) == Heard(piece)


def connected(wire: WireProxy, *, ask_first: bool = True) -> HTTPConnection:
    made = HTTPConnection("127.0.0.1", wire.port, timeout=5.0)
    made.connect()
    if ask_first:
        ask(made)
    return made


def ask(line: HTTPConnection) -> bytes:
    line.request("GET", "/")
    return line.getresponse().read()


def status(line: HTTPConnection, path: str) -> int:
    line.request("GET", path)
    answer = line.getresponse()
    answer.read()
    return answer.status
