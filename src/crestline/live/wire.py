"""A plain way to a target, by the standard library: for checks, for tests, and for what happens outside a run."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from crestline.live.adapters import Answer, Unanswered


class Wire:
    """One kept-alive connection to ``host``, an ``Http``; not for two threads at once."""

    def __init__(self, host: str, timeout_s: float = 60.0) -> None:
        parts = urlsplit(host)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host = host
        self._connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        name: str | None = None,
        headers: Mapping[str, str] | None = None,
        fine: tuple[int, ...] = (),  # noqa: ARG002 - only statistics tell failures apart, and there are none here
    ) -> Answer:
        """Send one request and read its answer; ``name`` only stands in messages."""
        body = None if json is None else jsonlib.dumps(json)
        sent = {"Content-Type": "application/json"} | dict(headers or {})
        try:
            self._connection.request(method, path, body=body, headers=sent)
            response = self._connection.getresponse()
            return decode(response.status, response.read())
        except (OSError, HTTPException) as error:
            self._connection.close()
            msg = f"{method} {name or path}: no answer from {self._host} ({type(error).__name__}: {error})"
            raise Unanswered(msg) from None

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def decode(status: int, content: bytes | None) -> Answer:
    """An answer whose body is JSON where it can be read so, and text otherwise."""
    text = (content or b"").decode("utf-8", "replace")
    try:
        return Answer(status, jsonlib.loads(text) if text else None)
    except ValueError:
        return Answer(status, text)
