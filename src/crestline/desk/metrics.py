"""What the desk says of itself: its health, its service times, and both as OpenMetrics."""

from __future__ import annotations

import math
import os
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, StateSetMetricFamily
from prometheus_client.openmetrics.exposition import generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crestline.desk.breaker import STATES
from crestline.desk.service import Desk

LONG_POLLS = ("/next", "/events")


class ServiceTimes:
    """How long answers took, the last thousand of them; long-polls, which wait on purpose, are left out.

    Counted besides: requests without the ``mark`` of a rehearsal, which is the name of a header, and open chats.
    """

    def __init__(self, app: ASGIApp, mark: str) -> None:
        self.count = 0
        self.errors = 0
        self.unmarked = 0
        self.chats = 0
        self._mark = mark.lower().encode()
        self._app = app
        self._last: deque[float] = deque(maxlen=1000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, and note how long its answer took."""
        self.unmarked += self._mark not in dict(scope.get("headers", ()))
        if scope["type"] != "http":
            self.chats += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self.chats -= 1
            return

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 500:
                self.errors += 1
            await send(message)

        began = time.perf_counter()
        await self._app(scope, receive, watched)
        self.count += 1
        if not scope["path"].endswith(LONG_POLLS):
            self._last.append(time.perf_counter() - began)

    @property
    def p90_s(self) -> float | None:
        """The 90th percentile, None before the first answer."""
        return sorted(self._last)[math.ceil(0.9 * len(self._last)) - 1] if self._last else None


def health(desk: Desk, times: ServiceTimes) -> dict[str, Any]:
    """Pools, queues, agents and service times, now."""
    return {
        "pools": pools(desk),
        "breaker": desk.triage.breaker.state if desk.triage and desk.triage.breaker else None,
        "queues": dict.fromkeys(desk.settings.skills, 0) | desk.floor.lengths(),
        "agents": sum(not s.left for s in desk.floor.sessions.values()),
        "idle": desk.floor.idle,
        "chats": times.chats,
        "web_worker": os.getpid(),
        "stalled_s": desk.journal.stalled_s,
        "service": {
            "p90_s": times.p90_s,
            "requests": times.count,
            "errors": times.errors,
            "unmarked": times.unmarked,
        },
        "faults": len(desk.faults.open),
    }


def pools(desk: Desk) -> dict[str, dict[str, int]]:
    """The triage pool, if there is one: workers and slots, planned, there and in use."""
    if desk.triage is None or desk.pool is None:
        return {}
    ready = len(desk.triage.ready)
    return {
        "triage": {
            "planned": desk.pool.planned,
            "ready_workers": ready,
            "starting": desk.pool.starting,
            "ready_slots": ready * desk.triage.settings.slots,
            "busy": desk.triage.busy,
            "waiting": desk.triage.waiting,
        }
    }


class _Collector:
    def __init__(self, desk: Desk, times: ServiceTimes) -> None:
        self._desk = desk
        self._times = times

    def collect(self) -> Iterator[Metric]:
        now = health(self._desk, self._times)
        queues = GaugeMetricFamily("crestline_desk_waiting", "Contacts in line for a skill", labels=["skill"])
        for skill, length in now["queues"].items():
            queues.add_metric([skill], length)
        yield queues
        pool = GaugeMetricFamily("crestline_desk_pool", "The triage pool", labels=["pool", "what"])
        for name, values in now["pools"].items():
            for what, value in values.items():
                pool.add_metric([name, what], value)
        yield pool
        if now["breaker"] is not None:
            states = {state: state == now["breaker"] for state in STATES}
            yield StateSetMetricFamily("crestline_desk_breaker", "The circuit breaker before the bot", value=states)
        yield GaugeMetricFamily("crestline_desk_agents", "Sessions that are logged in", value=now["agents"])
        yield GaugeMetricFamily("crestline_desk_idle", "Sessions that wait for a contact", value=now["idle"])
        yield GaugeMetricFamily("crestline_desk_chats", "WebSockets of customers", value=now["chats"])
        yield GaugeMetricFamily("crestline_desk_service_p90_seconds", "Service time", value=self._times.p90_s or 0.0)
        yield CounterMetricFamily("crestline_desk_requests", "Requests answered", value=self._times.count)
        yield CounterMetricFamily("crestline_desk_errors", "Requests answered with 5xx", value=self._times.errors)
        yield CounterMetricFamily(
            "crestline_desk_conversations", "Conversations opened", value=len(self._desk.journal.conversations)
        )


def openmetrics(desk: Desk, times: ServiceTimes) -> bytes:
    """The same for a scraper."""
    registry = CollectorRegistry()
    registry.register(_Collector(desk, times))
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return text
