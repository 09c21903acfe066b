"""A drill of a target with everything in its way: a proxy with a password, TLS, a client's certificate, a token.

It is played by two workers. The target repeats what it was sent in its errors, as pages of errors do, and an adapter
repeats those. The secrets are random words that must be found nowhere afterwards.
"""

from __future__ import annotations

import re
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.verbs.conftest import Done, Run

APP = """
import json

opened = []

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    headers = {name.decode(): text.decode() for name, text in scope["headers"]}
    status, told = 200, {}
    if headers.get("authorization") != f"Bearer {TOKEN}":
        status, told = 401, {"error": "who are you?"}
    elif scope["method"] == "POST":
        opened.append(headers)
        is_fine = len(opened) % 3 > 0
        status, told = (201, {"id": str(len(opened))}) if is_fine else (500, {"trace": "in request", "of": headers})
    content = json.dumps(told).encode()
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": content})
"""
ADAPTER = '''
import os
import time

from crestline.live.adapters import Capabilities, Event, Opened, Refused
from crestline.live.adapters.basics import Basics


class Talkative(Basics):
    """Tells all it knows when something is wrong, in two ways."""

    capabilities = Capabilities(by_run=True)

    def open(self, contact):
        answer = self.http.request("POST", "/tickets", json={"row": contact.row}, name="/tickets")
        if answer.status >= 300 and contact.row % 2:
            raise Refused("POST /tickets", answer.status, answer.body)
        return Opened(answer.body["id"])

    def poll(self, conversation, after, wait):
        self.http.record("own", 0.001, OSError("told " + os.environ["STAGING_TOKEN"]))
        if int(conversation) % 5 == 0:
            raise RuntimeError("sent " + os.environ["STAGING_TOKEN"])
        return (Event(1, "resolved", by="bot"),)

    def abandon(self, conversation):
        return True

    def login(self, seat):
        return seat.name

    def claim(self, agent, turn, wait, done=None):
        time.sleep(wait)

    def reply(self, agent, conversation, text): ...

    def resolve(self, agent, conversation): ...
'''
HOST = "https://staging.example"
BRIEF = (
    "load_test.from=10:03", "load_test.for=1min", "load_test.ramp=0s", "recovery.sustain=10s", "recovery.give_up=1min",
    "faults=[]", "objectives=['error_rate < 99%']", "load_test.error_budget={share: 100%}",
    "load_test.allowed_hosts=[staging.example]", "load_test.headers={Authorization: 'Bearer ${STAGING_TOKEN}'}",
)  # fmt: skip


class Tunnel(BaseHTTPRequestHandler):
    """A proxy that leads everybody with a password to the target."""

    server: Proxy

    def do_CONNECT(self) -> None:
        self.server.asked.append((self.path, "Proxy-Authorization" in self.headers))
        self.send_response(200)
        self.end_headers()
        with socket.create_connection(("127.0.0.1", self.server.leads_to)) as there:
            back = threading.Thread(target=carry, args=(there, self.connection), daemon=True)
            back.start()
            carry(self.connection, there)
            back.join()

    def log_message(self, *_: Any, **__: Any) -> None: ...


class Proxy(ThreadingHTTPServer):
    """Where it leads to, and who has asked."""

    daemon_threads = True
    request_queue_size = 200

    def __init__(self, leads_to: int) -> None:
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.leads_to = leads_to
        self.asked: list[tuple[str, bool]] = []


def carry(source: socket.socket, target: socket.socket) -> None:
    """Pass on whatever comes, until nothing does or nobody listens."""
    try:
        while content := source.recv(65536):
            target.sendall(content)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()


@pytest.fixture
def words() -> dict[str, str]:
    """The secrets, as the environment has them."""
    return {"STAGING_TOKEN": secrets.token_hex(12), "PROXY_PASSWORD": secrets.token_hex(12)}


@pytest.fixture
def proxy(tmp_path_factory: pytest.TempPathFactory, certificates: Path, words: dict[str, str]) -> Iterator[Proxy]:
    """The way to a real server with TLS, which wants a certificate and the token."""
    folder = tmp_path_factory.mktemp("target")
    (folder / "closed.py").write_text(f"TOKEN = {words['STAGING_TOKEN']!r}\n{APP}")
    files = {"ssl-certfile": "server.pem", "ssl-keyfile": "server.key", "ssl-ca-certs": "ca.pem"}
    options = [word for name, file in files.items() for word in (f"--{name}", str(certificates / file))]
    command = [sys.executable, "-m", "uvicorn", "closed:app", "--port", "0", "--lifespan", "off", *options]
    with subprocess.Popen(
        [*command, "--ssl-cert-reqs", "2", "--no-access-log"], cwd=folder, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        line = next(line for line in server.stderr if "running on" in line)
        with Proxy(int(re.findall(r":(\d+) ", line)[0])) as way:
            thread = threading.Thread(target=way.serve_forever)
            thread.start()
            yield way
            way.shutdown()
            thread.join()
        server.kill()
        server.stderr.close()


def holds(done: Done, word: str) -> list[str]:
    """Where a word is found: what was said, and every file of the run."""
    files = [path for path in done.folder.rglob("*") if path.is_file() and path.name != "talkative.py"]
    assert len(files) > 10
    return [str(path) for path in files if word.encode() in path.read_bytes()] + [
        name for name, text in (("out", done.out), ("err", done.err)) if word in text
    ]


def test_secrets_reach_the_target_and_nobody_else(
    run: Run, tmp_path: Path, proxy: Proxy, certificates: Path, words: dict[str, str]
) -> None:
    (tmp_path / "talkative.py").write_text(ADAPTER)
    tls = ", ".join(
        f"{n}: '{certificates / f}'" for n, f in (("ca", "ca.pem"), ("cert", "client.pem"), ("key", "client.key"))
    )
    there = f"http://ann:${{PROXY_PASSWORD}}@127.0.0.1:{proxy.server_address[1]}"
    changes = (*BRIEF, f"load_test.tls={{{tls}}}", f"load_test.proxy={there}")
    drill = ["drill", "quick", *(word for change in changes for word in ("--set", change))]
    done = run(
        *drill, "--host", HOST, "--adapter", "talkative:Talkative", "--yes", "--no-agents", "--workers", "2", **words
    )
    assert done.code in (0, 3), done.err
    assert done.run["load"]["sent"] > 20
    assert (proxy.asked[0], len(set(proxy.asked))) == (("staging.example:443", True), 1)
    log = (done.latest / "locust.log").read_text()
    assert "poll: the adapter raised RuntimeError (sent ***)" in log
    assert "open: the adapter raised KeyError ('id')" in log
    assert "Unanswered('told ***')" in log
    assert "Bearer ${STAGING_TOKEN}" in (done.latest / "scenario.yaml").read_text()
    assert [holds(done, word) for word in words.values()] == [[], []]
