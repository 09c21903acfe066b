"""Whether two agents can get the same contact: both ask at one instant, with one contact in the queue, many times."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import NamedTuple

from crestline.live.adapters import Adapter, Claim, Seat
from crestline.live.adapters.check import Failed, opening, quietly

PAIRS = 50
LONGEST = 60.0  # real seconds after which no further pair is begun
GATHER = 5.0  # real seconds that the two may take to be ready
AGAIN = 1.0  # real seconds that they wait when the contact was in nobody's hands at first
Agents = tuple[Adapter, Adapter]


class Crew(NamedTuple):
    """Who races for what: the run, the group that both agents are of, and a contact type that it serves."""

    run: str
    group: str
    contact: str


class Race(NamedTuple):
    """What came of it: contacts that two asked for at one instant, and those that were given to both or to nobody."""

    pairs: int
    doubled: int
    nobody: int

    @property
    def share(self) -> float:
        """Of the contacts that somebody got, those that both got."""
        given = self.pairs - self.nobody
        return self.doubled / given if given else 0.0


def race(customer: Adapter, agents: Agents, crew: Crew, *, pairs: int = PAIRS, longest: float = LONGEST) -> Race:
    """Let two agents, each on a connection of its own, claim the same contact ``pairs`` times.

    Every contact is ended before the next one is opened, also when the race breaks off. A contact of somebody else
    breaks it off, and stays as it is.
    """
    sessions: list[str] = []
    try:
        for number, agent in enumerate(agents, 1):
            sessions.append(agent.login(Seat(f"race-{number}", crew.run, crew.group, (crew.contact,))))
        got: list[int] = []
        last = time.monotonic() + longest
        with ThreadPoolExecutor(len(agents)) as threads:
            runners = Runners(agents, sessions, threads)
            while len(got) < pairs and time.monotonic() < last:
                got.append(_pair(customer, runners, crew, len(got)))
        return Race(len(got), got.count(2), got.count(0))
    finally:
        quietly(
            [
                *(partial(agent.logout, session) for agent, session in zip(agents, sessions, strict=False)),
                partial(customer.cleanup, crew.run),
            ]
        )


def _pair(customer: Adapter, runners: Runners, crew: Crew, row: int) -> int:
    """One contact, and how many of the two got it."""
    conversation = customer.open(opening(crew.run, row, crew.contact)).id
    try:
        runners.claim(0.0)
        if not any(runners.claims):
            runners.claim(AGAIN)
    finally:
        quietly(runners.ends(conversation) or [partial(customer.abandon, conversation)])
    strange = [claim for claim in runners.claims if claim and claim.id != conversation]
    if strange:
        msg = f"got {strange[0]}, expected {conversation}: agents must get the contacts of their own run alone"
        raise Failed(msg)
    return sum(claim is not None for claim in runners.claims)


class Runners:
    """The two agents, and what each of them got when they last asked."""

    def __init__(self, agents: Agents, sessions: Sequence[str], threads: Executor) -> None:
        self.agents, self.sessions, self.threads = agents, sessions, threads
        self.claims: list[Claim | None] = []
        self.turn = 0

    def claim(self, wait: float) -> None:
        """Both ask at one instant; an error of either is raised when both have come back."""
        self.turn += 1
        self.claims = [None for _ in self.agents]
        gate = Barrier(len(self.agents))
        asked = [self.threads.submit(self._ask, at, gate, wait) for at in range(len(self.agents))]
        for answer in [error for future in asked if (error := future.exception())]:
            raise answer

    def ends(self, conversation: str) -> list[Callable[[], object]]:
        """What ends the conversation for everyone who has it."""
        having = [at for at, claim in enumerate(self.claims) if claim and claim.id == conversation]
        return [partial(self.agents[at].resolve, self.sessions[at], conversation) for at in having]

    def _ask(self, at: int, gate: Barrier, wait: float) -> None:
        gate.wait(GATHER)
        self.claims[at] = self.agents[at].claim(self.sessions[at], self.turn, wait)
