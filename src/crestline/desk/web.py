"""The desk over HTTP: each request is one step of the desk, and is answered when the step is written.

Chat beside it: a frame is a step as a request is one.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute

from crestline.desk.agents import Agents
from crestline.desk.alarms import Alarms
from crestline.desk.answers import Endpoint, answer, guarded
from crestline.desk.chat import Chat
from crestline.desk.customers import Acts, Customers
from crestline.desk.export import export
from crestline.desk.metrics import ServiceTimes, health, openmetrics
from crestline.desk.operations import Operations
from crestline.desk.service import Desk

AT_ONCE = ("/health", "/livez", "/readyz", "/metrics", "/faults", "/v1/mark")
"""What is answered although the log cannot be written."""
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


STALL_S = 0.05
"""For how long the log must not have been written for the desk to call itself not ready."""


class Web:
    """All endpoints of one desk; ``app`` is what a server is given. Without a token faults are not allowed."""

    def __init__(self, desk: Desk, token: str | None) -> None:
        self._desk = desk
        acts = Acts(desk)
        customers, agents, operations = Customers(acts), Agents(desk), Operations(desk, token)
        may = operations.allowed
        table: list[tuple[str, str, Endpoint]] = [
            ("POST", "/agents/{id:int}/next", agents.next),
            ("GET", "/conversations/{id:int}/events", customers.events),
            ("POST", "/conversations", customers.open),
            ("POST", "/agents/{id:int}/reply", agents.reply),
            ("POST", "/conversations/{id:int}/messages", customers.say),
            ("POST", "/conversations/{id:int}/rating", customers.rate),
            ("POST", "/conversations/{id:int}/abandon", customers.abandon),
            ("POST", "/agents/{id:int}/transfer", agents.transfer),
            ("POST", "/agents/{id:int}/resolve", agents.resolve),
            ("POST", "/agents", agents.login),
            ("DELETE", "/agents/{id:int}", agents.logout),
            ("GET", "/health", self._health),
            ("GET", "/livez", self._live),
            ("GET", "/readyz", self._ready),
            ("GET", "/metrics", self._metrics),
            ("GET", "/v1/export", self._export),
            ("GET", "/v1/mark", customers.mark),
            ("POST", "/rehearsals", operations.rehearse),
            ("POST", "/faults", may(operations.strike)),
            ("GET", "/faults/{id:int}", may(operations.fault)),
            ("DELETE", "/faults/{id:int}", may(operations.lift)),
            ("POST", "/release", may(operations.turn)),
            ("GET", "/release", may(operations.released)),
        ]
        routes = [
            Route(path, guarded(endpoint, desk, waits=not path.startswith(AT_ONCE)), methods=[method])
            for method, path, endpoint in table
        ]
        chat = WebSocketRoute("/chat", Chat(acts).endpoint)
        self.app = ServiceTimes(Starlette(routes=[*routes, chat]), desk.settings.mark)
        self.alarms = Alarms(desk, self.app)

    async def _live(self, _: Request) -> Response:
        return answer({"alive": True})

    async def _ready(self, _: Request) -> Response:
        ready = (self._desk.triage is None or bool(self._desk.triage.ready)) and not self._is_stalled
        return answer({"ready": ready}, 200 if ready else 503)

    async def _health(self, _: Request) -> Response:
        told = health(self._desk, self.app) | {"alarms": self.alarms.ages()}
        return answer(told, 503 if self._is_stalled else 200)

    @property
    def _is_stalled(self) -> bool:
        return self._desk.journal.stalled_s > STALL_S

    async def _metrics(self, _: Request) -> Response:
        return Response(openmetrics(self._desk, self.app), headers={"content-type": OPENMETRICS})

    async def _export(self, request: Request) -> Response:
        lines = export(self._desk, request.query_params.get("run"))
        return StreamingResponse(lines, media_type="application/x-ndjson")
