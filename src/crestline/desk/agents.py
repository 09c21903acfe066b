"""The agents' side: log in, take the next contact, write, pass on, resolve, log out."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from crestline.desk.answers import answer, claimed
from crestline.desk.bodies import WAIT_LIMIT_S, HeldBody, LoginBody, NextBody
from crestline.desk.conversation import Conversation
from crestline.desk.floor import Session
from crestline.desk.service import Desk


class Agents:
    """Endpoints under ``/agents``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def login(self, request: Request) -> Response:
        """A session begins."""
        body = LoginBody.model_validate_json(await request.body())
        return answer({"id": self._desk.login(body.name, body.run, body.group, body.skills).id}, 201)

    async def logout(self, request: Request) -> Response:
        """A session ends."""
        self._desk.floor.logout(self._session(request))
        return answer({})

    async def next(self, request: Request) -> Response:
        """A session is done with one contact and takes the next, now or when one comes."""
        session = self._session(request)
        body = NextBody.model_validate_json(await request.body())
        contact = self._desk.floor.next(session, body.done, body.request)
        self._desk.commit()
        if contact is None and body.wait > 0 and not session.left:
            contact = await self._wait(request, session, min(body.wait, WAIT_LIMIT_S))
        now = self._desk.journal.clock() - self._desk.zero_of(session.run)
        return answer({"conversation": claimed(contact) if contact else None, "now": now})

    async def _wait(self, request: Request, session: Session, wait: float) -> Conversation | None:
        """What is pushed to the session, None after ``wait`` or when its connection is gone."""
        poll, call = self._desk.floor.wait(session), session.call
        gone = asyncio.ensure_future(_hang_up(request))
        pending: set[asyncio.Future[object]] = {poll, gone}  # type: ignore[arg-type]
        await asyncio.wait(pending, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            self._desk.floor.lost(session, call)
            return None
        gone.cancel()
        self._desk.floor.waited(session, poll)
        return poll.result()

    async def reply(self, request: Request) -> Response:
        """An agent writes."""
        body = HeldBody.model_validate_json(await request.body())
        self._desk.floor.reply(self._session(request), body.conversation, body.text)
        return answer({})

    async def transfer(self, request: Request) -> Response:
        """An agent passes a contact on."""
        body = HeldBody.model_validate_json(await request.body())
        self._desk.transfer(self._session(request), body.conversation, body.to)
        return answer({})

    async def resolve(self, request: Request) -> Response:
        """An agent closes a conversation."""
        body = HeldBody.model_validate_json(await request.body())
        self._desk.floor.resolve(self._session(request), body.conversation)
        return answer({})

    def _session(self, request: Request) -> Session:
        return self._desk.session(request.path_params["id"])


async def _hang_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
