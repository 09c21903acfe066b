"""A target that is a web site: its forms go back as a browser sends them, cookies included, by both ways to it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest

from crestline.live.adapters import Refused
from crestline.live.adapters.forms import Browser
from crestline.live.wire import Wire

PAGE = """<html><form method='post'>
<input type="hidden" name="token" value="t1"> <input type="text" name="title" value="no title">
<select name="queue"><option value="">---</option><option value="7">order</option></select>
<select name="priority" class="x"><option value="1">high</option><option value="3" selected>usual</option></select>
</form></html>"""

FILL_IN = """
import sys
from locust.env import Environment
from crestline.live.adapters.forms import Browser
from crestline.live.connections import Connections
from crestline.live.guards import Meter
from crestline.live.session import Session

visitor = Browser(Session(Environment(), sys.argv[1], Connections(1, 5.0, Meter(100.0))))
visitor.look("/form")
print(visitor.submit("/form", {"title": "Broken cup", "queue": visitor.options["order"]}))
"""


@pytest.fixture
def site() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A site with one form, which it takes from whoever has its cookie and its token; its address, and what it got."""
    got: list[dict[str, str]] = []

    class Form(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer(200, PAGE, ("Set-Cookie", "visit=v1; Path=/; HttpOnly"), ("Set-Cookie", "token=t1; Path=/"))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            got.append(dict(parse_qsl(body, keep_blank_values=True)) | {"cookie": self.headers.get("Cookie", "")})
            if got[-1]["title"]:
                self.answer(302, "", ("Location", "/ticket/1"))
            else:
                self.answer(200, PAGE)

        def answer(self, status: int, text: str, *headers: tuple[str, str]) -> None:
            self.send_response(status)
            for name, value in (*headers, ("Content-Length", str(len(text)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any, **__: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Form) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", got
        server.shutdown()
        thread.join()


SENT = {"token": "t1", "queue": "7", "priority": "3", "title": "Broken cup"}


def is_sent(got: dict[str, str]) -> bool:
    """Whether the form was sent as a browser does, with both cookies."""
    cookies = {pair.strip() for pair in got.pop("cookie").split(";")}
    return got == SENT and cookies == {"visit=v1", "token=t1"}


# What the page holds goes back with what was filled in, and the visitor is sent on without going there.
def test_a_form_is_filled_in(site: tuple[str, list[dict[str, str]]]) -> None:
    url, got = site
    wire = Wire(url)
    visitor = Browser(wire)
    visitor.look("/form")
    assert visitor.submit("/form", {"title": "Broken cup", "queue": visitor.options["order"]}) == "/ticket/1"
    wire.close()
    assert [is_sent(form) for form in got] == [True]


# Locust's way to the target does the same.
def test_a_form_is_filled_in_under_load(site: tuple[str, list[dict[str, str]]]) -> None:
    url, got = site
    command = [sys.executable, "-c", FILL_IN, url]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.split() == ["/ticket/1"]
    assert [is_sent(form) for form in got] == [True]


# A form that is shown again was not accepted, although the status says success; the page itself is not told.
def test_a_form_shown_again_was_refused(site: tuple[str, list[dict[str, str]]]) -> None:
    wire = Wire(site[0])
    visitor = Browser(wire)
    visitor.look("/form")
    with pytest.raises(Refused, match=r"^POST /form: the target answered 200 \(the form is shown again"):
        visitor.submit("/form", {"title": ""})
    with pytest.raises(Refused, match=r"^DELETE /form: the target answered 501 \(a page\)"):
        visitor.ask("DELETE", "/form")
    wire.close()
