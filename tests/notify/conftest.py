"""Somebody who is told of alerts, by HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class Receiver:
    """A real HTTP server that keeps what it is sent, and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Any, str]] = []
        self.status, self.takes_s = 200, 0.0
        self.heard = threading.Semaphore(0)  # one more for everything that was answered
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, json.loads(body), self.headers.get("Authorization", "")))
                time.sleep(receiver.takes_s)
                self.send_response(receiver.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                receiver.heard.release()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def hears(self, times: int) -> None:
        """Wait until so many more have been answered."""
        for _ in range(times):
            assert self.heard.acquire(timeout=5.0), f"{len(self.got)} came"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who is told."""
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()
