"""Connections to the target, kept alive, and how a request is written onto one of them.

geventhttpclient connects (TLS, proxies) and reads answers that come in pieces. Requests are written here: its own
way to one, with that of Locust on top, makes every URL, header and cookie anew, half the processor time of a request.
"""

from __future__ import annotations

import re
import select
from collections.abc import Mapping
from errno import ECONNRESET, EPIPE
from socket import AI_NUMERICHOST, IPPROTO_TCP, SOCK_STREAM
from typing import Any
from urllib.parse import urlsplit

from gevent.monkey import get_original
from geventhttpclient.client import HTTPClient, HTTPClientPool
from geventhttpclient.header import Headers
from geventhttpclient.response import HTTPConnectionClosed, HTTPSocketPoolResponse
from geventhttpclient.url import URL

from crestline.live.guards import Meter
from crestline.live.transport import CONNECT_S, Transport
from crestline.live.whole import Whole, whole
from crestline.scenario.mark import TRACE

ALWAYS = {"Accept-Encoding": "gzip, deflate, br"}
JSON = {"Content-Type": "application/json", "Accept": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
CARRYING = frozenset({"POST", "PUT", "PATCH"})  # have a length, be it 0
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})  # may be sent again (RFC 9110, 9.2.2)
HUNG_UP = (ECONNRESET, EPIPE)
PIECE = 16_384  # bytes that are heard at once
OF_ONE = 8  # connections at once of a customer who has some of their own
_PLAIN_PATH = re.compile(r"/(?!/)[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*|/")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
_poll = get_original("select", "poll")
_resolve = get_original("socket", "getaddrinfo")


class Connections(HTTPClientPool):  # type: ignore[misc]
    """Kept-alive connections, shared by all customers and agents.

    Whether an idle connection is still open is asked of the system at once. The stock check goes through gevent's
    ``select``, which costs a turn of the loop for every request and fails above 1,023 open files, so that every
    request would connect anew. ``meter`` holds requests back that would be more than the scenario allows; ``way``
    has the headers, TLS and proxy of the target, and says where connections lead if not there.
    """

    def __init__(self, at_once: int, timeout_s: float, meter: Meter, way: Transport | None = None) -> None:
        """The time-outs must stand here: those of a session have no effect."""
        self.meter, self.way, self.timeout_s = meter, way or Transport(""), timeout_s
        self._lines: dict[str, Line] = {}
        super().__init__(
            concurrency=at_once,
            network_timeout=timeout_s,
            connection_timeout=min(timeout_s, CONNECT_S),
            **self.way.pool_options(),
        )

    def __del__(self) -> None:
        """Hang up with the last customer."""
        self.close()

    def line(self, host: str) -> Line:
        """The way to one host, such as ``http://127.0.0.1:8000``."""
        if host not in self._lines:
            client = self.get_client(URL(host))
            pool = client._connection_pool
            pool._is_socket_alive = is_quiet
            where = self.way.through or (pool._connection_host, pool._connection_port)
            if numeric := _numeric(*where):
                pool._resolve = lambda: numeric
            self._lines[host] = Line(host, client)
        return self._lines[host]

    def anew(self) -> Connections:
        """None yet, for one customer alone, under the same conditions."""
        return Connections(OF_ONE, self.timeout_s, self.meter, self.way)


def is_quiet(sock: Any) -> bool:
    """Whether an idle connection is open and has nothing to say (a hang-up would be something)."""
    if sock is None or sock.fileno() < 0:
        return False
    asked = _poll()
    asked.register(sock.fileno(), select.POLLIN)
    return not asked.poll(0)


def _numeric(host: str, port: int) -> list[Any]:
    """What the system's resolver says of an address that is none to be looked up, which would take a thread."""
    try:
        found: list[Any] = _resolve(host, port, 0, SOCK_STREAM, IPPROTO_TCP, AI_NUMERICHOST)
    except OSError:
        return []
    return found


