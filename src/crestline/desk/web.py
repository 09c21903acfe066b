"""The desk over HTTP: parse, one step of the desk, answer. Every answer waits for the step to be written."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from crestline.desk.conversation import Conversation, Event
from crestline.desk.export import export
from crestline.desk.faults import Fault
from crestline.desk.floor import Conflict
from crestline.desk.metrics import ServiceTimes, health, openmetrics
from crestline.desk.service import Desk, Opening, Unknown

WAIT_LIMIT_S = 60.0
"""The longest a long-poll stays open; clients time out later than that."""
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"

Endpoint = Callable[[Request], Awaitable[Response]]


class Meta(BaseModel):
    """The script of a rehearsal contact; what the desk does not use is let through."""

    bot: bool | None = None
    reply_in: float | None = Field(default=None, ge=0)
    resolves: bool | None = None
    routed_to: str | None = None


class OpenBody(BaseModel):
    """A first message."""

    key: str
    contact: str
    run: str = ""
    row: int = 0
    customer: int = 0
    vip: bool = False
    text: str = ""
    meta: Meta = Meta()


class TextBody(BaseModel):
    """A message."""

    text: str


class RatingBody(BaseModel):
    """A rating."""

    stars: int = Field(ge=1, le=5)


class LoginBody(BaseModel):
    """A session that begins."""

    name: str
    group: str
    run: str = ""
    skills: tuple[str, ...] | None = None


class NextBody(BaseModel):
    """Resolve and claim."""

    request: int
    done: int | None = None
    wait: float = Field(default=WAIT_LIMIT_S, ge=0)


class HeldBody(BaseModel):
    """Something about the conversation that a session holds."""

    conversation: int
    text: str = ""
    to: str = ""


class RehearsalBody(BaseModel):
    """A run that begins ``zero`` seconds from now."""

    run: str
    zero: float
    time_scale: float
    digest: str


class FaultBody(BaseModel):
    """A fault; it heals after ``for_s``, at the latest after ``ttl_s``."""

    kind: str = Field(pattern="^(triage-outage|platform-outage)$")
    for_s: float = Field(gt=0)
    ttl_s: float = Field(gt=0)
    in_s: float = Field(default=0.0, ge=0)


def answer(body: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json.dumps(body, allow_nan=False), status, media_type="application/json")


def shown(event: Event, zero: float) -> dict[str, Any]:
    """An event as clients see it."""
    seen: dict[str, Any] = {"n": event.n, "kind": event.kind, "text": event.text, "at": event.at - zero}
    if event.kind == "resolved":
        seen["by"] = "bot" if event.who is None else "agent"
    if event.who is not None:
        seen["worker" if event.kind in {"bot", "bot_reply"} else "agent"] = event.who
    return seen


class Web:
    """The endpoints of one desk. ``token`` is None where faults are not allowed."""

    def __init__(self, desk: Desk, token: str | None) -> None:
        self.desk = desk
        self._token = token
        self.app = ServiceTimes(Starlette(routes=self._routes()))

    def _routes(self) -> list[Route]:
        table: list[tuple[str, str, Endpoint]] = [
            ("POST", "/agents/{id:int}/next", self.next),
            ("GET", "/conversations/{id:int}/events", self.events),
            ("POST", "/conversations", self.open),
            ("POST", "/agents/{id:int}/reply", self.reply),
            ("POST", "/conversations/{id:int}/messages", self.say),
            ("POST", "/conversations/{id:int}/rating", self.rate),
            ("POST", "/conversations/{id:int}/abandon", self.abandon),
            ("POST", "/agents/{id:int}/transfer", self.transfer),
            ("POST", "/agents/{id:int}/resolve", self.resolve),
            ("POST", "/agents", self.login),
            ("DELETE", "/agents/{id:int}", self.logout),
            ("POST", "/rehearsals", self.rehearse),
            ("GET", "/health", self.health),
            ("GET", "/livez", self.live),
            ("GET", "/readyz", self.ready),
            ("GET", "/metrics", self.metrics),
            ("GET", "/v1/export", self.export),
            ("POST", "/faults", self.strike),
            ("GET", "/faults/{id:int}", self.fault),
            ("DELETE", "/faults/{id:int}", self.lift),
        ]
        return [Route(path, self._guarded(endpoint), methods=[method]) for method, path, endpoint in table]

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        async def guarded(request: Request) -> Response:
            try:
                return await endpoint(request)
            except ValidationError as error:
                told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
                return answer({"error": told}, 400)
            except ValueError as error:
                return answer({"error": str(error)}, 400)
            except Unknown as error:
                return answer({"error": str(error)}, 404)
            except Conflict as error:
                self.desk.commit()
                return answer({"error": str(error)}, 409)

        return guarded

    # --- customers ----------------------------------------------------------------------------------------------

    async def open(self, request: Request) -> Response:
        """A customer writes for the first time."""
        body = OpenBody.model_validate_json(await request.body())
        if self.desk.faults.door_shut:
            return answer({"error": "the platform is out"}, 503)
        script = body.meta.model_dump(exclude_none=True)
        opening = Opening(body.key, body.run, body.row, body.customer, body.contact, body.vip, body.text, script)
        conversation, new = self.desk.open(opening)
        self.desk.commit()
        return answer({"id": conversation.id} | self._since(conversation, 0), 201 if new else 200)

    async def events(self, request: Request) -> Response:
        """What has happened since; pushed when something does."""
        conversation = self._conversation(request)
        after = int(request.query_params.get("after", 0))
        wait = min(float(request.query_params.get("wait", 0)), WAIT_LIMIT_S)
        if len(conversation.events) <= after and wait > 0 and not conversation.closed:
            watcher = self.desk.journal.watch(conversation)
            await asyncio.wait([watcher], timeout=wait)
            self.desk.journal.unwatch(conversation, watcher)
        return answer(self._since(conversation, after))

    async def say(self, request: Request) -> Response:
        """A customer writes again."""
        body = TextBody.model_validate_json(await request.body())
        self.desk.say(self._conversation(request), body.text)
        self.desk.commit()
        return answer({})

    async def rate(self, request: Request) -> Response:
        """A customer rates."""
        body = RatingBody.model_validate_json(await request.body())
        self.desk.rate(self._conversation(request), body.stars)
        self.desk.commit()
        return answer({})

    async def abandon(self, request: Request) -> Response:
        """A customer leaves."""
        conversation = self._conversation(request)
        try:
            self.desk.abandon(conversation)
        except Conflict as error:
            return answer({"error": str(error), "state": conversation.state}, 409)
        self.desk.commit()
        return answer({"state": conversation.state})

    def _conversation(self, request: Request) -> Conversation:
        return self.desk.conversation(request.path_params["id"])

    def _since(self, conversation: Conversation, after: int) -> dict[str, Any]:
        zero = self.desk.zero_of(conversation.run)
        events = [shown(e, zero) for e in conversation.events[after:]]
        return {"state": conversation.state, "events": events, "now": self.desk.journal.clock() - zero}

    # --- agents -------------------------------------------------------------------------------------------------

    async def login(self, request: Request) -> Response:
        """A session begins."""
        body = LoginBody.model_validate_json(await request.body())
        session, new = self.desk.login(body.name, body.run, body.group, body.skills)
        self.desk.commit()
        return answer({"id": session.id}, 201 if new else 200)

    async def logout(self, request: Request) -> Response:
        """A session ends."""
        self.desk.floor.logout(self.desk.session(request.path_params["id"]))
        self.desk.commit()
        return answer({})

    async def next(self, request: Request) -> Response:
        """A session is done with one contact and takes the next, now or when one comes."""
        session = self.desk.session(request.path_params["id"])
        body = NextBody.model_validate_json(await request.body())
        contact = self.desk.floor.next(session, body.done, body.request)
        self.desk.commit()
        if contact is None and body.wait > 0 and not session.left:
            poll, call = self.desk.floor.wait(session), session.call
            gone = asyncio.ensure_future(self._hang_up(request))
            await asyncio.wait([poll, gone], timeout=min(body.wait, WAIT_LIMIT_S), return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                self.desk.floor.lost(session, call)
                self.desk.commit()
                return answer({"error": "the connection is gone"}, 409)
            gone.cancel()
            self.desk.floor.waited(session, poll)
            contact = poll.result()
        now = self.desk.journal.clock() - self.desk.zero_of(session.run)
        return answer({"conversation": contact and self._claimed(contact), "now": now})

    @staticmethod
    async def _hang_up(request: Request) -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    @staticmethod
    def _claimed(contact: Conversation) -> dict[str, Any]:
        names = ("id", "key", "row", "customer", "contact", "vip")
        return {name: getattr(contact, name) for name in names} | {"queue": contact.skill}

    async def reply(self, request: Request) -> Response:
        """An agent writes."""
        session, body = await self._held(request)
        self.desk.floor.reply(session, body.conversation, body.text)
        self.desk.commit()
        return answer({})

    async def transfer(self, request: Request) -> Response:
        """An agent passes a contact on."""
        session, body = await self._held(request)
        if body.to not in self.desk.settings.skills:
            msg = f"to: no such skill (got {body.to!r}, expected one of {self.desk.settings.skills})"
            raise ValueError(msg)
        self.desk.floor.transfer(session, body.conversation, body.to)
        self.desk.commit()
        return answer({})

    async def resolve(self, request: Request) -> Response:
        """An agent closes a conversation."""
        session, body = await self._held(request)
        self.desk.floor.resolve(session, body.conversation)
        self.desk.commit()
        return answer({})

    async def _held(self, request: Request) -> tuple[Any, HeldBody]:
        body = HeldBody.model_validate_json(await request.body())
        return self.desk.session(request.path_params["id"]), body

    # --- rehearsals and health ----------------------------------------------------------------------------------

    async def rehearse(self, request: Request) -> Response:
        """A run announces itself."""
        body = RehearsalBody.model_validate_json(await request.body())
        self.desk.rehearse(body.run, body.zero, body.time_scale, body.digest)
        self.desk.commit()
        return answer({"run": body.run})

    async def live(self, _: Request) -> Response:
        """The loop turns."""
        return answer({"alive": True})

    async def ready(self, _: Request) -> Response:
        """Contacts would be served."""
        ready = self.desk.triage is None or bool(self.desk.triage.ready)
        return answer({"ready": ready}, 200 if ready else 503)

    async def health(self, _: Request) -> Response:
        """Pools, queues, agents."""
        return answer(health(self.desk, self.app))

    async def metrics(self, _: Request) -> Response:
        """The same for a scraper."""
        return Response(openmetrics(self.desk, self.app), headers={"content-type": OPENMETRICS})

    async def export(self, request: Request) -> Response:
        """The log of a run."""
        lines = export(self.desk, request.query_params.get("run"))
        return StreamingResponse(lines, media_type="application/x-ndjson")

    # --- faults -------------------------------------------------------------------------------------------------

    async def strike(self, request: Request) -> Response:
        """Ask for a fault."""
        if refused := self._refused(request):
            return refused
        body = FaultBody.model_validate_json(await request.body())
        fault = self.desk.faults.plan(body.kind, body.for_s, body.ttl_s, body.in_s)
        self.desk.commit()
        return answer(self.desk.faults.view(fault), 201)

    async def fault(self, request: Request) -> Response:
        """How far a fault has come."""
        return self._refused(request) or answer(self.desk.faults.view(self._fault(request)))

    async def lift(self, request: Request) -> Response:
        """End a fault before its time."""
        if refused := self._refused(request):
            return refused
        fault = self._fault(request)
        self.desk.faults.lift(fault)
        self.desk.commit()
        return answer(self.desk.faults.view(fault))

    def _fault(self, request: Request) -> Fault:
        found = self.desk.faults.all.get(request.path_params["id"])
        if found is None:
            raise Unknown(f"no fault {request.path_params['id']}")
        return found

    def _refused(self, request: Request) -> Response | None:
        if self._token is None:
            return answer({"error": "this desk was started without --allow-faults"}, 403)
        if request.client is None or not ipaddress.ip_address(request.client.host).is_loopback:
            return answer({"error": "faults are accepted from this machine only"}, 403)
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return answer({"error": "faults need Authorization: Bearer $CRESTLINE_DESK_TOKEN"}, 401)
        return None
