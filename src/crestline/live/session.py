"""Locust's HTTP client as the way to the target of one customer or one agent."""

from __future__ import annotations

import select
import time
from collections.abc import Mapping
from typing import Any

import gevent
from gevent.monkey import get_original
from geventhttpclient.client import HTTPClient, HTTPClientPool
from locust.contrib.fasthttp import FastHttpSession
from locust.env import Environment
from locust.event import EventHook

from crestline.live.adapters import Answer, Unanswered
from crestline.live.guards import Meter
from crestline.live.transport import CONNECT_S, Transport
from crestline.live.wire import decode

_poll = get_original("select", "poll")


class Connections(HTTPClientPool):  # type: ignore[misc]
    """Kept-alive connections, shared by all customers and agents.

    Whether an idle connection is still open is asked of the system at once. The stock check goes through gevent's
    ``select``, which costs a turn of the loop for every request and fails above 1,023 open files, so that every
    request would connect anew. ``meter`` holds requests back that would be more than the scenario allows; ``way``
    has the headers, TLS and proxy of the target.
    """

    def __init__(self, at_once: int, timeout_s: float, meter: Meter, way: Transport | None = None) -> None:
        """The time-outs must stand here: those of a session have no effect."""
        self.meter, self.way = meter, way or Transport("")
        super().__init__(
            concurrency=at_once,
            network_timeout=timeout_s,
            connection_timeout=min(timeout_s, CONNECT_S),
            **self.way.pool_options(),
        )

    def get_client(self, url: Any) -> HTTPClient:
        """The client of one host."""
        client = super().get_client(url)
        client._connection_pool._is_socket_alive = is_quiet
        return client


def is_quiet(sock: Any) -> bool:
    """Whether an idle connection is open and has nothing to say (a hang-up would be something)."""
    if sock is None or sock.fileno() < 0:
        return False
    asked = _poll()
    asked.register(sock.fileno(), select.POLLIN)
    return not asked.poll(0)


class Session:
    """An ``Http`` over Locust's client; every request is in Locust's statistics.

    ``due`` is the planned instant of a customer's contact (``time.monotonic``): its first request counts from there,
    and its service time and lateness stand in the request's context.
    """

    def __init__(self, environment: Environment, host: str, pool: Connections, due: float | None = None) -> None:
        self._meter, self._way = pool.meter, pool.way
        self._reporter = Reporter(environment.events.request, due)
        self._session = FastHttpSession(host, request_event=self._reporter, user=None, client_pool=pool)
        self._session.client.redirect_response_codes = frozenset()  # another host is not the one that was allowed

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
        held_back = self._meter.admit(time.monotonic())
        if held_back:
            gevent.sleep(held_back)
        context = {"sent": time.monotonic(), "fine": fine}
        fields = None if form is None else dict(form)
        try:
            response = self._session.request(
                method, path, name=name, data=fields, json=json, headers=headers, context=context
            )
        except (RuntimeError, ValueError) as error:  # a proxy that refuses, a request that cannot be written
            raise self._unanswered(f"{method} {name or path}", error) from None
        if not response.status_code:
            raise self._unanswered(f"{method} {name or path}", response.error)
        return decode(response.status_code, response.content, response.headers, self._way)

    def _unanswered(self, what: str, error: Exception) -> Unanswered:
        return Unanswered(self._way.hide(f"{what}: no answer ({error!r})"))

    def record(self, name: str, seconds: float, error: Exception | None = None) -> None:
        """Tell Locust of a request that went another way; it counts towards the rate that the scenario allows."""
        began, began_at = time.monotonic() - seconds, time.time() - seconds
        gevent.sleep(self._meter.admit(time.monotonic()))
        self._reporter.fire(
            request_type="OWN",
            name=name,
            response_time=seconds * 1000,
            response_length=0,
            context={"sent": began, "fine": ()},
            exception=error,
            response=None,
            start_time=began_at,
            url=None,
        )


class Reporter:
    """What Locust's client tells of its requests, on the way to the statistics.

    It does not know its session: sessions are many, and go as soon as nobody needs them, without a collector.
    """

    def __init__(self, requests: EventHook, due: float | None) -> None:
        self._requests, self._due = requests, due

    def fire(self, **meta: Any) -> None:
        """What Locust's client reports of a request, passed on with the time that counts."""
        context = meta["context"]
        service = meta["response_time"]
        late = 0.0
        if self._due is not None:
            late = (context["sent"] - self._due) * 1000
            self._due = None
        meta["response_time"] = service + late
        meta["context"] = {"service_ms": service, "late_ms": late}
        if getattr(meta["response"], "status_code", 0) in context["fine"]:
            meta["exception"] = None
        self._requests.fire(**meta)


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
