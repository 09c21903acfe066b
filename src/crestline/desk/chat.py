"""Chat: the customers' side over a WebSocket, with the words and statuses that it has over HTTP.

The customer sends frames of JSON, ``{"n": 1, "do": "open", ...}``, the rest being the body of the request that does
the same; each is answered by ``{"re": 1, "status": 201, ...}``. In between come the events of the conversation that was
opened, or is followed, as they happen. The socket closes when the conversation has ended and can have been rated.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from starlette.websockets import WebSocket, WebSocketDisconnect

from crestline.desk.answers import REFUSED, events_since, refusal
from crestline.desk.bodies import FollowBody, Frame, OpenBody, RatingBody, TextBody
from crestline.desk.conversation import Conversation
from crestline.desk.customers import Acts, Told
from crestline.desk.service import Unknown

RATING_S = 10.0  # how long a customer has for a rating, or for what is asked after the end
RATEABLE = ("bot_resolved", "agent_resolved")


class Chat:
    """The endpoint ``/chat``."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    async def endpoint(self, socket: WebSocket) -> None:
        """One customer, until either side hangs up."""
        await socket.accept()
        talk = Talk(self._acts, socket)
        try:
            while (message := await socket.receive())["type"] == "websocket.receive":
                await talk.hear(message.get("text") or "")
        finally:
            talk.end()


class Talk:
    """One socket, and the conversation that is held on it."""

    def __init__(self, acts: Acts, socket: WebSocket) -> None:
        self._acts, self._desk, self._socket = acts, acts.desk, socket
        self._conversation: Conversation | None = None
        self._pushing: asyncio.Task[None] | None = None

    async def hear(self, text: str) -> None:
        """Do what a frame says, as one step, and answer it."""
        number, act = 0, ""
        await self._desk.journal.free()
        try:
            frame = Frame.model_validate_json(text)
            number, act = frame.n, frame.do
            body, do = DEEDS[act]
            told = do(self, body.model_validate_json(text))
        except REFUSED as error:
            told = Told(*refusal(error))
        finally:
            self._desk.commit()
        await self._desk.journal.free()
        await self._send({"re": number, "status": told.status} | told.body)
        if act == "rate" and told.status < 300 and self._held().closed:
            await self._hang_up()

    def open(self, body: OpenBody) -> Told:
        """A customer writes for the first time, or opens again what is there."""
        told = self._acts.open(body, self._socket)
        if "id" in told.body:
            self._follow(self._desk.conversation(told.body["id"]), len(told.body["events"]))
        return told

    def follow(self, body: FollowBody) -> Told:
        """A customer is back after a socket was lost."""
        conversation = self._desk.conversation(body.conversation)
        self._follow(conversation, len(conversation.events))
        return Told(events_since(self._desk, conversation, body.after))

    def say(self, body: TextBody) -> Told:
        """A customer writes again."""
        return self._acts.say(self._held(), body)

    def rate(self, body: RatingBody) -> Told:
        """A customer rates."""
        return self._acts.rate(self._held(), body)

    def abandon(self, _: Frame) -> Told:
        """A customer leaves."""
        return self._acts.abandon(self._held())

    def end(self) -> None:
        """The socket is gone; the conversation goes on."""
        if self._pushing is not None:
            self._pushing.cancel()

    def _held(self) -> Conversation:
        if self._conversation is None:
            raise Unknown("no conversation on this socket yet; open or follow one")
        return self._conversation

    def _follow(self, conversation: Conversation, after: int) -> None:
        self.end()
        self._conversation = conversation
        self._pushing = asyncio.create_task(self._push(conversation, after))

    async def _push(self, conversation: Conversation, after: int) -> None:
        """Tell what happens as it happens, and hang up when nothing more is to come."""
        was_closed = conversation.closed
        while after < len(conversation.events) or not conversation.closed:
            if after == len(conversation.events):
                await self._news(conversation)
            told = events_since(self._desk, conversation, after)
            after += len(told["events"])
            if told["events"]:
                await self._send(told)
        if was_closed or conversation.state in RATEABLE:
            await asyncio.sleep(RATING_S)
        await self._hang_up()

    async def _news(self, conversation: Conversation) -> None:
        watcher = self._desk.journal.watch(conversation)
        try:
            await watcher
        finally:
            self._desk.journal.unwatch(conversation, watcher)

    async def _send(self, told: dict[str, Any]) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # either side has hung up
            await self._socket.send_text(json.dumps(told, allow_nan=False))

    async def _hang_up(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._socket.close()


DEEDS: dict[str, tuple[type[BaseModel], Callable[[Talk, Any], Told]]] = {
    "open": (OpenBody, Talk.open),
    "follow": (FollowBody, Talk.follow),
    "say": (TextBody, Talk.say),
    "rate": (RatingBody, Talk.rate),
    "abandon": (Frame, Talk.abandon),
}
