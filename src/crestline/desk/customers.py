"""The customers' side: open, follow, write, rate, leave; over HTTP here, over a socket in ``chat``."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from pydantic import BaseModel
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from crestline.desk.answers import answer, events_since
from crestline.desk.bodies import WAIT_LIMIT_S, OpenBody, RatingBody, TextBody
from crestline.desk.conversation import Conversation, Sender
from crestline.desk.floor import Conflict
from crestline.desk.service import Desk, Opening

TRACE = "traceparent"  # W3C Trace Context


class Told(NamedTuple):
    """What a customer is told, and its status."""

    body: dict[str, Any]
    status: int = 200


class Acts:
    """What customers can do, by whatever way they come."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def open(self, body: OpenBody, came: HTTPConnection) -> Told:
        """A customer writes for the first time; what the request carries is kept with the conversation."""
        if self.desk.faults.door_shut:
            return Told({"error": "the platform is out"}, 503)
        carried = came.headers.get
        sender = Sender(body.name, carried(self.desk.settings.mark, ""), carried(TRACE, ""))
        script = body.meta.model_dump(exclude_none=True)
        opening = Opening(
            body.key, body.run, body.row, body.customer, body.contact, body.vip, body.text, script, sender
        )
        conversation, new = self.desk.open(opening)
        told = {"id": conversation.id, "release": conversation.script.release}
        return Told(told | events_since(self.desk, conversation, 0), 201 if new else 200)

    def say(self, conversation: Conversation, body: TextBody) -> Told:
        """A customer writes again."""
        self.desk.say(conversation, body.text)
        return Told({})

    def rate(self, conversation: Conversation, body: RatingBody) -> Told:
        """A customer rates."""
        self.desk.rate(conversation, body.stars)
        return Told({})

    def abandon(self, conversation: Conversation, _: BaseModel | None = None) -> Told:
        """A customer leaves."""
        try:
            self.desk.abandon(conversation)
        except Conflict as error:
            return Told({"error": str(error), "state": conversation.state}, 409)
        return Told({"state": conversation.state})


class Customers:
    """Endpoints under ``/conversations``."""

    def __init__(self, acts: Acts) -> None:
        self._acts, self._desk = acts, acts.desk

    async def open(self, request: Request) -> Response:
        """A customer writes for the first time."""
        return answer(*self._acts.open(OpenBody.model_validate_json(await request.body()), request))

    async def events(self, request: Request) -> Response:
        """What has happened since; pushed when something does."""
        conversation = self._conversation(request)
        after = max(0, int(request.query_params.get("after", 0)))
        wait = min(float(request.query_params.get("wait", 0)), WAIT_LIMIT_S)
        if len(conversation.events) <= after and wait > 0 and not conversation.closed:
            watcher = self._desk.journal.watch(conversation)
            await asyncio.wait([watcher], timeout=wait)
            self._desk.journal.unwatch(conversation, watcher)
        return answer(events_since(self._desk, conversation, after))

    async def say(self, request: Request) -> Response:
        """A customer writes again."""
        body = TextBody.model_validate_json(await request.body())
        return answer(*self._acts.say(self._conversation(request), body))

    async def rate(self, request: Request) -> Response:
        """A customer rates."""
        body = RatingBody.model_validate_json(await request.body())
        return answer(*self._acts.rate(self._conversation(request), body))

    async def abandon(self, request: Request) -> Response:
        """A customer leaves."""
        return answer(*self._acts.abandon(self._conversation(request)))

    async def mark(self, request: Request) -> Response:
        """Whether a request carries the mark of a rehearsal, and which."""
        return answer({"mark": request.headers.get(self._desk.settings.mark)})

    def _conversation(self, request: Request) -> Conversation:
        return self._desk.conversation(request.path_params["id"])
