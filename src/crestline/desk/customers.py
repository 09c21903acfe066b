"""The customers' side: open, follow, write, rate, leave."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from crestline.desk.answers import answer, events_since
from crestline.desk.bodies import WAIT_LIMIT_S, OpenBody, RatingBody, TextBody
from crestline.desk.conversation import Conversation
from crestline.desk.floor import Conflict
from crestline.desk.service import Desk, Opening


class Customers:
    """Endpoints under ``/conversations``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def open(self, request: Request) -> Response:
        """A customer writes for the first time."""
        body = OpenBody.model_validate_json(await request.body())
        if self._desk.faults.door_shut:
            return answer({"error": "the platform is out"}, 503)
        script = body.meta.model_dump(exclude_none=True)
        opening = Opening(body.key, body.run, body.row, body.customer, body.contact, body.vip, body.text, script)
        conversation, new = self._desk.open(opening)
        return answer({"id": conversation.id} | events_since(self._desk, conversation, 0), 201 if new else 200)

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
        self._desk.say(self._conversation(request), body.text)
        return answer({})

    async def rate(self, request: Request) -> Response:
        """A customer rates."""
        body = RatingBody.model_validate_json(await request.body())
        self._desk.rate(self._conversation(request), body.stars)
        return answer({})

    async def abandon(self, request: Request) -> Response:
        """A customer leaves."""
        conversation = self._conversation(request)
        try:
            self._desk.abandon(conversation)
        except Conflict as error:
            return answer({"error": str(error), "state": conversation.state}, 409)
        return answer({"state": conversation.state})

    def _conversation(self, request: Request) -> Conversation:
        return self._desk.conversation(request.path_params["id"])
