"""What a session puts on the wire and makes of what comes back; Locust needs a process of its own."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

TALK = """
import json, sys
from locust.env import Environment
from crestline.live.adapters import Unanswered
from crestline.live.connections import Connections
from crestline.live.guards import Meter
from crestline.live.session import Session
from crestline.live.transport import Transport

environment, seen = Environment(), []
environment.events.request.add_listener(
    lambda name, exception, response_length, context, **_: seen.append(
        [name, type(exception).__name__, response_length, context["late_ms"] > 0]
    )
)
pool = Connections(9, 5.0, Meter(1e6), Transport("", {"X-Mark": "drill"}))
make = lambda due=None, pool=pool: Session(environment, sys.argv[1], pool, due)
said = []

def say(session, *asked, **more):
    try:
        answer = session.request(*asked, **more)
        said.append([answer.status, answer.body])
    except Unanswered as error:
        said.append(["unanswered", str(error).split("(")[1].split("(")[0]])

exec(sys.argv[2])
print(json.dumps([said, seen]))
"""


class Desk(BaseHTTPRequestHandler):
    """Tells what it was asked; knows a few paths that are not so plain."""

    protocol_version = "HTTP/1.1"
    callers: list[Any]
    asked: list[str]

    def do_GET(self) -> None:
        if self.client_address not in self.callers:
            self.callers.append(self.client_address)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        self.asked.append(self.path)
        if self.path == "/hang-up" or (self.path == "/once" and self.asked.count("/once") == 1):
            self.close_connection = True
            return
        headers = {k.lower(): v for k, v in self.headers.items()}
        times = {name: len(self.headers.get_all(name, [])) for name in ("accept", "cookie")}
        told = json.dumps({"line": self.requestline, "body": body, "times": times, **headers})
        packed = gzip.compress(told.encode())
        self.send_response(404 if self.path == "/nothing" else 200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed) + 9 * (self.path == "/short")))
        self.send_header("Set-Cookie", "seat=7")
        self.end_headers()
        self.wfile.write(packed)
        self.close_connection = self.path == "/short"

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: Any, **__: Any) -> None: ...


@pytest.fixture
def desk() -> Iterator[tuple[str, type[Desk]]]:
    """A target that tells what it heard: its address, and itself."""
    there = type("There", (Desk,), {"callers": [], "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), there) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", there
        server.shutdown()
        thread.join()


def talk(host: str, code: str) -> tuple[list[Any], list[Any]]:
    """What sessions heard, and what Locust heard of it."""
    child = [sys.executable, "-c", TALK, host, code]
    done = subprocess.run(child, capture_output=True, text=True, check=True)
    said, seen = json.loads(done.stdout)
    return said, seen


def test_what_is_written_is_what_was_meant(desk: tuple[str, type[Desk]]) -> None:
    """JSON, a form, paths to be quoted, headers that take another's place, and the cookie of earlier on."""
    code = """
session = make()
say(session, "POST", "/talk", json={"text": "Grüße"})
say(session, "POST", "/form", form={"a b": "c&d"})
say(session, "POST", "/empty")
say(session, "GET", "/find?q=a b#top", headers={"User-Agent": "me", "X-One": "1"})
say(make(), "GET", "/")
"""
    (spoken, filled, empty, found, other), _ = talk(desk[0], code)
    assert spoken[1].items() >= {"body": '{"text": "Gr\\u00fc\\u00dfe"}', "content-type": "application/json"}.items()
    assert spoken[1].items() >= {"accept": "application/json", "x-mark": "drill", "content-length": "27"}.items()
    assert "cookie" not in spoken[1]
    assert filled[1].items() >= {"body": "a+b=c%26d", "cookie": "seat=7"}.items()
    assert (empty[1]["body"], empty[1]["content-length"]) == ("", "0")
    assert found[1].items() >= {"line": "GET /find?q=a%20b HTTP/1.1", "user-agent": "me", "x-one": "1"}.items()
    assert "cookie" not in other[1]
    assert "content-length" not in other[1]
    assert len(desk[1].callers) == 1


