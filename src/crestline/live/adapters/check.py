"""Whether an adapter speaks to its target: one chain by hand, each verb shown with what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from traceback import extract_tb
from typing import Any, NamedTuple

from crestline.errors import TargetError
from crestline.live import adapters
from crestline.live.adapters import Adapter, Opening, Seat, Unanswered
from crestline.live.adapters.basics import OPTIONAL, has

WAIT = 5.0  # real seconds that a poll or a claim may take here
IDLE = 1.0  # real seconds that a claim with nothing to give is asked to wait
NOT_THERE = "not there"
MUST_BE = {"rating": "rate", "export": "export", "faults": "strike"}  # a capability, and the verb that it promises


class Step(NamedTuple):
    """One verb: whether it did what it should, what was told, and how long it took (real seconds)."""

    verb: str
    ok: bool
    told: str
    took_s: float
    there: bool = True  # False: the target has nothing of the kind, and it was not asked


class Failed(Exception):
    """A verb went wrong; what follows has nothing to stand on."""


def check(customer: Adapter, agent: Adapter, *, run: str, contact: str, group: str) -> Generator[Step]:
    """Play one chain with a customer and an agent, each on a connection of its own; ends at the first verb that fails.

    ``contact`` is a contact type that ``group`` serves. The chain skips the bot: a contact of another run, which has
    to be left alone; open, claim, greet, answer, resolve with the next claim, rate; and one customer who leaves.
    Whatever it ends with, the conversations that it has opened are ended and the agent is logged out.
    """
    chain = _Chain(customer, agent, run, contact, group)
    try:
        for verb, act in chain.steps():
            step = played(verb, act) if chain.is_there(verb) else Step(verb, True, NOT_THERE, 0.0, there=False)
            yield step
            if not step.ok:
                return
    finally:
        chain.close()


def played(verb: str, act: Callable[[], str]) -> Step:
    """What comes of one verb, be it an error of the adapter's own."""
    began = time.monotonic()
    try:
        return Step(verb, True, act(), time.monotonic() - began)
    except (TargetError, Failed) as error:
        told = str(error)
    except Exception as error:  # noqa: BLE001 - an adapter of somebody else's may raise anything
        last = extract_tb(error.__traceback__)[-1]
        told = f"the adapter raised {type(error).__name__}: {error} ({Path(last.filename).name}, line {last.lineno})"
    return Step(verb, False, told, time.monotonic() - began)


def opening(run: str, row: int, contact: str) -> Opening:
    """A contact that goes to the queue of its own type without meeting a bot."""
    asked = f"A question about my {contact}, please."
    return Opening(f"{run}/{row}", run, row, row, contact, False, asked, False, 0.0, False, contact)


def quietly(acts: list[Callable[[], object]]) -> None:
    """Do what there is left to do, though some of it may fail; until the target does not answer any more."""
    for act in acts:
        try:
            act()
        except Unanswered:
            return
        except Exception:  # noqa: BLE001, S112 - what went wrong has been told; this is to leave nothing behind
            continue


