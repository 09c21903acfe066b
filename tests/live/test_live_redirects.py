"""A redirect leads to a host that nobody has allowed: it is an answer, and is not followed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

ASK = """
import sys
from locust.env import Environment
from crestline.live.connections import Connections
from crestline.live.guards import Meter
from crestline.live.session import Session

session = Session(Environment(), sys.argv[1], Connections(1, 5.0, Meter(100.0)))
print(session.request("GET", "/health").status, session.request("POST", "/conversations", json={"key": "k"}).status)
"""


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A target that sends everybody to another address, and what was asked there."""
    asked: list[str] = []

    class There(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any, **__: Any) -> None: ...

    class Here(There):
        def do_GET(self) -> None:
            self.send_response(307)
            self.send_header("Location", f"http://127.0.0.1:{there.server_address[1]}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), There) as there, HTTPServer(("127.0.0.1", 0), Here) as here:
        threads = [threading.Thread(target=server.serve_forever) for server in (there, here)]
        for thread in threads:
            thread.start()
        yield f"http://127.0.0.1:{here.server_address[1]}", asked
        for server in (there, here):
            server.shutdown()
        for thread in threads:
            thread.join()


def test_a_redirect_is_not_followed(elsewhere: tuple[str, list[str]]) -> None:
    host, asked = elsewhere
    done = subprocess.run([sys.executable, "-c", ASK, host], capture_output=True, text=True, check=True)
    assert done.stdout == "307 307\n"
    assert asked == []
