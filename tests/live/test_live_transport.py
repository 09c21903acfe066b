"""How requests get to a target: headers, secrets, TLS and proxies, by both clients; and what is refused before."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crestline.errors import TargetError
from crestline.live.adapters import Unanswered
from crestline.live.transport import HIDDEN, Transport, transport
from crestline.live.wire import Wire
from crestline.live.wire_proxy.proxy import WireProxy
from crestline.scenario import Scenario, load

STAGING = "https://staging.example"
APP = """
import json

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    told = {name.decode(): text.decode() for name, text in scope["headers"]}
    status = 500 if scope["path"] == "/error" else 200
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps({"path": scope["path"], "headers": told}).encode()})
"""
ASK = """
import os
import sys
from dataclasses import replace
from locust.env import Environment
from crestline.live.adapters import Unanswered
from crestline.live.connections import Connections
from crestline.live.guards import Meter
from crestline.live.session import Session
from crestline.live.transport import transport
from crestline.scenario import load

changes, host, path = sys.argv[3:], sys.argv[1], sys.argv[2]
way = transport(load("quick", changes), host, "a-run")
if port := os.environ.get("THROUGH"):
    way = replace(way, through=("127.0.0.1", int(port)))
try:
    answer = Session(Environment(), host, Connections(1, 5.0, Meter(100.0), way)).request("GET", path)
    print(answer.status, answer.body)
except Unanswered as error:
    print(error)
"""


def quick(**test: object) -> Scenario:
    """The quick scenario with these keys of its load test."""
    return load("quick", [f"load_test.{key}={json.dumps(value)}" for key, value in test.items()])


def by_wire(scenario: Scenario, host: str, path: str) -> str:
    """What the plain client gets."""
    port = os.environ.get("THROUGH")
    way = replace(transport(scenario, host, "a-run"), through=("127.0.0.1", int(port)) if port else None)
    with closing(Wire(way, 5.0)) as wire:
        try:
            answer = wire.request("GET", path)
        except Unanswered as error:
            return str(error)
        return f"{answer.status} {answer.body}"


def by_session(scenario: Scenario, host: str, path: str) -> str:
    """What Locust's client gets, in a process of its own."""
    kept = ("headers", "proxy", "tls")
    test = scenario.load_test.model_dump(mode="json", exclude_none=True)
    changes = [f"load_test.{key}={json.dumps(test[key])}" for key in kept if test.get(key)]
    return subprocess.run(
        [sys.executable, "-c", ASK, host, path, *changes], capture_output=True, text=True, check=True
    ).stdout.strip()


Ask = Callable[[Scenario, str, str], str]
both = pytest.mark.parametrize("ask", [by_wire, by_session])


@contextmanager
def uvicorn(folder: Path, *options: str) -> Iterator[int]:
    """A real server that tells what it was asked; its port."""
    (folder / "told.py").write_text(APP)
    command = [sys.executable, "-m", "uvicorn", "told:app", "--port", "0", "--lifespan", "off", *options]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as server:
        assert server.stderr is not None
        try:
            line = next(line for line in server.stderr if "running on" in line)
            yield int(re.findall(r":(\d+) ", line)[0])
        finally:
            server.kill()
            server.stderr.close()


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory, certificates: Path) -> Iterator[int]:
    """The same over TLS, for clients with a certificate alone."""
    pair = ("--ssl-certfile", str(certificates / "server.pem"), "--ssl-keyfile", str(certificates / "server.key"))
    clients = ("--ssl-ca-certs", str(certificates / "ca.pem"), "--ssl-cert-reqs", "2")
    with uvicorn(tmp_path_factory.mktemp("secure"), *pair, *clients) as port:
        yield port


class Forward(BaseHTTPRequestHandler):
    """A proxy that knows where staging.example is, and remembers what it was asked for."""

    protocol_version = "HTTP/1.1"
    server: Proxy

    def do_CONNECT(self) -> None:
        self.server.asked.append((self.requestline, self.headers.get("Proxy-Authorization", "")))
        self.send_response(200)
        self.end_headers()
        with socket.create_connection(("127.0.0.1", self.server.leads_to)) as there:
            ways = [
                threading.Thread(target=carry, args=pair)
                for pair in ((self.connection, there), (there, self.connection))
            ]
            for way in ways:
                way.start()
            for way in ways:
                way.join()
        self.close_connection = True

    def do_GET(self) -> None:
        self.server.asked.append((self.requestline, self.headers.get("Proxy-Authorization", "")))
        content = json.dumps({"by": "proxy", "token": self.headers.get("X-Token")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any, **__: Any) -> None: ...


class Proxy(ThreadingHTTPServer):
    """Where requests go before they go to the target."""

    daemon_threads = True
    leads_to = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Forward)
        self.asked: list[tuple[str, str]] = []


