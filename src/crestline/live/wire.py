"""A plain way to a target, by the standard library: for checks, for tests, and for what happens outside a run."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from crestline.live.adapters import Answer, Unanswered


class Wire:
    """One kept-alive connection to ``host``, an ``Http``; not for two threads at once."""

    def __init__(self, host: str, timeout_s: float = 60.0) -> None:
        parts = urlsplit(host)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host = host
        self._connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
        self._cookies: dict[str, str] = {}

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
        sent = {"Content-Type": kind} | self._cookie_header() | dict(headers or {})
        try:
            self._connection.request(method, path, body=body, headers=sent)
            response = self._connection.getresponse()
            self._keep_cookies(response.headers)
            told = {name.lower(): text for name, text in response.getheaders()}
            return decode(response.status, response.read(), told)
        except (OSError, HTTPException) as error:
            self._connection.close()
            msg = f"{method} {name or path}: no answer from {self._host} ({type(error).__name__}: {error})"
            raise Unanswered(msg) from None

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


def decode(status: int, content: bytes | None, headers: Mapping[str, str]) -> Answer:
    """An answer whose body is JSON where it can be read so, and text otherwise."""
    text = (content or b"").decode("utf-8", "replace")
    try:
        return Answer(status, jsonlib.loads(text) if text else None, headers)
    except ValueError:
        return Answer(status, text, headers)
