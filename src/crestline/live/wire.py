"""A plain way to a target, by the standard library: for checks, for tests, and for what happens outside a run."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection
from http.cookies import SimpleCookie
from socket import SHUT_RDWR, socket
from threading import Event, Timer
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from crestline.live.adapters import Answer, Unanswered
from crestline.live.transport import CONNECT_S, Transport

ERRORS = 400  # statuses from here on are errors, whose bodies may repeat what was sent


class Wire:
    """One kept-alive connection to ``host``, an ``Http``; not for two threads at once.

    An answer has ``timeout_s`` real seconds to be there as a whole; a connection has five.
    """

    def __init__(self, host: str | Transport, timeout_s: float = 60.0) -> None:
        self.way = Transport(host) if isinstance(host, str) else host
        self._timeout_s = timeout_s
        self._prefix, self._connection = _connection(self.way, min(CONNECT_S, timeout_s))
        self._headers = dict(self.way.headers)
        if self.way.proxy and not isinstance(self._connection, HTTPSConnection):
            self._headers |= self.way.proxy.header()
        self._cookies: dict[str, str] = {}
        self.content_type = ""  # of the latest answer

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        name: str | None = None,
        headers: Mapping[str, str] | None = None,
        fine: tuple[int, ...] = (),  # noqa: ARG002 - only statistics tell failures apart, and there are none here
    ) -> Answer:
        """Send one request and read its answer; ``name`` only stands in messages."""
        body = urlencode(form) if form is not None else None if json is None else jsonlib.dumps(json)
        kind = "application/json" if form is None else "application/x-www-form-urlencoded"
        sent = {"Content-Type": kind} | self._cookie_header() | self._headers | dict(headers or {})
        too_late = Event()
        try:
            if self._connection.sock is None:
                self._connection.connect()
            with _hung_up_after(self._timeout_s, self._connection.sock, too_late):
                self._connection.request(method, self._prefix + path, body=body, headers=sent)
                response = self._connection.getresponse()
                content = response.read()
            if too_late.is_set():  # what was there when we hung up may look like a whole answer
                raise TimeoutError
        except (OSError, ValueError, HTTPException) as error:
            self._connection.close()
            why = f"none within {self._timeout_s:g} s" if too_late.is_set() else f"{type(error).__name__}: {error}"
            msg = f"{method} {name or path}: no answer from {self.way.host} ({self.way.hide(why)})"
            raise Unanswered(msg) from None
        self.content_type = response.headers.get_content_type()
        self._keep_cookies(response.headers)
        told = {name.lower(): text for name, text in response.getheaders()}
        return decode(response.status, content, told, self.way)

    def record(self, name: str, seconds: float, error: Exception | None = None) -> None:
        """Nothing: there are no statistics here."""

    def _cookie_header(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{n}={v}" for n, v in self._cookies.items())} if self._cookies else {}

    def _keep_cookies(self, headers: HTTPMessage) -> None:
        """Keep what the target sets; one host and one short life need no domains and no ages."""
        for line in headers.get_all("Set-Cookie", []):
            self._cookies |= {name: cookie.value for name, cookie in SimpleCookie(line).items()}

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _connection(way: Transport, timeout_s: float) -> tuple[str, HTTPConnection]:
    """The connection to a target or its proxy, and what stands before every path: a plain proxy wants to know all."""
    parts = urlsplit(way.host)
    name, is_secure = parts.hostname or "", parts.scheme == "https"
    host, port = (way.proxy.host, way.proxy.port) if way.proxy else (name, parts.port)
    made = (
        HTTPSConnection(host, port, timeout=timeout_s, context=way.tls)
        if is_secure
        else HTTPConnection(host, port, timeout=timeout_s)
    )
    way.lead(made)
    if way.proxy and is_secure:
        made.set_tunnel(name, parts.port or 443, way.proxy.header())
    return (way.host if way.proxy and not is_secure else parts.path), made


@contextmanager
def _hung_up_after(seconds: float, sock: socket, too_late: Event) -> Iterator[None]:
    """Hang up if the block takes longer: a socket's own time-out is only for each of its reads."""

    def hang_up() -> None:
        too_late.set()
        with suppress(OSError):
            socket.shutdown(sock, SHUT_RDWR)  # that of the class: TLS would forget its state in the midst of a read

    sock.settimeout(None)
    timer = Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def decode(status: int, content: bytes | None, headers: Mapping[str, str], way: Transport) -> Answer:
    """An answer whose body is JSON where it can be read so, and text otherwise; errors do not repeat secrets."""
    told = content or b""
    if status >= ERRORS:
        told = way.hide(told.decode("utf-8", "replace")).encode()
    try:
        return Answer(status, orjson.loads(told) if told else None, headers)
    except ValueError:
        return Answer(status, told.decode("utf-8", "replace"), headers)