def carry(source: socket.socket, target: socket.socket) -> None:
    """Pass on whatever comes, until nothing does."""
    while content := source.recv(65536):
        target.sendall(content)
    target.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_headers_hold_what_the_environment_does_at_the_moment_of_sending() -> None:
    """The scenario itself keeps the name alone, and what is resolved does not show in a message."""
    scenario = quick(headers={"Authorization": "Bearer ${STAGING_TOKEN}", "X-Environment": "test"})
    way = transport(scenario, "http://127.0.0.1:1/", "a-run", {"STAGING_TOKEN": "hunter2"})
    assert {"Authorization": "Bearer hunter2", "X-Environment": "test"}.items() <= way.headers.items()
    assert way.host == "http://127.0.0.1:1"
    assert scenario.load_test.headers["Authorization"] == "Bearer ${STAGING_TOKEN}"
    assert "hunter2" not in repr(way)
    assert way.hide("no hunter2 here") == f"no {HIDDEN} here"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "load_test.headers.Authorization: the environment variable STAGING_TOKEN is not set"),
        ({"STAGING_TOKEN": ""}, "the environment variable STAGING_TOKEN is not set"),
        ({"STAGING_TOKEN": "hunter2\r\nX: y"}, "the environment variable STAGING_TOKEN holds what no header may"),
    ],
)
def test_a_variable_that_is_missing_or_no_header_is_named_and_not_shown(environ: dict[str, str], said: str) -> None:
    scenario = quick(headers={"Authorization": "Bearer ${STAGING_TOKEN}"})
    with pytest.raises(TargetError, match=re.escape(said)) as refused:
        transport(scenario, "http://127.0.0.1:1", "a-run", environ)
    assert "hunter2" not in str(refused.value)


def test_files_for_tls_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    """Only where they are needed: a target without TLS needs none."""
    (tmp_path / "empty.pem").touch()
    for test, said in (
        ({"ca": "gone.pem"}, "load_test.tls.ca: gone.pem cannot be used (No such file or directory)"),
        ({"cert": str(tmp_path / "empty.pem")}, "load_test.tls.cert: "),
    ):
        with pytest.raises(TargetError, match=re.escape(said)):
            transport(quick(tls=test), STAGING, "a-run")
        assert transport(quick(tls=test), "http://staging.example", "a-run").tls is None


def test_this_machine_is_reached_without_a_proxy() -> None:
    scenario = quick(proxy="http://ann:${PROXY_PASSWORD}@proxy.example:3128")
    environ = {"PROXY_PASSWORD": "hunter2"}
    assert transport(scenario, "http://127.0.0.1:8000", "a-run", environ).proxy is None
    way = transport(scenario, STAGING, "a-run", environ)
    assert way.proxy == ("proxy.example", 3128, "ann", "hunter2")
    assert way.hide("got YW5uOmh1bnRlcjI=, that is ann:hunter2") == f"got {HIDDEN}, that is ann:{HIDDEN}"
    assert "hunter2" not in repr(way)
    quoted = transport(scenario, STAGING, "a-run", {"PROXY_PASSWORD": "pa%2Fss"})
    assert quoted.proxy == ("proxy.example", 3128, "ann", "pa/ss")
    assert quoted.hide("pa/ss, sent as pa%2Fss") == f"{HIDDEN}, sent as {HIDDEN}"


@pytest.mark.parametrize("password", ["hunter/2", "12/hunter", "12?hunter", "12#hunter", "[hunter"])
def test_a_password_that_makes_a_proxy_no_address_or_another_one_is_refused_and_not_shown(password: str) -> None:
    """What is behind a slash would be a path, and what is before it a port."""
    scenario = quick(proxy="http://ann:${PROXY_PASSWORD}@proxy.example:3128")
    with pytest.raises(TargetError, match="percent-encode the password") as refused:
        transport(scenario, STAGING, "a-run", {"PROXY_PASSWORD": password})
    assert "hunter" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


