"""What the desk answers: JSON bodies, events as clients see them, and a status for each way to be refused."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from crestline.desk.conversation import Conversation, Event
from crestline.desk.floor import Conflict
from crestline.desk.service import Broken, Desk, Unknown

Endpoint = Callable[[Request], Awaitable[Response]]


REFUSED = (ValueError, Unknown, Conflict, Broken)
"""What a step raises when it is not done."""

STATUSES = {Unknown: 404, Conflict: 409, Broken: 500}


def refusal(error: Exception) -> tuple[dict[str, Any], int]:
    """What is told of a step that is not done, and its status."""
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 400)
    told = str(error)
    if isinstance(error, ValidationError):
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return {"error": told}, status


def answer(body: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json.dumps(body, allow_nan=False), status, media_type="application/json")


def shown(event: Event, zero: float) -> dict[str, Any]:
    """An event as clients see it; times are real seconds since ``zero``."""
    seen: dict[str, Any] = {"n": event.n, "kind": event.kind, "text": event.text, "at": event.at - zero}
    if event.kind == "resolved":
        seen["by"] = "bot" if event.who is None else "agent"
    if event.who is not None:
        seen["worker" if event.kind in {"bot", "bot_reply"} else "agent"] = event.who
    return seen


def events_since(desk: Desk, conversation: Conversation, after: int) -> dict[str, Any]:
    """What has happened to a conversation after event number ``after``."""
    zero = desk.zero_of(conversation.run)
    events = [shown(e, zero) for e in conversation.events[after:]]
    return {"state": conversation.state, "events": events, "now": desk.journal.clock() - zero}


def claimed(conversation: Conversation) -> dict[str, Any]:
    """A conversation as the agent sees it who gets it."""
    names = ("id", "key", "row", "customer", "contact", "vip")
    return {name: getattr(conversation, name) for name in names} | {"queue": conversation.skill}


def guarded(endpoint: Endpoint, desk: Desk, *, waits: bool = True) -> Endpoint:
    """The endpoint, with what it raises turned into an answer, and its step ended in any case.

    One that ``waits`` begins when the log can be written, and is answered when it has been.
    """

    async def guarded_endpoint(request: Request) -> Response:
        if waits and desk.journal.stalled_s:
            await desk.journal.free()
        try:
            told = await endpoint(request)
        except REFUSED as error:
            told = answer(*refusal(error))
        finally:
            desk.commit()
        if waits and desk.journal.stalled_s:
            await desk.journal.free()
        return told

    return guarded_endpoint
