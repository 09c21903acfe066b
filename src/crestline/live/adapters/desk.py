"""The reference desk, spoken to over its public HTTP interface; it has no privileges over other targets."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from crestline.live.adapters import (
    Answer,
    Capabilities,
    Claim,
    Event,
    FaultState,
    Health,
    Opened,
    Opening,
    PoolHealth,
    Refused,
    Seat,
)
from crestline.live.adapters.basics import Basics

TOKEN = "CRESTLINE_DESK_TOKEN"  # noqa: S105 - the name of the variable, not its value


class DeskAdapter(Basics):
    """Each verb as one request; the desk keeps its log, so there is nothing to clean up."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        scripted=True,
        atomic_claim=True,
        rating=True,
        push=True,
        server_times=True,
        by_run=True,
        faults=(
            "triage-outage",
            "triage-brownout",
            "triage-worse",
            "web-worker-kill",
            "storage-stall",
            "platform-outage",
            "pool-freeze",
        ),
        export=True,
    )

    def begin(self, run: str, zero_in: float, time_scale: float, digest: str) -> None:
        """Start the control ticks of the pools at the run's zero."""
        body = {"run": run, "zero": zero_in, "time_scale": time_scale, "digest": digest}
        self._ask("POST", "/rehearsals", body)

    def open(self, contact: Opening) -> Opened:
        """Open a conversation with its script."""
        return opened(self._ask("POST", "/conversations", first_message(contact)))

    def poll(self, conversation: str, after: int, wait: float) -> tuple[Event, ...]:
        """Events by long-poll."""
        path = f"/conversations/{conversation}/events?after={after}&wait={wait:.3f}"
        return heard(self._ask("GET", path, name="/conversations/:id/events")["events"])

    def send(self, conversation: str, text: str) -> None:
        """A message of the customer."""
        self._ask("POST", f"/conversations/{conversation}/messages", {"text": text}, "/conversations/:id/messages")

    def abandon(self, conversation: str) -> bool:
        """Leave; 409 says that an agent was faster."""
        path, name = f"/conversations/{conversation}/abandon", "/conversations/:id/abandon"
        answer: Answer = self._ask("POST", path, {}, name, also=(409,), whole=True)
        return answer.status != 409

    def rate(self, conversation: str, stars: int) -> None:
        """Stars of the customer."""
        self._ask("POST", f"/conversations/{conversation}/rating", {"stars": stars}, "/conversations/:id/rating")

    def login(self, seat: Seat) -> str:
        """A session that is one slot."""
        body = {"name": seat.name, "run": seat.run, "group": seat.group, "skills": list(seat.skills)}
        return str(self._ask("POST", "/agents", body)["id"])

    def claim(self, agent: str, turn: int, wait: float, done: str | None = None) -> Claim | None:
        """Resolve and claim in one long-poll."""
        body = {"done": done, "wait": wait, "request": turn}
        got = self._ask("POST", f"/agents/{agent}/next", body, "/agents/:id/next")["conversation"]
        return Claim(str(got["id"]), got["row"], got["contact"], got["queue"], got["vip"]) if got else None

    def reply(self, agent: str, conversation: str, text: str) -> None:
        """A message of the agent; the first one acknowledges the claim."""
        self._ask("POST", f"/agents/{agent}/reply", {"conversation": conversation, "text": text}, "/agents/:id/reply")

    def transfer(self, agent: str, conversation: str, to: str) -> None:
        """Pass on to another queue."""
        self._ask("POST", f"/agents/{agent}/transfer", {"conversation": conversation, "to": to}, "/agents/:id/transfer")

    def resolve(self, agent: str, conversation: str) -> None:
        """End a conversation without asking for the next."""
        self._ask("POST", f"/agents/{agent}/resolve", {"conversation": conversation}, "/agents/:id/resolve")

    def logout(self, agent: str) -> None:
        """End the session."""
        self._ask("DELETE", f"/agents/{agent}", name="/agents/:id")

    def health(self) -> Health:
        """Pools in slots, and who waits for each skill."""
        told = self._ask("GET", "/health")
        return Health(
            pools={name: _pool(pool) for name, pool in told["pools"].items()},
            queues=told["queues"],
            agents=told.get("agents", 0),
            service_p90_s=(told.get("service") or {}).get("p90_s"),
            instance=str(told.get("web_worker", "")),
            alarms=told.get("alarms", {}),
        )

    def strike(self, kind: str, in_s: float, for_s: float, ttl_s: float, **options: Any) -> str:
        """A fault, with the token from the environment."""
        body = {"kind": kind, "in_s": in_s, "for_s": for_s, "ttl_s": ttl_s, **options}
        return str(self._ask("POST", "/faults", body, headers=_token())["id"])

    def fault(self, fault: str) -> FaultState:
        """How far it has come."""
        told = self._ask("GET", f"/faults/{fault}", name="/faults/:id", headers=_token())
        return FaultState(fault, told["state"], told.get("effective_ago"), told.get("healed_ago"))

    def heal(self, fault: str) -> None:
        """Lift it now."""
        self._ask("DELETE", f"/faults/{fault}", name="/faults/:id", headers=_token())

    def release(self, share: float, version: str = "candidate", ttl_s: float | None = None) -> None:
        """Turn the desk's release switch."""
        body = {"share": share, "version": version, "ttl_s": ttl_s}
        self._ask("POST", "/release", body, headers=_token())

    def export(self, run: str) -> Iterator[dict[str, Any]]:
        """The event log's conversations, one JSON line each."""
        text = self._ask("GET", f"/v1/export?run={run}", name="/v1/export")
        lines = text.splitlines() if isinstance(text, str) else [json.dumps(text)]
        return (json.loads(line) for line in lines if line)

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        name: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        also: tuple[int, ...] = (),
        whole: bool = False,
    ) -> Any:
        answer: Answer = self.http.request(method, path, json=body, name=name or path, headers=headers, fine=also)
        if answer.status >= 300 and answer.status not in also:
            raise Refused(f"{method} {name or path}", answer.status, answer.body)
        return answer if whole else answer.body


def first_message(contact: Opening) -> dict[str, Any]:
    """What the desk is told by a customer who comes, with the script that it is to obey."""
    meta = {
        "run": contact.run,
        "row": contact.row,
        "skill": contact.contact,
        "vip": contact.vip,
        "reply_in": contact.reply_in,
        "resolves": contact.resolves,
        "routed_to": contact.routed_to,
        "bot": contact.bot,
        **contact.variants,
    }
    names = ("key", "run", "row", "customer", "contact", "vip", "text", "name")
    return {name: getattr(contact, name) for name in names} | {"meta": meta}


def opened(told: Mapping[str, Any]) -> Opened:
    """What the desk tells of a conversation that was opened."""
    return Opened(str(told["id"]), heard(told.get("events", ())))


def heard(told: Any) -> tuple[Event, ...]:
    """Events as the desk tells them."""
    return tuple(Event(e["n"], e["kind"], e.get("text") or "", e.get("at"), e.get("by") or "") for e in told)


def _token() -> dict[str, str]:
    return {"Authorization": f"Bearer {os.environ.get(TOKEN, '')}"}


def _pool(told: Mapping[str, int]) -> PoolHealth:
    return PoolHealth(told["planned"], told["ready_workers"], told["ready_slots"], told["busy"], told["waiting"])
