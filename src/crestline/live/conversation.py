"""A customer's talk with the target: opened, heard, left when patience runs out, rated."""

from __future__ import annotations

import math
from collections.abc import Callable

import gevent

from crestline import rules
from crestline.errors import TargetError
from crestline.live import adapters as kinds
from crestline.live.adapters import Adapter, Event, Opened, Unanswered
from crestline.live.floor import Contact
from crestline.live.insisting import insist
from crestline.live.marks import traceparent
from crestline.live.opening import as_new_version, opening
from crestline.live.scene import Scene
from crestline.tables import Outcome

AGAIN = 0.05  # real seconds between two questions that are answered with nothing
POLL = 50.0  # real seconds that an answer with nothing to tell may take
MOMENT = 0.015  # real seconds between the end and the rating: the agent's next claim goes first
RATED = (Outcome.BOT_RESOLVED, Outcome.AGENT_RESOLVED)
STARS = {1: 5, 0: 2}


class Conversation:
    """One contact's talk with the target; ``hold`` returns when it is over."""

    def __init__(self, scene: Scene, contact: Contact, skips_bot: bool) -> None:
        self.scene, self.contact, self.skips_bot = scene, contact, skips_bot
        self.trace = traceparent(scene.plan.run, contact.row)
        self.at_candidate = scene.split is not None and scene.split.has(contact.row)
        self.target: Adapter = scene.dial(contact.planned, self.trace, self.at_candidate)
        self.id = ""
        self.seen = 0
        self.never_waited = self.tries_bot = False
        self.patience = scene.clock.lasts(scene.rows.patience_s[contact.row])
        self._leaving: gevent.Greenlet | None = None

    def hold(self) -> None:
        """Open, follow what happens, and rate it."""
        scene, contact = self.scene, self.contact
        contact.sent = scene.clock.now()
        scene.floor.tally.sent += 1
        scene.floor.tally.late.append(contact.sent - contact.planned)
        try:
            opened = self._open()
            self.id = contact.id = opened.id
            self._follow(opened.events)
            while not self._may_rest():
                self._follow(self._poll())
            if not contact.is_over:
                self.target.send(self.id, "Thank you for looking into it.")
        except TargetError:
            if not contact.is_with_agent:
                self._end(Outcome.FAILED, scene.clock.now())
        contact.over.wait()
        if contact.outcome == Outcome.AGENT_RESOLVED and math.isnan(contact.claimed):
            contact.claimed = contact.served  # over before the greeting could be heard
        self._stays()
        if contact.outcome in RATED and self.target.capabilities.rating:
            gevent.sleep(MOMENT)
            self._rate()

    def _may_rest(self) -> bool:
        """Whether there is nothing more to hear: over, or greeted by the agent who will resolve it."""
        contact = self.contact
        return contact.is_over or (contact.is_with_agent and not math.isnan(contact.claimed))

    def _open(self) -> Opened:
        """Open, and once more if no answer came: the key makes it one conversation."""
        asked = opening(self.scene, self.contact, self.trace, skips_bot=self.skips_bot)
        if self.at_candidate:
            asked = as_new_version(asked)
        try:
            return self.target.open(asked)
        except Unanswered:
            self.scene.floor.tally.request_errors += 1
            gevent.sleep(AGAIN)
            return self.target.open(asked)

    def _poll(self) -> tuple[Event, ...]:
        """What has happened; a target that has nothing to tell and does not wait is not asked again at once.

        Who is in conversation while a fault breaks connections connects again until there is an answer.
        """
        asked = self.scene.clock.now()
        try:
            events = self.target.poll(self.id, self.seen, POLL)
        except TargetError as error:
            is_spoiled = self.scene.wire_is_spoiled()
            if not (is_spoiled or isinstance(error, Unanswered)):
                raise
            self.scene.floor.tally.request_errors += 1
            events = () if is_spoiled else self.target.poll(self.id, self.seen, POLL)
        if not events:
            gevent.sleep(max(0.0, asked + AGAIN - self.scene.clock.now()))
        return events

    def _follow(self, events: tuple[Event, ...]) -> None:
        """Take in events that came together, and so at one instant."""
        at = self.scene.clock.now()
        came = {event.kind for event in events}
        self.never_waited = self.never_waited or {kinds.QUEUED, kinds.CLAIMED} <= came
        for event in events:
            self.seen = max(self.seen, event.n)
            if event.kind in HEARD:
                HEARD[event.kind](self, event, at)
        self._tries_bot(came)

    def _tries_bot(self, came: set[str]) -> None:
        """Whether the contact waits for the bot; without its reply the target has given up on it."""
        self.tries_bot = self.tries_bot or bool({kinds.WAITING_BOT, kinds.BOT} & came)
        if self.tries_bot and {kinds.QUEUED, kinds.REJECTED, kinds.BOT_REPLY} & came:
            self.scene.floor.tally.given_up += math.isnan(self.contact.bot_reply)
            self.tries_bot = False

    def waits_for_bot(self, _event: Event, _at: float) -> None:
        """No slot of the bot is free: patience runs from the planned instant."""
        self._leaves_at(self.contact.planned + self.patience)

    def stays(self, _event: Event, _at: float) -> None:
        """In a slot of the bot, or claimed by an agent: patience no longer runs."""
        self._stays()

    def hears_bot(self, _event: Event, at: float) -> None:
        """The bot replies; who did not wait for it shows what the wire and the target cost."""
        contact, scene = self.contact, self.scene
        self._stays()
        contact.bot_reply = at
        scene.note("bot's reply", at - contact.planned)
        scene.floor.tally.overhead.append(at - contact.planned - scene.clock.lasts(scene.rows.reply_s[contact.row]))

    def queues(self, event: Event, at: float) -> None:
        """In line for an agent: patience starts anew."""
        contact, scene = self.contact, self.scene
        if math.isnan(contact.queued):
            contact.queued = at
            contact.skill = self._skill(event)
            scene.floor.tally.worsened += not math.isnan(contact.bot_reply) and self._is_worse(contact.skill)
        if contact.first_group < 0:
            scene.floor.queue(contact, contact.skill)
            self._leaves_at(at + self.patience)

    def _is_worse(self, skill: int) -> bool:
        """Whether the good release of the bot would have resolved the contact, or handed it on elsewhere."""
        rows, row = self.scene.rows, self.contact.row
        return rows.resolves[row] or skill != rows.routed[row]

    def _skill(self, event: Event) -> int:
        names = self.scene.contact_names
        return names.index(event.text) if event.text in names else self.contact.contact

    def hears_agent(self, _event: Event, at: float) -> None:
        """The first reply of an agent is the claim, as the customer sees it."""
        contact = self.contact
        self._stays()
        if not math.isnan(contact.claimed):
            return
        contact.claimed = at
        if self.never_waited:
            contact.queued = at  # an agent was free: what passed until the greeting is the wire, not a wait
        self.scene.note("agent's reply", at - contact.planned)

    def is_resolved(self, event: Event, at: float) -> None:
        """Resolved by the bot, or by an agent of another process."""
        self._end(Outcome.BOT_RESOLVED if event.by == "bot" else Outcome.AGENT_RESOLVED, at)

    def is_rejected(self, _event: Event, at: float) -> None:
        """Turned away."""
        self._end(Outcome.REJECTED, at)

    def has_left(self, _event: Event, at: float) -> None:
        """Left, as the target confirms."""
        self._end(Outcome.ABANDONED, at)

    def _end(self, outcome: Outcome, at: float) -> None:
        self.scene.floor.end(self.contact, outcome, at)

    def _leaves_at(self, instant: float) -> None:
        """Patience runs out at an absolute instant, unless something happens before."""
        self._stays()
        if math.isfinite(instant):
            self._leaving = gevent.spawn_later(max(0.0, instant - self.scene.clock.now()), self._leave)

    def _stays(self) -> None:
        """Patience no longer runs."""
        if self._leaving is not None:
            self._leaving.kill(block=False)
        self._leaving = None

    def _leave(self) -> None:
        """Leave, unless an agent was faster; the long-poll hears of it, too."""
        self._leaving = None  # from here on the target decides
        has_left = self._abandon()
        while has_left is None and self.scene.wire_is_spoiled() and not self.contact.is_with_agent:
            gevent.sleep(AGAIN)
            has_left = self._abandon()
        if has_left:
            self._end(Outcome.ABANDONED, self.scene.clock.now())

    def _abandon(self) -> bool | None:
        """Whether the target lets go; None where it does not answer."""
        try:
            return self.target.abandon(self.id)
        except TargetError:
            self.scene.floor.tally.request_errors += 1
            return None

    def _rate(self) -> None:
        """A resolved contact is rated, by how long the answer took."""
        contact, scene = self.contact, self.scene
        answered = contact.bot_reply if contact.outcome == Outcome.BOT_RESOLVED else contact.claimed
        answer_s = (answered - contact.planned) * scene.clock.time_scale
        points = scene.scenario.satisfaction.points
        rating = int(rules.is_satisfied(answer_s, scene.rows.rating_u[contact.row], *points))
        try:
            insist(scene.floor.tally, self.target.rate, self.id, STARS[rating])
            contact.rating = rating
        except TargetError:
            scene.floor.tally.request_errors += 1


HEARD: dict[str, Callable[[Conversation, Event, float], None]] = {
    kinds.WAITING_BOT: Conversation.waits_for_bot,
    kinds.BOT: Conversation.stays,
    kinds.BOT_REPLY: Conversation.hears_bot,
    kinds.QUEUED: Conversation.queues,
    kinds.CLAIMED: Conversation.stays,
    kinds.AGENT_REPLY: Conversation.hears_agent,
    kinds.RESOLVED: Conversation.is_resolved,
    kinds.REJECTED: Conversation.is_rejected,
    kinds.ABANDONED: Conversation.has_left,
}
