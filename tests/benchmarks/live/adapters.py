"""Two ways of being a customer of the benchmarks' server: one request, or a short journey of four."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from crestline.live.adapters import BOT_REPLY, RESOLVED, Capabilities, Claim, Event, Opened, Opening, Refused, Seat
from crestline.live.adapters.basics import Basics, NotThere

OVER = Event(1, RESOLVED, by="bot")


class SingleRequest(Basics):
    """The contact is one request and ends with its answer; there are no agents, and nothing is rated."""

    capabilities: ClassVar[Capabilities] = Capabilities(by_run=True)

    def open(self, contact: Opening) -> Opened:
        """The one request."""
        self._ask("GET", "/")
        return Opened(contact.key, (OVER,))

    def poll(self, conversation: str, after: int, wait: float) -> tuple[Event, ...]:  # noqa: ARG002
        """Nothing happens after the answer."""
        return ()

    def login(self, seat: Seat) -> str:  # noqa: ARG002
        """Nobody works here."""
        raise NotThere("login")

    def claim(self, agent: str, turn: int, wait: float, done: str | None = None) -> Claim | None:  # noqa: ARG002
        """Nobody works here."""
        raise NotThere("claim")

    def reply(self, agent: str, conversation: str, text: str) -> None:  # noqa: ARG002
        """Nobody works here."""
        raise NotThere("reply")

    def resolve(self, agent: str, conversation: str) -> None:  # noqa: ARG002
        """Nobody works here."""
        raise NotThere("resolve")

    def _ask(self, method: str, path: str, json: Mapping[str, Any] | None = None) -> None:
        answer = self.http.request(method, path, json=json)
        if answer.status != 200:
            raise Refused(path, answer.status, answer.body)


class Journey(SingleRequest):
    """Open, hear the bot, hear that it is over, rate: four requests of one customer."""

    capabilities: ClassVar[Capabilities] = Capabilities(by_run=True, rating=True)

    def open(self, contact: Opening) -> Opened:
        """The first request carries what the customer says."""
        self._ask("POST", "/conversations", {"key": contact.key, "contact": contact.contact, "text": contact.text})
        return Opened(contact.key)

    def poll(self, conversation: str, after: int, wait: float) -> tuple[Event, ...]:  # noqa: ARG002
        """The second and the third."""
        self._ask("GET", "/conversations/events")
        return (Event(2, RESOLVED, by="bot"),) if after else (Event(1, BOT_REPLY),)

    def rate(self, conversation: str, stars: int) -> None:  # noqa: ARG002
        """The fourth."""
        self._ask("POST", "/conversations/rating", {"stars": stars})
