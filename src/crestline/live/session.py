"""A customer's or an agent's requests, in Locust's statistics as those of its own client would be."""

from __future__ import annotations

import json as jsonlib
import time
from collections.abc import Mapping
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

import gevent
from geventhttpclient.header import Headers
from locust.contrib.fasthttp import (
    FAILURE_EXCEPTIONS,
    ErrorResponse,
    FastRequest,
    FastResponse,
    LocustBadStatusCode,
    LocustUserAgent,
)
from locust.env import Environment

from crestline.live.adapters import Answer, Unanswered
from crestline.live.connections import FORM, JSON, Connections
from crestline.live.transport import Transport
from crestline.live.wire import decode
from crestline.scenario.mark import TRACE

NO_ANSWER = (*FAILURE_EXCEPTIONS, RuntimeError, ValueError)  # a proxy that refuses, a request that cannot be written
FINE = LocustUserAgent.valid_response_codes  # redirects are among them; they are not followed


class Session:
    """An ``Http`` whose requests are in Locust's statistics; it keeps cookies for as long as it lives.

    ``due`` is the planned instant of a customer's contact (``time.monotonic``): its first request counts from there,
    and its service time and lateness stand in the request's context. ``trace`` is what its requests carry.
    """

    def __init__(
        self, environment: Environment, host: str, pool: Connections, due: float | None = None, trace: str = ""
    ) -> None:
        self._requests, self._due, self._host, self._pool = environment.events.request, due, host, pool
        self._trace = {TRACE: trace} if trace else None
        self._cookies: CookieJar | None = None

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        name: str | None = None,
        headers: Mapping[str, str] | None = None,
        fine: tuple[int, ...] = (),
    ) -> Answer:
        """Send one request and wait for its answer."""
        self._wait_for_turn()
        url, label, pool = self._host + path, name or path, self._pool
        fields, body = _told(json, form)
        if self._trace:
            fields = fields | self._trace
        if self._cookies is not None:
            fields = fields | _cookie_header(self._cookies, method, url)
        began_at, sent, error = time.time(), time.monotonic(), None
        try:
            response = FastResponse(pool.line(self._host).ask(method, path, fields, headers, body))
            content = response.content
        except NO_ANSWER as broken:
            response, content, error = ErrorResponse(None, broken), b"", self._fit_to_tell(broken)
        service, status = time.monotonic() - sent, response.status_code
        if status and status not in FINE and status not in fine:
            error = LocustBadStatusCode(url, code=status)
        self._report(sent, service, method, label, response, len(content), error, began_at, url)
        if error is not None and not status:
            raise self._unanswered(method, label, error)
        if "set-cookie" in response.headers:
            self._cookies = self._cookies or CookieJar()
            self._cookies.extract_cookies(response, FastRequest(url, method=method, headers=Headers()))
        return decode(status, content, response.headers, pool.way)

    @property
    def way(self) -> Transport:
        """How to get to the target."""
        return self._pool.way

    def record(self, name: str, seconds: float, error: Exception | None = None) -> None:
        """Tell Locust of a request that went another way; it counts towards the rate that the scenario allows."""
        began, began_at = time.monotonic() - seconds, time.time() - seconds
        self._wait_for_turn()
        self._report(began, seconds, "OWN", name, None, 0, self._fit_to_tell(error), began_at, None)

    def _fit_to_tell(self, error: BaseException | None) -> BaseException | None:
        """An error as it may stand in a table."""
        told = self._pool.way.hide(str(error))
        return error if told == str(error) else Unanswered(told)

    def _wait_for_turn(self) -> None:
        held_back = self._pool.meter.admit(time.monotonic())
        if held_back:
            gevent.sleep(held_back)

    def _unanswered(self, method: str, label: str, error: BaseException) -> Unanswered:
        return Unanswered(self._pool.way.hide(f"{method} {label}: no answer ({error!r})"))

    def _report(
        self,
        sent: float,
        service: float,
        method: str,
        label: str,
        response: FastResponse | None,
        length: int,
        error: BaseException | None,
        began_at: float,
        url: str | None,
    ) -> None:
        """One request for Locust: the first of a contact with the time since its planned instant."""
        late = 0.0 if self._due is None else sent - self._due
        self._due = None
        self._requests.fire(
            request_type=method,
            name=label,
            response_time=(service + late) * 1000,
            response_length=length,
            response=response,
            context={"service_ms": service * 1000, "late_ms": late * 1000},
            exception=error,
            start_time=began_at,
            url=url,
        )


def _told(json: Mapping[str, Any] | None, form: Mapping[str, str] | None) -> tuple[dict[str, str], bytes]:
    """The body of a request, and the headers that say what it is."""
    if form is not None:
        return FORM, urlencode(dict(form)).encode()
    if json is not None:
        return JSON, jsonlib.dumps(json).encode()
    return {}, b""


def _cookie_header(cookies: CookieJar, method: str, url: str) -> dict[str, str]:
    """What the target wants to be reminded of."""
    asked = FastRequest(url, method=method, headers=Headers())
    cookies.add_cookie_header(asked)
    return dict(asked.headers.items())


def note(environment: Environment, name: str, seconds: float) -> None:
    """Put a duration that no single request is into Locust's statistics."""
    environment.events.request.fire(
        request_type="CONTACT",
        name=name,
        response_time=seconds * 1000,
        response_length=0,
        context={},
        exception=None,
        response=None,
        start_time=time.time() - seconds,
        url=None,
    )