@both
def test_a_target_with_tls_is_believed_only_with_a_certificate_of_the_authority(
    ask: Ask, secure: int, certificates: Path
) -> None:
    """Its own authority is none of the system's; it is believed when the scenario says so."""
    host, files = f"https://127.0.0.1:{secure}", {"ca": "ca.pem", "cert": "client.pem", "key": "client.key"}
    assert "CERTIFICATE_VERIFY_FAILED" in ask(quick(), host, "/")
    tls = {name: str(certificates / file) for name, file in files.items()}
    assert ask(quick(tls=tls), host, "/in").startswith("200 {'path': '/in'")


def test_a_target_that_asks_for_a_certificate_is_not_reached_without(secure: int, certificates: Path) -> None:
    told = by_wire(quick(tls={"ca": str(certificates / "ca.pem")}), f"https://127.0.0.1:{secure}", "/")
    assert "no answer" in told
    assert "CERTIFICATE_VERIFY_FAILED" not in told


@both
def test_a_target_with_tls_is_reached_through_a_proxy_by_its_name(
    ask: Ask, secure: int, proxy: Proxy, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tunnel leads to the target whose certificate has that name; the proxy sees neither path nor headers."""
    monkeypatch.setenv("PROXY_PASSWORD", "hunter2")
    proxy.leads_to = secure
    scenario = quick(
        headers={"X-Token": "${PROXY_PASSWORD}"},
        proxy=f"http://ann:${{PROXY_PASSWORD}}@127.0.0.1:{proxy.server_address[1]}",
        tls={n: str(certificates / f) for n, f in (("ca", "ca.pem"), ("cert", "client.pem"), ("key", "client.key"))},
    )
    told = ask(scenario, STAGING, "/in")
    assert told.startswith("200 {'path': '/in'")
    assert "'x-token': 'hunter2'" in told
    assert proxy.asked == [("CONNECT staging.example:443 HTTP/1.1", "Basic YW5uOmh1bnRlcjI=")] or proxy.asked == [
        ("CONNECT staging.example:443 HTTP/1.0", "Basic YW5uOmh1bnRlcjI=")
    ]


@both
def test_a_target_with_tls_is_reached_by_a_wire_that_can_be_spoiled(
    ask: Ask, secure: int, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection leads elsewhere; name and certificates are those of the target, whom the wire cannot hear."""
    files = {n: str(certificates / f) for n, f in (("ca", "ca.pem"), ("cert", "client.pem"), ("key", "client.key"))}
    with closing(WireProxy(Transport(f"https://127.0.0.1:{secure}"), 1, reads_requests=False)) as wire:
        monkeypatch.setenv("THROUGH", str(wire.port))
        told = ask(quick(tls=files), STAGING, "/in")
    assert told.startswith("200 {'path': '/in'")
    assert "'host': 'staging.example'" in told


@both
def test_a_plain_target_is_asked_for_by_its_whole_address_at_a_proxy(
    ask: Ask, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    there = f"http://ann:${{TOKEN}}@127.0.0.1:{proxy.server_address[1]}"
    told = ask(quick(proxy=there, headers={"X-Token": "${TOKEN}"}), "http://staging.example:8000/desk", "/in")
    assert told == "200 {'by': 'proxy', 'token': 'hunter2'}"
    assert proxy.asked == [("GET http://staging.example:8000/desk/in HTTP/1.1", "Basic YW5uOmh1bnRlcjI=")]


@both
def test_an_error_that_repeats_a_secret_does_not_get_further(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of errors often show what was sent; what a target says when all is well is left as it is."""
    monkeypatch.setenv("TOKEN", "hunter2")
    with uvicorn(tmp_path) as port:
        scenario, host = quick(headers={"Authorization": "Bearer ${TOKEN}"}), f"http://127.0.0.1:{port}"
        assert f"'authorization': 'Bearer {HIDDEN}'" in ask(scenario, host, "/error")
        assert "'authorization': 'Bearer hunter2'" in ask(scenario, host, "/")


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["status", "headers"])
def test_a_target_that_trickles_has_no_more_time_than_one_that_is_silent(begun: bytes) -> None:
    """Each byte may come in time, and the whole too late; what is there by then is no answer."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def trickle() -> None:
            connection, _ = door.accept()
            with connection:
                connection.sendall(begun)
                while enough.wait(0.02) is False:
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

        enough = threading.Event()
        thread = threading.Thread(target=trickle)
        thread.start()
        here = f"http://127.0.0.1:{door.getsockname()[1]}"
        with closing(Wire(here, 0.2)) as wire, pytest.raises(Unanswered, match=r"none within 0\.2 s"):
            wire.request("GET", "/")
        enough.set()
        thread.join()
