"""The floor: contacts under way, who waits in which queue, and what the run has counted so far."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from gevent.event import Event

from crestline.tables import Outcome
from crestline.workload.rows import Rows

NAN = math.nan
LATEST = 100  # ended contacts that are looked at together
STRANGE = "an agent was given conversation {}, which is not of this run"


@dataclass(slots=True)
class Contact:
    """One contact under way; instants in real seconds since zero, NaN: has not happened."""

    row: int
    customer: int
    attempt: int
    contact: int
    vip: bool
    planned: float
    sent: float = NAN
    bot_reply: float = NAN
    queued: float = NAN
    claimed: float = NAN
    served: float = NAN
    passed: float = NAN
    ended: float = NAN
    outcome: Outcome = Outcome.OPEN
    group: int = -1
    first_group: int = -1
    transfers: int = 0
    rating: int = -1
    skill: int = -1  # whose queue it entered first
    id: str = ""  # what the target calls it
    over: Event = field(default_factory=Event)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, whatever the outcome."""
        return self.outcome != Outcome.OPEN

    @property
    def is_with_agent(self) -> bool:
        """Whether the agent who resolves it has it."""
        return not math.isnan(self.served) and not self.is_over

    @property
    def first_reply(self) -> float:
        """How long after its planned instant the bot or an agent replied; infinite where nobody did."""
        replied = self.claimed if math.isnan(self.bot_reply) else self.bot_reply
        return math.inf if math.isnan(replied) else replied - self.planned

    def fields(self) -> dict[str, Any]:
        """What is written down."""
        return {name: getattr(self, name) for name in WRITTEN}


WRITTEN = tuple(f.name for f in fields(Contact) if f.name != "over")


@dataclass
class Tally:
    """Counts of the run itself."""

    planned: int = 0
    sent: int = 0
    dropped: int = 0
    request_errors: int = 0
    held_back: int = 0  # requests of workers that the allowed rate held back, and for how long (real seconds)
    held_back_s: float = 0.0
    in_flight_max: int = 0
    slots_planned: int = 0
    slots_live: int = 0
    late: list[float] = field(default_factory=list)  # sent after planned
    overhead: list[float] = field(default_factory=list)  # what the wire and the target added to a bot's reply
    answers: Counter[float] = field(default_factory=Counter)  # planned until first reply, to three digits, or for ever
    entered: int = 0  # contacts that entered an agent queue, and those of them that left it
    abandoned: int = 0
    ended: Counter[Outcome] = field(default_factory=Counter)
    satisfied: int = 0
    doubled: int = 0  # contacts that were given to an agent while another one had them
    given_up: int = 0  # contacts that waited for the bot and went on without its reply
    worsened: int = 0  # contacts that the bot treated otherwise than its good release would
    slowed: int = 0  # contacts that slow agents took
    stormed: int = 0  # contacts that came back at once, in a storm of retries
    hand_over: list[float] = field(default_factory=list)  # planned end of handling until the agent had the next


class Floor:
    """Contacts under way by row, and the queues as the harness sees them."""

    def __init__(self, rows: Rows, skills: int, in_flight: int, write: Callable[[dict[str, Any]], None]) -> None:
        """``in_flight`` contacts at once, one more is dropped; ``write`` is given what became of each."""
        self.rows, self.limit, self.write = rows, in_flight, write
        self.contacts: dict[int, Contact] = {}
        self.queues: list[dict[int, float]] = [{} for _ in range(skills)]  # by skill: row and queue entry
        self.tally = Tally()
        self.latest: deque[Outcome] = deque(maxlen=LATEST)
        self.looks: list[tuple[int, ...]] = []  # what alerts look at: the number of the tick, and what was counted
        self.tell_who_leaves: Callable[[Contact], None] | None = None

    def enter(self, row: int, planned: float) -> Contact:
        """A contact falls due; it is over at once, as dropped, when too many are under way."""
        rows, tally = self.rows, self.tally
        contact = Contact(row, rows.customer[row], rows.attempt[row], rows.contact[row], rows.vip[row], planned)
        tally.planned += 1
        if len(self.contacts) >= self.limit:
            tally.dropped += 1
            contact.outcome, contact.ended = Outcome.DROPPED, planned
            return contact
        self.contacts[row] = contact
        tally.in_flight_max = max(tally.in_flight_max, len(self.contacts))
        return contact

    def queue(self, contact: Contact, skill: int) -> None:
        """A contact waits for an agent of ``skill``, at the place of its first entry."""
        self.queues[skill][contact.row] = contact.queued

    def unqueue(self, row: int) -> None:
        """A contact waits no longer."""
        for queue in self.queues:
            queue.pop(row, None)

    def end(self, contact: Contact, outcome: Outcome, at: float) -> None:
        """A contact is over; the first to say so is right."""
        if contact.is_over:
            return
        contact.outcome, contact.ended = outcome, at
        self.unqueue(contact.row)
        contact.over.set()

    def knows(self, row: int, conversation: str) -> bool:
        """Whether a conversation can be that of a contact: it has no other, as far as is known here."""
        contact = self.contacts.get(row)
        return contact is None or contact.id in ("", conversation)

    def take(self, row: int, group: int, at: float, freed: float, *, is_own: bool, conversation: str) -> None:
        """An agent of ``group`` has claimed a contact; ``is_own``: the one who will resolve it.

        ``freed`` is when the agent's last handling was to end: how long the hand-over took is counted for a contact
        that was waiting by then. Another's ``conversation`` under the same row is not taken.
        """
        if not self.knows(row, conversation):
            return
        self.unqueue(row)
        contact = self.contacts.get(row)
        if contact is None:
            return
        joined = contact.queued if math.isnan(contact.passed) else contact.passed
        if joined < freed:
            self.tally.hand_over.append(at - freed)
        contact.group = group
        if contact.first_group < 0:
            contact.first_group = group
        if is_own:
            contact.served = at

    def pass_on(self, row: int, at: float) -> None:
        """An agent who cannot resolve a contact lets go of it: it waits in the queue of its own skill."""
        contact = self.contacts.get(row)
        if contact:
            contact.passed = at
            contact.transfers += 1
            self.queue(contact, contact.contact)

    def resolve(self, row: int, at: float) -> None:
        """An agent has resolved a contact."""
        contact = self.contacts.get(row)
        if contact:
            self.end(contact, Outcome.AGENT_RESOLVED, at)

    def leave(self, contact: Contact) -> None:
        """A contact is no longer under way, and is written down."""
        self.contacts.pop(contact.row, None)
        self.write(contact.fields())
        self.latest.append(contact.outcome)
        if self.tell_who_leaves:
            self.tell_who_leaves(contact)
        self.tally.answers[float(f"{contact.first_reply:.3g}")] += 1
        self.tally.ended[contact.outcome] += 1
        self.tally.satisfied += contact.rating == 1
        if not math.isnan(contact.queued):
            self.tally.entered += 1
            self.tally.abandoned += contact.outcome == Outcome.ABANDONED

    def longest_wait(self, skills: tuple[int, ...], now: float) -> float:
        """Age of the oldest contact in the queues of ``skills``, 0 when they are empty."""
        since = [queued for skill in skills for queued in self.queues[skill].values()]
        return now - min(since) if since else 0.0

    @property
    def in_flight(self) -> int:
        """How many are under way."""
        return len(self.contacts)

    @property
    def waiting(self) -> int:
        """How many wait for an agent."""
        return sum(map(len, self.queues))

    @property
    def unsettled(self) -> int:
        """How many wait, or talk to the bot."""
        return sum(not contact.is_with_agent for contact in self.contacts.values())
