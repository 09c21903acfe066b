"""What an adapter may inherit: the verbs that a target can do without, as if it had none of them.

An adapter that inherits ``Basics`` says ``open``, ``poll``, ``login``, ``claim``, ``reply`` and ``resolve`` in
the words of its target, and of the rest as much as the target has. What is left as it stands here is
not there: checks say so, and reports call what depends on it not measured.
"""

# ruff: noqa: ARG002 - what is not there does nothing with what it is told
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from crestline.errors import TargetError
from crestline.live.adapters import Adapter, Capabilities, FaultState, Health, Http, Refused

OPTIONAL = (
    "begin",
    "send",
    "abandon",
    "rate",
    "transfer",
    "logout",
    "strike",
    "fault",
    "heal",
    "release",
    "export",
    "cleanup",
)


class NotThere(TargetError):
    """A verb that the target lacks was asked for."""

    def __init__(self, verb: str) -> None:
        super().__init__(f"{verb}: this target has nothing of the kind")


class Basics:
    """An adapter without a single verb of its own; ``http`` is the way to the target."""

    capabilities: ClassVar[Capabilities] = Capabilities()
    front: ClassVar[str] = "/"  # a page by which to see that the target is up; one that costs it little

    def __init__(self, http: Http) -> None:
        self.http = http

    def begin(self, run: str, zero_in: float, time_scale: float, digest: str) -> None:
        """Nothing: the target knows of no runs."""

    def send(self, conversation: str, text: str) -> None:
        """Nothing: customers say no more than what they opened with."""

    def abandon(self, conversation: str) -> bool:
        """Gone without a word: the target does not hear of it, and an agent may still answer."""
        return True

    def rate(self, conversation: str, stars: int) -> None:
        """Nothing: the target takes no ratings."""

    def transfer(self, agent: str, conversation: str, to: str) -> None:
        """Never asked for where every ``Claim`` has the contact's own type as its queue."""
        raise NotThere("transfer")

    def logout(self, agent: str) -> None:
        """Nothing: agents do not have to leave."""

    def health(self) -> Health:
        """Only whether it is up: its front page, asked for ten times a second, comes without an error of its own."""
        answer = self.http.request("GET", self.front, name=self.front)
        if answer.status >= 500:
            raise Refused(f"GET {self.front}", answer.status, "")
        return Health({}, {})

    def strike(self, kind: str, in_s: float, for_s: float, ttl_s: float, **options: Any) -> str:
        """Never asked for where ``capabilities.faults`` is empty."""
        raise NotThere("strike")

    def fault(self, fault: str) -> FaultState:
        """Never asked for where ``capabilities.faults`` is empty."""
        raise NotThere("fault")

    def heal(self, fault: str) -> None:
        """Never asked for where ``capabilities.faults`` is empty."""
        raise NotThere("heal")

    def release(self, share: float, version: str = "candidate", ttl_s: float | None = None) -> None:
        """Only where the target has a release switch, or whoever rolls out is somebody else."""
        raise NotThere("release")

    def export(self, run: str) -> Iterator[dict[str, Any]]:
        """Nothing: the target keeps no log that could be read."""
        return iter(())

    def cleanup(self, run: str) -> None:
        """Nothing: what a run has made stays; its ids are left in the run folder."""


def has(target: Adapter | type[Adapter], verb: str) -> bool:
    """Whether an adapter says a verb itself, instead of leaving it as ``Basics`` has it."""
    kind = target if isinstance(target, type) else type(target)
    return getattr(kind, verb) is not getattr(Basics, verb, None)
