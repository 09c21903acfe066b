"""Whether an adapter speaks to its target: one chain by hand, each verb shown with what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from crestline.errors import TargetError
from crestline.live import adapters
from crestline.live.adapters import Adapter, Opening, Seat

WAIT = 5.0  # real seconds that a poll or a claim may take here


class Step(NamedTuple):
    """One verb: whether it did what it should, what was told, and how long it took (real seconds)."""

    verb: str
    ok: bool
    told: str
    took_s: float


class _Failed(Exception):
    """A verb went wrong; what follows has nothing to stand on."""


def check(customer: Adapter, agent: Adapter, *, run: str, contact: str, group: str) -> Iterator[Step]:
    """Play one chain with a customer and an agent, each on a connection of its own; ends at the first verb that fails.

    ``contact`` is a contact type that ``group`` serves. The chain skips the bot: open, claim, greet, answer, resolve
    with the next claim, rate, log out; and one customer who leaves.
    """
    chain = _Chain(customer, agent, run, contact, group)
    for verb, act in chain.steps():
        began = time.monotonic()
        try:
            told = act()
        except (TargetError, _Failed) as error:
            yield Step(verb, False, str(error), time.monotonic() - began)
            return
        yield Step(verb, True, told, time.monotonic() - began)


class _Chain:
    def __init__(self, customer: Adapter, agent: Adapter, run: str, contact: str, group: str) -> None:
        self.customer, self.agent, self.run, self.contact, self.group = customer, agent, run, contact, group
        self.session, self.conversation, self.seen = "", "", 0

    def steps(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield "capabilities", self._capabilities
        yield "health", lambda: f"{len(self.customer.health().pools)} pools"
        yield "login", self._login
        yield "open", lambda: self._open(0)
        yield "claim", self._claim
        yield "reply", lambda: self._tell(self.agent.reply, self.session, self.conversation, "Hello")
        yield "poll", lambda: self._hear(adapters.AGENT_REPLY)
        yield "send", lambda: self._tell(self.customer.send, self.conversation, "Thank you")
        yield "claim (done)", self._resolve
        yield "poll (resolved)", lambda: self._hear(adapters.RESOLVED)
        yield "rate", lambda: self._tell(self.customer.rate, self.conversation, 5)
        yield "logout", lambda: self._tell(self.agent.logout, self.session)
        yield "open (again)", lambda: self._open(1)
        yield "abandon", self._abandon
        if self.customer.capabilities.export:
            yield "export", lambda: f"{len(list(self.customer.export(self.run)))} conversations"
        yield "cleanup", lambda: self._tell(self.customer.cleanup, self.run)

    def _capabilities(self) -> str:
        can = self.customer.capabilities._asdict()
        return ", ".join(name for name, able in can.items() if able) or "none"

    def _login(self) -> str:
        self.session = self.agent.login(Seat("check", self.run, self.group, (self.contact,)))
        return f"session {self.session}"

    def _open(self, row: int) -> str:
        asked = f"A question about my {self.contact}"
        key = f"{self.run}/{row}"
        opened = self.customer.open(
            Opening(key, self.run, row, row, self.contact, False, asked, False, 0.0, False, self.contact)
        )
        self.conversation, self.seen = opened.id, max((event.n for event in opened.events), default=0)
        return f"conversation {opened.id}"

    def _claim(self) -> str:
        claim = self.agent.claim(self.session, 1, WAIT)
        if claim is None:
            msg = f"got no contact within {WAIT:g} s, expected conversation {self.conversation}"
            raise _Failed(msg)
        if (claim.id, claim.row, claim.queue) != (self.conversation, 0, self.contact):
            msg = f"got {claim}, expected conversation {self.conversation}, row 0, queue {self.contact}"
            raise _Failed(msg)
        return f"row {claim.row} from queue {claim.queue}"

    def _hear(self, kind: str) -> str:
        heard: list[str] = []
        last = time.monotonic() + WAIT
        while kind not in heard:
            if time.monotonic() > last:
                msg = f"heard {', '.join(heard) or 'nothing'} within {WAIT:g} s, expected {kind}"
                raise _Failed(msg)
            events = self.customer.poll(self.conversation, self.seen, WAIT)
            heard += [event.kind for event in events]
            self.seen = max([self.seen, *(event.n for event in events)])
        return ", ".join(heard)

    def _resolve(self) -> str:
        if self.agent.claim(self.session, 2, 0.0, self.conversation) is not None:
            msg = "got another contact, expected none: agents must get those of their own run alone"
            raise _Failed(msg)
        return "resolved, and nothing else waits"

    def _abandon(self) -> str:
        if not self.customer.abandon(self.conversation):
            msg = "refused, expected that a customer who waits may leave"
            raise _Failed(msg)
        return "left"

    @staticmethod
    def _tell(verb: Callable[..., Any], *args: object) -> str:
        verb(*args)
        return "done"
