"""The bot: who holds a slot of which worker, who waits for one, and where contacts go when the bot is down."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from functools import partial

from crestline.desk.breaker import Breaker
from crestline.desk.conversation import Conversation
from crestline.desk.dispatch import Slot, Waiting, next_worker
from crestline.desk.floor import Floor
from crestline.desk.journal import Journal
from crestline.desk.line import Line
from crestline.desk.settings import TriageSettings
from crestline.desk.wire import Peer


@dataclass(slots=True, eq=False)
class Worker:
    """A triage worker as the desk sees it. ``due``: it should be ready by now, or is coming back.

    ``opens``: when it is to be ready, if the desk knows.
    """

    number: int
    due: bool
    opens: float = math.inf
    ready: bool = False
    peer: Peer | None = None
    holds: dict[int, Conversation] = field(default_factory=dict)

    def tell(self, **message: object) -> None:
        """Say something to the process."""
        if self.peer is not None:
            self.peer.send(**message)


class Triage:
    """Slots, the line for them, and the way round when there are none."""

    def __init__(self, journal: Journal, floor: Floor, settings: TriageSettings) -> None:
        self.workers: dict[int, Worker] = {}
        self.down = False
        self.factor = 1.0
        """How many times as long as usual a reply takes that begins now."""
        self.settings = settings
        self._journal = journal
        self._floor = floor
        self.breaker = Breaker(journal, settings.breaker) if settings.breaker else None
        self._line = Line()
        self._struck: list[Conversation] = []

    @property
    def ready(self) -> list[Worker]:
        """Workers whose door is open."""
        return [w for w in self.workers.values() if w.ready]

    @property
    def busy(self) -> int:
        """Slots that hold a contact."""
        return sum(len(w.holds) for w in self.ready)

    @property
    def waiting(self) -> int:
        """Contacts in line for a slot."""
        return len(self._line)

    def admit(self, contact: Conversation) -> None:
        """A contact comes: to a slot, into the line for one, or round the bot while that is down."""
        if (self.breaker is not None and not self.breaker.admits(contact.id)) or self.down:
            self._go_round(contact)
            return
        self._watch(contact)
        if (worker := self._free_worker()) is not None:
            self._hold(worker, contact)
        else:
            self._journal.record(contact, "waiting_bot")
            self._stand(contact)

    def replied(self, worker: Worker, number: int) -> None:
        """A worker has waited the reply time of a contact out."""
        contact = worker.holds.pop(number, None)
        if contact is None:
            return
        if self.breaker is not None:
            self.breaker.answered(contact.id)
        resolves = contact.script.resolves
        words = "That should settle it." if resolves else f"I am passing you on to {contact.script.routed_to}."
        self._journal.record(contact, "bot_reply", words, worker.number)
        if resolves:
            self._journal.record(contact, "resolved")
        else:
            self._floor.arrive(contact, contact.script.routed_to)
        self.serve_line()

    def leave(self, contact: Conversation) -> None:
        """A contact goes away while it waits for the bot or for the bot's reply."""
        self._withdraw(contact)
        self._fail(contact)
        self._journal.record(contact, "abandoned")
        self.serve_line()

    def serve_line(self) -> None:
        """Give free slots to those who wait, first come first served."""
        while (head := self._line.head) is not None and (worker := self._free_worker()) is not None:
            self._line.remove(head.conversation)
            self._hold(worker, self._journal.conversations[head.conversation])

    def lost(self, contacts: list[Conversation]) -> None:
        """A worker died by itself: its contacts wait for another slot, at their old place."""
        for contact in contacts:
            self._journal.record(contact, "returned")
            if self.down:
                self._go_round(contact)
            else:
                self._journal.record(contact, "waiting_bot")
                self._stand(contact)
        self.serve_line()

    def strike(self) -> None:
        """All workers are lost at once: those in line go round the bot."""
        self.down = True
        self._struck = [contact for worker in self.workers.values() for contact in worker.holds.values()]
        self.workers.clear()
        while (head := self._line.head) is not None:
            self._line.remove(head.conversation)
            self._go_round(self._journal.conversations[head.conversation])

    def give_back(self) -> None:
        """The contacts that were in a slot at the strike go round the bot, in order of row."""
        for contact in sorted(self._struck, key=lambda c: c.row):
            if contact.state == "bot":
                self._journal.record(contact, "returned")
                self._go_round(contact)
        self._struck = []

    def restore(self, *, down: bool) -> None:
        """After a restart: take the contacts that wait for the bot, or were with it, out of the log."""
        self.down = down
        if self.breaker is not None:
            self.breaker.restore(self._journal.log.notes())
        for contact in self._journal.conversations.values():
            if contact.state in {"waiting_bot", "bot"}:
                self._watch(contact)
            if contact.state == "waiting_bot":
                self._stand(contact)
            elif contact.state == "bot":
                worker = self.workers.get(contact.holder if contact.holder is not None else -1)
                if worker is not None:
                    worker.holds[contact.id] = contact
                else:
                    self.lost([contact])

    def _free_worker(self) -> Worker | None:
        slots = (Slot(w.number, self.settings.slots - len(w.holds)) for w in self.workers.values() if w.ready)
        number = next_worker(slots)
        return None if number is None else self.workers[number]

    def _hold(self, worker: Worker, contact: Conversation) -> None:
        worker.holds[contact.id] = contact
        self._journal.record(contact, "bot", who=worker.number)
        worker.tell(hold=contact.id, until=contact.events[-1].at + self.factor * contact.script.reply_in)

    def _watch(self, contact: Conversation) -> None:
        """Have a contact wait for the bot no longer than the breaker allows."""
        if self.breaker is None:
            return
        left = contact.entered_bot_at + self.breaker.settings.timeout - self._journal.clock()
        step = partial(self._journal.once_free, partial(self._time_out, contact))
        asyncio.get_running_loop().call_later(max(0.0, left), step)

    def _time_out(self, contact: Conversation) -> None:
        was_in_slot = contact.state == "bot"
        if not self._withdraw(contact):
            return
        if was_in_slot:
            self._journal.record(contact, "returned")
        self._go_round(contact)
        self.serve_line()
        self._journal.commit()

    def _withdraw(self, contact: Conversation) -> bool:
        """Take a contact out of the line or out of its slot; whether it was there."""
        if self._line.remove(contact.id):
            return True
        for worker in self.workers.values():
            if worker.holds.pop(contact.id, None):
                worker.tell(drop=contact.id)
                return True
        return False

    def _fail(self, contact: Conversation) -> None:
        if self.breaker is not None:
            self.breaker.failed(contact.id)

    def _stand(self, contact: Conversation) -> None:
        self._line.add(Waiting(contact.vip, contact.contact, contact.entered_bot_at, contact.row, contact.id))

    def _go_round(self, contact: Conversation) -> None:
        self._fail(contact)
        if self.settings.when_down == "reject":
            self._journal.record(contact, "rejected")
        else:
            self._floor.arrive(contact, contact.contact)
