"""A conversation and what happens to it: the state is a fold of its events and nothing else changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Event(NamedTuple):
    """Something that happened; ``who`` is an agent or a worker, ``request`` the number of the call that led to it."""

    n: int
    at: float
    kind: str
    text: str = ""
    who: int | None = None
    request: int | None = None


class Script(NamedTuple):
    """How the bot is to treat a contact: what a rehearsal's first message says, or the default."""

    bot: bool
    reply_in: float
    resolves: bool
    routed_to: str
    release: str = "baseline"  # or candidate: which version of the bot serves it


class Sender(NamedTuple):
    """What a first message says of who sends it: the customer's name, and a rehearsal's mark and ``traceparent``."""

    name: str = ""
    mark: str = ""
    trace: str = ""


NOBODY = Sender()

STATES = {
    "opened": "opened",
    "waiting_bot": "waiting_bot",
    "bot": "bot",
    "bot_reply": "answered",
    "returned": "returned",
    "queued": "queued",
    "claimed": "claimed",
    "unclaimed": "queued",
    "transferred": "queued",
    "rejected": "rejected",
    "abandoned": "abandoned",
}
"""The state after an event; ``resolved`` depends on by whom, the other kinds leave the state as it is."""

CLOSED = frozenset({"bot_resolved", "agent_resolved", "abandoned", "rejected"})


@dataclass(slots=True)
class Conversation:
    """One contact: who it is, where it stands, all that happened."""

    id: int
    key: str
    run: str
    row: int
    customer: int
    contact: str
    vip: bool
    script: Script
    sender: Sender = NOBODY
    state: str = "opened"
    skill: str = ""
    queued_at: float | None = None
    entered_bot_at: float = 0.0
    holder: int | None = None
    greeted: bool = False
    resolver: int | None = None
    stars: int | None = None
    events: list[Event] = field(default_factory=list)

    @property
    def closed(self) -> bool:
        """Whether nothing but a rating can follow."""
        return self.state in CLOSED

    def fold(self, event: Event) -> None:
        """Take in the next event."""
        self.events.append(event)
        self.state = STATES.get(event.kind, self.state)
        match event.kind:
            case "opened":
                self.entered_bot_at = event.at
            case "bot" | "claimed":
                self.holder, self.greeted = event.who, False
            case "queued":
                self.skill = event.text
                self.queued_at = event.at if self.queued_at is None else self.queued_at
            case "transferred":
                self.skill = event.text
            case "agent_reply":
                self.greeted = True
            case "rated":
                self.stars = int(event.text)
            case "resolved":
                self.state = "bot_resolved" if self.state == "answered" else "agent_resolved"
                self.resolver = event.who
        if self.state not in {"bot", "claimed"}:
            self.holder = None
