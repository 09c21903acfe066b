"""An adapter to start from: what each verb does, told with a desk that does not exist.

Put the paths and fields of your own service desk in place of these. Verbs that it lacks
(``basics.OPTIONAL``) are left out; what depends on them is reported as not measured.
One object is one customer or one agent; it keeps what its session needs, nothing else.
All times are real seconds.
"""

from __future__ import annotations

from typing import Any, ClassVar

from crestline.live.adapters import (
    AGENT_REPLY,
    CLAIMED,
    QUEUED,
    RESOLVED,
    Capabilities,
    Claim,
    Event,
    Opened,
    Opening,
    Refused,
    Seat,
)
from crestline.live.adapters.basics import Basics
from crestline.live.adapters.polling import wait_for

WORDS = {  # what the desk calls it: what it means here
    "new": QUEUED,
    "assigned": CLAIMED,
    "answer": AGENT_REPLY,
    "closed": RESOLVED,
}


class Skeleton(Basics):
    """One customer or one agent; ``self.http`` is the way to the desk, cookies kept."""

    # Declare what is true, and no more: the rest is reported as not measured.
    capabilities: ClassVar[Capabilities] = Capabilities(
        by_run=True,  # agents get contacts of their own run alone; drills ask for it
        atomic_claim=False,  # one contact, one agent: `adapter check --race` tries it
        rating=True,  # `rate` is below
    )

    def open(self, contact: Opening) -> Opened:
        """Open a conversation; the same ``key`` again is the same conversation.

        Leave the run's name in it, so that agents and ``cleanup`` know whose it is.
        """
        ticket = {"key": contact.key, "run": contact.run, "type": contact.contact}
        said = {"text": contact.text, "from": contact.name}
        made = self.ask("POST", "/tickets", ticket | said)
        return Opened(str(made["id"]))

    def poll(self, conversation: str, after: int, wait: float) -> tuple[Event, ...]:
        """Tell what has happened since event ``after``; wait so long for something."""
        return wait_for(lambda: self.events(conversation)[after:], wait)

    def events(self, conversation: str) -> tuple[Event, ...]:
        """Everything that has happened; ``n`` counts up from 1."""
        path, name = f"/tickets/{conversation}/history", "/tickets/:id/history"
        told = [event["what"] for event in self.ask("GET", path, name=name)["events"]]
        kinds = [WORDS[word] for word in told if word in WORDS]
        return tuple(Event(n, kind, by="agent") for n, kind in enumerate(kinds, 1))

    def abandon(self, conversation: str) -> bool:
        """Leave; False if an agent was faster, or it has ended."""
        path, name = f"/tickets/{conversation}/cancel", "/tickets/:id/cancel"
        return self.http.request("POST", path, name=name, fine=(409,)).status < 300

    def rate(self, conversation: str, stars: int) -> None:
        """Rate a resolved conversation, 1 to 5."""
        path = f"/tickets/{conversation}/rating"
        self.ask("POST", path, {"stars": stars}, "/tickets/:id/rating")

    def login(self, seat: Seat) -> str:
        """Log in as an agent; every verb of the agent is told what is returned."""
        self.seat = seat
        asked = {"name": seat.name, "skills": list(seat.skills)}
        return str(self.ask("POST", "/sessions", asked)["id"])

    def claim(
        self,
        agent: str,
        turn: int,
        wait: float,
        done: str | None = None,
    ) -> Claim | None:
        """Resolve ``done``, then take the contact of the run that has waited longest.

        When no answer came it is asked again, and the same ``turn`` is the same claim.
        """
        if done:
            self.resolve(agent, done)
        return wait_for(lambda: self.take(agent, turn), wait)

    def take(self, agent: str, turn: int) -> Claim | None:
        """The first in line, if there is one; ``row`` stands behind the key's slash."""
        path, asked = f"/sessions/{agent}/next", {"run": self.seat.run, "turn": turn}
        found = self.ask("POST", path, asked, "/sessions/:id/next")["ticket"]
        if not found:
            return None
        row = int(found["key"].rpartition("/")[2])
        return Claim(str(found["id"]), row, contact=found["type"], queue=found["type"])

    def reply(self, agent: str, conversation: str, text: str) -> None:
        """Answer as the agent; the customer hears of it as ``AGENT_REPLY``."""
        path, answer = f"/tickets/{conversation}/answers", {"by": agent, "text": text}
        self.ask("POST", path, answer, "/tickets/:id/answers")

    def resolve(self, agent: str, conversation: str) -> None:
        """End the conversation as resolved."""
        path = f"/tickets/{conversation}/close"
        self.ask("POST", path, {"by": agent}, "/tickets/:id/close")

    def logout(self, agent: str) -> None:
        """Leave the seat."""
        self.ask("DELETE", f"/sessions/{agent}", name="/sessions/:id")

    def cleanup(self, run: str) -> None:
        """Delete what the run has made; without this the run folder lists its ids."""
        self.ask("DELETE", f"/tickets?run={run}", name="/tickets?run")

    def ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        name: str = "",
    ) -> Any:
        """One request; ``name`` groups requests in statistics: no numbers in it."""
        answer = self.http.request(method, path, json=body, name=name or path)
        if answer.status >= 300:
            raise Refused(f"{method} {name or path}", answer.status, answer.body)
        return answer.body