def test_a_failure_is_told_as_one(desk: tuple[str, type[Desk]]) -> None:
    """A status that was not expected, a hang-up, an answer that breaks off, and a request that cannot be written."""
    code = r"""
import time
session = make(time.monotonic() - 1)
say(session, "GET", "/nothing")
say(session, "GET", "/nothing", fine=(404,))
say(session, "POST", "/hang-up")
say(session, "GET", "/short")
say(session, "GET", "/", headers={"X-One": "a\r\nX-Two: b"})
"""
    said, seen = talk(desk[0], code)
    assert [answer[0] for answer in said] == [404, 404, "unanswered", "unanswered", "unanswered"]
    assert [(name, error) for name, error, *_ in seen] == [
        ("/nothing", "LocustBadStatusCode"),
        ("/nothing", "NoneType"),
        ("/hang-up", "HTTPConnectionClosed"),
        ("/short", "HTTPParseError"),
        ("/", "ValueError"),
    ]
    assert [is_late for *_, is_late in seen] == [True, False, False, False, False]


def test_only_what_may_be_repeated_is_sent_again_and_once(desk: tuple[str, type[Desk]]) -> None:
    """A target that hangs up without a word gets a GET twice and a POST once."""
    said, _ = talk(
        desk[0], 'say(make(), "GET", "/once"), say(make(), "GET", "/hang-up"), say(make(), "POST", "/hang-up")'
    )
    assert [answer[0] for answer in said] == [200, "unanswered", "unanswered"]
    assert desk[1].asked == ["/once", "/once", "/hang-up", "/hang-up", "/hang-up"]


def test_a_customer_with_connections_of_the_own_hangs_up(desk: tuple[str, type[Desk]]) -> None:
    """Two customers, two requests each: two connections, and none is left open when they have gone."""
    code = """
import psutil
for _ in range(2):
    session = make(pool=pool.anew())
    say(session, "GET", "/")
    say(session, "GET", "/")
    del session
said.append(len([c for c in psutil.Process().net_connections() if c.status == "ESTABLISHED"]))
"""
    said, _ = talk(desk[0], code)
    assert said[-1] == 0
    assert len(desk[1].callers) == 2


def test_a_first_request_that_cannot_be_sent_is_the_one_that_was_due(desk: tuple[str, type[Desk]]) -> None:
    """It is in the statistics with its lateness, which the next one does not have again, and without a secret."""
    code = r"""
import time
session = make(time.monotonic() - 1, Connections(9, 5.0, Meter(1e6), Transport("", secrets=("hunter2",))))
say(session, "GET", "/", headers={"X-One": "hunter2\r\n"})
say(session, "GET", "/")
"""
    said, seen = talk(desk[0], code)
    assert [answer[0] for answer in said] == ["unanswered", 200]
    assert [(error, is_late) for _, error, _, is_late in seen] == [("Unanswered", True), ("NoneType", False)]


def test_a_header_of_the_scenario_gives_way_to_the_request_s_own_and_cookies_are_joined(
    desk: tuple[str, type[Desk]],
) -> None:
    """Each stands in a request once; of two cookies of one name the target's is sent."""
    code = """
way = Transport("", {"accept": "text/html", "Cookie": "stage=two; seat=1"})
session = make(pool=Connections(9, 5.0, Meter(1e6), way))
say(session, "GET", "/")
say(session, "POST", "/talk", json={})
say(session, "GET", "/", headers={"Cookie": "mine=3"})
"""
    ((_, first), (_, then), (_, own)), _ = talk(desk[0], code)
    assert (first["accept"], first["cookie"]) == ("text/html", "stage=two; seat=1")
    assert (then["accept"], then["cookie"]) == ("application/json", "stage=two; seat=7")
    assert own["cookie"] == "mine=3"
    assert then["times"] == {"accept": 1, "cookie": 1}