class _Chain:
    def __init__(self, customer: Adapter, agent: Adapter, run: str, contact: str, group: str) -> None:
        self.customer, self.agent, self.run, self.contact, self.group = customer, agent, run, contact, group
        self.stranger = f"{run}-stranger"
        self.session, self.conversation, self.seen, self.turn = "", "", 0, 0
        self.waiting: list[str] = []  # conversations of ours that nobody has taken or ended
        self.claimed = ""  # the one of ours that the agent has

    def steps(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield "capabilities", self._capabilities
        yield "health", self._health
        yield "login", self._login
        yield "open", lambda: self._open(0)
        yield "claim", self._claim
        yield "reply", lambda: self._tell(self.agent.reply, self.session, self.conversation, "Hello")
        yield "poll", lambda: self._hear(adapters.AGENT_REPLY)
        yield "send", lambda: self._tell(self.customer.send, self.conversation, "Thank you")
        yield "claim (done)", self._resolve
        yield "poll (resolved)", lambda: self._hear(adapters.RESOLVED)
        yield "rate", lambda: self._tell(self.customer.rate, self.conversation, 5)
        yield "strangers", self._strangers
        yield "logout", self._logout
        if has(self.customer, "abandon"):
            yield "open (again)", lambda: self._open(1)
        yield "abandon", self._abandon
        yield "export", lambda: f"{len(list(self.customer.export(self.run)))} conversations"
        yield "cleanup", self._clean_up

    def is_there(self, verb: str) -> bool:
        """Whether the target has it; what a capability stands for is there when that is declared."""
        declared = {"rate": "rating", "export": "export"}.get(verb)
        is_declared = declared is None or getattr(self.customer.capabilities, declared)
        return is_declared and (verb not in OPTIONAL or has(self.customer, verb))

    def close(self) -> None:
        """Leave nothing behind: no conversation that is open, no agent who is logged in."""
        acts: list[Callable[[], object]] = []
        if self.claimed:
            acts.append(lambda: self.agent.resolve(self.session, self.claimed))
        acts += [lambda left=left: self.customer.abandon(left) for left in self.waiting]  # type: ignore[misc]
        if self.session:
            acts.append(lambda: self.agent.logout(self.session))
        if self.claimed or self.waiting:
            acts.append(self._clean_up)
        quietly(acts)

    def _capabilities(self) -> str:
        can = self.customer.capabilities._asdict()
        for name, verb in MUST_BE.items():
            if can[name] and not has(self.customer, verb):
                msg = f"{name} is declared, but the adapter has no {verb}; leave it out, or write the verb"
                raise Failed(msg)
        without = [verb for verb in OPTIONAL if not has(self.customer, verb)]
        said = ", ".join(name for name, able in can.items() if able) or "none"
        return f"{said}; without {', '.join(without)}" if without else said

    def _health(self) -> str:
        return f"up; pools: {', '.join(self.customer.health().pools) or 'it tells of none'}"

    def _login(self) -> str:
        self.session = self.agent.login(Seat("check", self.run, self.group, (self.contact,)))
        return f"session {self.session}"

    def _open(self, row: int) -> str:
        opened = self.customer.open(opening(self.run, row, self.contact))
        self.waiting.append(opened.id)
        self.conversation, self.seen = opened.id, max((event.n for event in opened.events), default=0)
        return f"conversation {opened.id}"

    def _next(self, wait: float, done: str | None = None) -> adapters.Claim | None:
        self.turn += 1
        claim = self.agent.claim(self.session, self.turn, wait, done)
        if done:
            self.claimed = ""
        if claim and claim.id in self.waiting:
            self.waiting.remove(claim.id)
            self.claimed = claim.id
        return claim

    def _claim(self) -> str:
        claim = self._next(WAIT)
        if claim is None:
            msg = f"got no contact within {WAIT:g} s, expected conversation {self.conversation}"
            raise Failed(msg)
        if (claim.id, claim.row, claim.queue) != (self.conversation, 0, self.contact):
            msg = f"got {claim}, expected conversation {self.conversation}, row 0, queue {self.contact}"
            raise Failed(msg)
        return f"row {claim.row} from queue {claim.queue}"

    def _hear(self, kind: str) -> str:
        heard: list[str] = []
        last = time.monotonic() + WAIT
        while kind not in heard:
            if time.monotonic() > last:
                msg = f"heard {', '.join(heard) or 'nothing'} within {WAIT:g} s, expected {kind}"
                raise Failed(msg)
            events = self.customer.poll(self.conversation, self.seen, WAIT)
            heard += [event.kind for event in events]
            self.seen = max([self.seen, *(event.n for event in events)])
        return ", ".join(heard)

    def _resolve(self) -> str:
        if self._next(0.0, self.conversation) is not None:
            msg = "got another contact, expected none: agents must get those of their own run alone"
            raise Failed(msg)
        return "resolved, and nothing else waits"

    def _strangers(self) -> str:
        """A contact of another run is left alone, and a claim with nothing to give takes its time."""
        stranger = self.customer.open(opening(self.stranger, 0, self.contact))
        self.waiting.append(stranger.id)
        began = time.monotonic()
        claim = self._next(IDLE)
        if claim is not None:
            msg = f"got {claim}, which is not of this run; agents must get the contacts of their own run alone"
            raise Failed(msg)
        if time.monotonic() - began < IDLE / 2:
            msg = f"a claim with nothing to give came back before the {IDLE:g} s it was to wait; see adapters.polling"
            raise Failed(msg)
        self._end(stranger.id)
        return "a contact of another run was left alone"

    def _end(self, stranger: str) -> None:
        """The customer leaves; where there is no leaving, an agent of that run resolves it."""
        if has(self.customer, "abandon"):
            self.customer.abandon(stranger)
        else:
            there = self.agent.login(Seat("check", self.stranger, self.group, (self.contact,)))
            if self.agent.claim(there, 1, WAIT):
                self.agent.resolve(there, stranger)
        self.waiting.remove(stranger)

    def _logout(self) -> str:
        session, self.session = self.session, ""
        return self._tell(self.agent.logout, session)

    def _abandon(self) -> str:
        if not self.customer.abandon(self.conversation):
            msg = "refused, expected that a customer who waits may leave"
            raise Failed(msg)
        self.waiting.remove(self.conversation)
        return "left"

    def _clean_up(self) -> str:
        self.customer.cleanup(self.stranger)
        return self._tell(self.customer.cleanup, self.run)

    @staticmethod
    def _tell(verb: Callable[..., Any], *args: object) -> str:
        verb(*args)
        return "done"
