"""The log as JSON lines, one conversation each: what a rehearsal is checked against."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from crestline.desk.conversation import Conversation
from crestline.desk.service import Desk

CHUNK = 100
"""Conversations read at once; between chunks the desk answers others."""


async def export(desk: Desk, run: str | None) -> AsyncIterator[bytes]:
    """All conversations of a run (or of every run), folded from what SQLite holds."""
    after = 0
    while chunk := list(desk.journal.log.conversations(run, after, CHUNK)):
        after = chunk[-1].id
        yield b"".join(json.dumps(line(c, desk.zero_of(c.run))).encode() + b"\n" for c in chunk)
        await asyncio.sleep(0)


def line(conversation: Conversation, zero: float) -> dict[str, Any]:
    """One conversation; times are real seconds since its run's zero."""
    kinds = [e.kind for e in conversation.events]
    return {
        "id": conversation.id,
        "key": conversation.key,
        "run": conversation.run,
        "row": conversation.row,
        "customer": conversation.customer,
        "contact": conversation.contact,
        "vip": conversation.vip,
        "name": conversation.sender.name,
        "mark": conversation.sender.mark,
        "traceparent": conversation.sender.trace,
        "accepted": conversation.events[0].at - zero,
        "state": conversation.state,
        "release": conversation.script.release,
        "rating": conversation.stars,
        "claims": kinds.count("claimed"),
        "resolutions": kinds.count("resolved"),
        "events": [[e.kind, e.at - zero, e.text] for e in conversation.events],
    }
