"""The whole desk in the memory of one loop: its parts wired together, and what customers and rehearsals may do."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crestline.desk.conversation import NOBODY, Conversation, Script, Sender
from crestline.desk.faults import Faults
from crestline.desk.floor import Conflict, Floor, Session
from crestline.desk.journal import Clock, Journal
from crestline.desk.log import Log
from crestline.desk.pool import Pool
from crestline.desk.releases import Releases
from crestline.desk.settings import Settings
from crestline.desk.triage import Triage

REPLY_IN_S = 1.0
"""How long the bot takes for a contact without a script."""


class Unknown(Exception):
    """There is no such thing."""


class Broken(Exception):
    """The bot has failed over a contact."""


@dataclass(frozen=True)
class Opening:
    """A customer's first message and who sends it; ``script`` is its ``meta``."""

    key: str
    run: str
    row: int
    customer: int
    contact: str
    vip: bool
    text: str
    script: dict[str, Any]
    sender: Sender = NOBODY


class Desk:
    """Everything a request can ask for. Each public method is one step, which the caller ends by ``commit``."""

    def __init__(
        self, settings: Settings, log: Log, command: Callable[..., None], started: float, clock: Clock = time.monotonic
    ) -> None:
        self.settings = settings
        self.journal = Journal(log, clock)
        self.floor = Floor(self.journal, settings.queue_limits, settings.lease)
        self.triage = Triage(self.journal, self.floor, settings.triage) if settings.triage else None
        self.pool = Pool(self.journal, self.triage, command) if self.triage else None
        self.faults = Faults(self.journal, self.triage, self.pool, command)
        self.releases = Releases(self.journal)
        self._started = started
        self._zeros: dict[str, float] = {
            n.body["run"]: n.at + n.body["in_s"] for n in log.notes() if n.kind == "rehearsal"
        }

    def commit(self) -> None:
        """End the step."""
        self.journal.commit()

    def start(self, workers: list[int]) -> None:
        """Go on from the log, with the triage workers that are there."""
        self.faults.restore()
        kept = [] if self.faults.unconfirmed else workers
        if self.pool is not None and self.triage is not None:
            self.pool.on_ready = self.faults.workers_ready
            self.pool.adopt(kept)
            if not self.faults.bot_down:
                self.pool.fill(self.journal.clock())
            self.triage.restore(down=self.faults.bot_down)
            self.pool.tick_from(max(self._zeros.values(), default=self.journal.clock()))
        self.faults.resume(there=bool(kept))
        self.commit()

    def zero_of(self, run: str) -> float:
        """The instant from which a run's times count."""
        return self._zeros.get(run, self._started)

    def rehearse(self, run: str, zero: float, time_scale: float, digest: str) -> None:
        """A run is announced: ``zero`` seconds from now its clock starts; refused if it is of another scenario."""
        if not math.isclose(time_scale, self.settings.time_scale, rel_tol=1e-6):
            raise Conflict(f"this desk plays at time scale {self.settings.time_scale:g} (got {time_scale:g})")
        if digest not in {"", self.settings.digest}:
            raise Conflict(f"this desk plays another scenario ({self.settings.digest[:12]}, got {digest[:12]})")
        if self.faults.open:
            raise Conflict(f"fault {self.faults.open[0].id} ({self.faults.open[0].kind}) has not healed yet")
        self._zeros[run] = self.journal.clock() + zero
        self.journal.note("rehearsal", run=run, in_s=zero)
        if self.pool is not None:
            self.pool.begin(self._zeros[run])
        if self.triage is not None and self.triage.breaker is not None:
            self.triage.breaker.close()

    # --- customers ----------------------------------------------------------------------------------------------

    def open(self, opening: Opening) -> tuple[Conversation, bool]:
        """The conversation of this key, and whether it is new."""
        known = self.journal.find(opening.key)
        if known is not None:
            return known, False
        script = self._script(opening, self.releases.of(opening.customer))
        made = self.journal.open(
            key=opening.key,
            run=opening.run,
            row=opening.row,
            customer=opening.customer,
            contact=opening.contact,
            vip=opening.vip,
            script=script,
            sender=opening.sender,
            text=opening.text,
        )
        if script.bot and self.triage is not None:
            self.triage.admit(made)
        else:
            self.floor.arrive(made, made.contact)
        return made, True

    def abandon(self, conversation: Conversation) -> None:
        """The customer leaves, unless an agent has the contact or it is closed."""
        if conversation.state == "abandoned":
            return
        if conversation.state == "queued":
            self.floor.leave(conversation)
        elif conversation.state in {"waiting_bot", "bot"} and self.triage is not None:
            self.triage.leave(conversation)
        else:
            raise Conflict(f"conversation {conversation.id} is {conversation.state}")

    def say(self, conversation: Conversation, text: str) -> None:
        """The customer writes."""
        if conversation.closed:
            raise Conflict(f"conversation {conversation.id} is {conversation.state}")
        self.journal.record(conversation, "message", text)

    def rate(self, conversation: Conversation, stars: int) -> None:
        """The customer rates the service, at any time."""
        self.journal.record(conversation, "rated", str(stars))

    def _script(self, opening: Opening, release: str) -> Script:
        """How the bot is to treat a contact, by the release that serves the customer."""
        meta = opening.script | opening.script.get(release, {})
        if self.faults.is_in_force("triage-worse"):
            meta |= opening.script.get("worse", {})
        if meta.get("fails"):
            raise Broken(f"the bot of the {release} release has failed over this contact")
        routed_to = meta.get("routed_to", opening.contact)
        self._check_skill("contact", opening.contact)
        self._check_skill("meta.routed_to", routed_to)
        bot = meta.get("bot", opening.contact not in self.settings.skip_bot)
        return Script(bot, meta.get("reply_in", REPLY_IN_S), meta.get("resolves", False), routed_to, release)

    def _check_skill(self, where: str, skill: str) -> None:
        if skill not in self.settings.skills:
            raise ValueError(
                f"{where}: no such skill (got {skill!r}, expected one of {', '.join(self.settings.skills)})"
            )

    # --- who is meant -------------------------------------------------------------------------------------------

    def conversation(self, number: int) -> Conversation:
        """The conversation of this id."""
        found = self.journal.conversations.get(number)
        if found is None:
            raise Unknown(f"no conversation {number}")
        return found

    def session(self, number: int) -> Session:
        """The session of this id."""
        found = self.floor.sessions.get(number)
        if found is None:
            raise Unknown(f"no session {number}")
        return found

    def login(self, name: str, run: str, group: str, skills: tuple[str, ...] | None) -> Session:
        """A new session of a group."""
        order = self.settings.order_of(group)
        if order is None:
            names = [g.name for g in self.settings.groups]
            raise ValueError(f"group: no such group (got {group!r}, expected one of {names})")
        return self.floor.login(name, run, group, skills or self.settings.groups[order].skills, order)

    def transfer(self, session: Session, number: int, skill: str) -> None:
        """An agent passes the contact that it holds on to another skill."""
        self._check_skill("to", skill)
        self.floor.transfer(session, number, skill)

    def release(self) -> None:
        """Let go of everyone who waits for an answer."""
        self.floor.release()
        self.journal.release()