class Line:
    """One host, the headers that every request to it carries, and the connections there."""

    def __init__(self, host: str, client: HTTPClient) -> None:
        parts = urlsplit(host)
        self.host, self._base, self._client = host, parts.path, client
        first, _, rest = client._build_request("GET", f"{parts.path}/", headers=ALWAYS).partition("\r\n")
        self._before = first.split(" ")[1].removesuffix("/")  # behind a plain proxy every path begins with the host
        self._headers = rest.removesuffix("\r\n")
        self._given = {line.partition(":")[0].lower() for line in rest.splitlines()}  # headers of every request
        own = (*JSON, "Content-Length", "Transfer-Encoding", "Expect", "Cookie", TRACE)
        self._taken = self._given.union(name.lower() for name in own)

    def ask(
        self, method: str, path: str, fields: Mapping[str, str], more: Mapping[str, str] | None, body: bytes
    ) -> Whole | HTTPSocketPoolResponse:
        """Send one request and read the head of its answer.

        ``fields`` are headers that are known to be fine; ``more`` are those of an adapter, which come before others.
        Both come before the headers of the scenario; cookies that the target has set are sent beside its cookies.
        A request that may be repeated is sent once more when the target hung up before it said anything.
        """
        written = self._write(method, path, fields, more or {}, body)
        try:
            return self._exchange(method, written)
        except HTTPConnectionClosed:
            if method not in REPEATABLE:
                raise
            return self._exchange(method, written)

    def _write(self, method: str, path: str, fields: Mapping[str, str], more: Mapping[str, str], body: bytes) -> bytes:
        is_plain = _PLAIN_PATH.fullmatch(path) and method.isalpha() and method.isupper()
        is_new = all(name.lower() not in self._given for name in fields)
        if not (is_plain and is_new and all(self._is_free(*field) for field in more.items())):
            return self._write_with_care(method, path, fields, more, body)
        head = [f"{method} {self._before}{path} HTTP/1.1\r\n{self._headers}"]
        head += [f"{name}: {value}\r\n" for name, value in fields.items()]
        head += [f"{name}: {value}\r\n" for name, value in more.items()]
        if body or method in CARRYING:
            head.append(f"Content-Length: {len(body)}\r\n")
        return "".join([*head, "\r\n"]).encode("latin-1") + body

    def _is_free(self, name: str, value: str) -> bool:
        """Whether a header can simply be added."""
        return (
            name.isascii()
            and name.replace("-", "").isalnum()
            and name.lower() not in self._taken
            and (_VALUE.fullmatch(value) is not None)
        )

    def _write_with_care(
        self, method: str, path: str, fields: Mapping[str, str], more: Mapping[str, str], body: bytes
    ) -> bytes:
        """Quote what has to be quoted, let a later header take the place of an earlier one; ValueError if it cannot."""
        merged = Headers()
        for some in (ALWAYS, fields):
            merged.update(some)
        given = self._client.default_headers
        if "cookie" in merged and "cookie" in given:
            merged["Cookie"] = _cookies(given["cookie"], merged["cookie"])
        merged.update(more)
        uri = URL(f"http://host{self._base}{path}").quoted_uri
        head: str = self._client._build_request(method, uri, body, merged)
        return head.encode("latin-1") + body

    def _exchange(self, method: str, written: bytes) -> Whole | HTTPSocketPoolResponse:
        pool = self._client._connection_pool
        sock = pool.get_socket()
        try:
            heard = _talk(sock, written)
            answer = whole(heard) if method != "HEAD" else None
        except BaseException:
            pool.release_socket(sock)
            raise
        if answer is None:
            return HTTPSocketPoolResponse(sock, pool, method=method, pre_buffered=heard)
        pool.return_socket(sock)
        return answer


def _cookies(*told: str) -> str:
    """All of them in one header; of two with one name the later."""
    pairs = [pair.strip() for cookies in told for pair in cookies.split(";") if pair.strip()]
    return "; ".join({pair.partition("=")[0]: pair for pair in pairs}.values())


def _talk(sock: Any, written: bytes) -> bytes:
    """Send a request, and hear the beginning of its answer: who hung up while we spoke may have answered before."""
    try:
        if (sent := sock.send(written)) < len(written):
            sock.sendall(written[sent:])
    except OSError as error:
        if error.errno not in HUNG_UP:
            raise
    try:
        heard: bytes = sock.recv(PIECE)
    except OSError as error:
        if error.errno not in HUNG_UP:
            raise
        heard = b""
    if not heard:
        msg = "connection closed."
        raise HTTPConnectionClosed(msg)
    return heard
