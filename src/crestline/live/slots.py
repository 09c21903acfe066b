"""Slots of agents: one greenlet and one session each, who claim, greet, hold and resolve.

A slot asks for the next contact in the same request that resolves the last. The end of handling is an absolute
instant (claim + handle time), so that what the wire costs does not add up: only the hand-over is left, and it is
measured.
"""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import gevent

from crestline.errors import TargetError
from crestline.live.adapters import Adapter, Claim, Refused, Seat
from crestline.live.floor import STRANGE
from crestline.live.insisting import insist
from crestline.live.scene import Scene
from crestline.live.spoken import RETURNED, Broken
from crestline.scenario.faults import SlowAgents

CLAIM = 50.0  # real seconds that a claim with no contact to give may take
AGAIN = 0.05  # real seconds until a claim that went wrong, or was answered with nothing at once, is tried again
TOO_MANY = 3  # seats given up until it is plain that the others will be, too
CONFLICT = 409  # the contact is somebody else's by now, or over
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Slot:
    """One seat of one agent."""

    number: int
    group: Group
    target: Adapter
    starts: float  # real seconds since zero from which it takes contacts
    session: str = ""
    turn: int = 0
    idle: bool = False
    leaving: bool = False
    logged_out: bool = False
    freed: float = math.nan  # when the last handling was to end
    claim: Claim | None = None
    until: float = math.nan  # when the handling of the claim is to end
    at_candidate: bool = False  # whether it is at the other one of two hosts
    resolves: bool = False  # whether the claim is one that it resolves, and does not pass on


@dataclass(eq=False)
class Group:
    """One group of agents: how many slots it is to have, and the slots that it has."""

    index: int
    name: str
    skills: tuple[int, ...]
    wanted: int = 0
    coming: int = 0  # logged in ahead of a step that has not come yet
    slots: list[Slot] = field(default_factory=list)

    @property
    def surplus(self) -> int:
        """Slots that stay although they are not wanted; below 0: that many are missing."""
        return sum(not slot.leaving for slot in self.slots) - self.wanted - self.coming


class Shifts:
    """What every slot does from login to logout; ``trouble`` is why the run must not go on."""

    def __init__(self, scene: Scene, groups: Sequence[Group]) -> None:
        self.scene, self.groups = scene, groups
        self.trouble = ""
        self._given_up = 0  # seats, for what a verb returned

    def work(self, slot: Slot) -> None:
        """A slot's shift; a seat that cannot go on is given up, and counts as never seated. Few may be."""
        try:
            self._shift(slot)
        except Exception as error:  # noqa: BLE001 - somebody else's code may return anything
            broken = Broken(RETURNED, error)
            self.scene.aside.note(broken)
            self._given_up += 1
            if self._given_up >= TOO_MANY:
                self.trouble = self.trouble or f"{self._given_up} agents gave up their seats; {broken}"
            log.warning("agent %s of %s gives up the seat", slot.number, slot.group.name)
            self.log_out(slot)
            slot.group.slots.remove(slot)
            self.scene.floor.tally.slots_live -= bool(slot.session)

    def _shift(self, slot: Slot) -> None:
        """From login to logout."""
        scene, group = self.scene, slot.group
        try:
            slot.session = insist(scene.floor.tally, slot.target.login, self._seat(slot))
        except TargetError as error:
            log.warning("agent %s of %s cannot log in: %s", slot.number, group.name, error)
            group.slots.remove(slot)
            return
        scene.floor.tally.slots_live += 1
        scene.clock.hold(slot.starts)
        scene.ledger.slot(scene.clock.now(), group.name, slot.number, "login")
        done = None
        while not (slot.leaving or self.trouble):
            slot.claim = self._of_this_run(self._next(slot, done))
            done = self._serve(slot, slot.claim) if slot.claim else None
            slot.claim = None
            slot.leaving = slot.leaving or group.surplus > 0
        if done:
            self._tell(slot.target.resolve, slot.session, done)
        self.log_out(slot)
        group.slots.remove(slot)

    def _seat(self, slot: Slot) -> Seat:
        names, group = self.scene.contact_names, slot.group
        skills = tuple(names[skill] for skill in group.skills)
        return Seat(f"{group.name}-{slot.number}", self.scene.plan.run, group.name, skills)

    def _next(self, slot: Slot, done: str | None) -> Claim | None:
        """Resolve the last contact and ask for the next; again, with the same number, when that goes wrong."""
        slot.turn += 1
        slot.idle, asked = True, self.scene.clock.now()
        for tries in itertools.count():
            try:
                claim = slot.target.claim(slot.session, slot.turn, CLAIM, done)
                break
            except TargetError as error:
                if slot.logged_out:  # it was still asking, as with a target that has to be polled
                    claim = None
                    break
                self.scene.floor.tally.request_errors += 1
                log.log(logging.DEBUG if tries else logging.WARNING, "agent %s: %s", slot.number, error)
                gevent.sleep(AGAIN)
                if done and isinstance(error, Refused) and error.status == CONFLICT:  # it is not the slot's any more
                    self._tell(slot.target.resolve, slot.session, done)
                    done = None
        if claim is None:  # a target that does not wait is not asked again at once
            gevent.sleep(max(0.0, asked + AGAIN - self.scene.clock.now()))
        slot.idle = False
        return claim

    def _of_this_run(self, claim: Claim | None) -> Claim | None:
        """The claim; one of somebody else's contact is left as it is, and the run has to end.

        It is known by its row, which has to be one of this run, and by its id where the contact is under way; with
        workers it is under way elsewhere, and the worker says so.
        """
        if claim is None:
            return None
        if 0 <= claim.row < len(self.scene.rows.handle_s) and self.scene.floor.knows(claim.row, claim.id):
            return claim
        self.trouble = self.trouble or STRANGE.format(claim.id)
        return None

    def _serve(self, slot: Slot, claim: Claim) -> str | None:
        """Greet, hold for as long as the row says, and end or pass on; the conversation that is to be resolved."""
        scene, at, row = self.scene, self.scene.clock.now(), claim.row
        triage, slot.resolves = scene.scenario.triage, claim.queue == claim.contact
        scene.ledger.slot(at, slot.group.name, slot.number, "claim")
        holding = [other.claim.row for group in self.groups for other in group.slots if other.claim]
        scene.floor.tally.doubled += holding.count(row) > 1
        freed = math.nan if scene.is_held_up() else slot.freed  # what a fault costs is no price of the wire
        scene.floor.take(row, slot.group.index, at, freed, is_own=slot.resolves, conversation=claim.id)
        lasts = self._handling(slot, row, at) if slot.resolves or triage is None else triage.transfer_after
        slot.until = at + scene.clock.lasts(lasts)
        if not self._greet(slot, claim):
            return None
        slot.freed = slot.until
        scene.clock.hold(slot.freed)
        now = scene.clock.now()
        scene.ledger.slot(now, slot.group.name, slot.number, "done")
        if slot.resolves:
            scene.floor.resolve(row, now)
            return claim.id
        slot.claim = None  # before the target is told, which may give it to another slot at once
        scene.floor.pass_on(row, now)
        self._tell(slot.target.transfer, slot.session, claim.id, claim.contact)
        return None

    def _handling(self, slot: Slot, row: int, at: float) -> float:
        """Scenario seconds that handling takes; longer where a fault slows down who claims now."""
        scene = self.scene
        handle_s, now_s = scene.rows.handle_s[row], scene.timeline.start_s + at * scene.clock.time_scale
        for fault, block in zip(scene.timeline.faults, scene.scenario.faults, strict=True):
            if not isinstance(block, SlowAgents) or block.group not in (None, slot.group.name):
                continue
            if fault.start_s <= now_s < fault.end_s:
                handle_s *= block.factor
                scene.floor.tally.slowed += 1
        return handle_s

    def _greet(self, slot: Slot, claim: Claim) -> bool:
        """The first reply; False when the target has given the contact to someone else meanwhile."""
        try:
            insist(self.scene.floor.tally, slot.target.reply, slot.session, claim.id, "Hello, this is your agent.")
        except Refused as error:
            self.scene.floor.tally.request_errors += 1
            return error.status != CONFLICT
        except TargetError:
            self.scene.floor.tally.request_errors += 1
        return True

    def close(self, slot: Slot) -> None:
        """Log out, and end what the slot has in hand, be it a claim that was already on its way."""
        slot.leaving = True
        if slot.session and not slot.logged_out:
            slot.logged_out = True  # not a change of staff: the run is over
            self._tell(slot.target.logout, slot.session)
        gevent.sleep(AGAIN)
        if slot.claim and slot.resolves:
            self.scene.floor.resolve(slot.claim.row, slot.until)
            self.scene.ledger.slot(slot.until, slot.group.name, slot.number, "done")
            self._tell(slot.target.resolve, slot.session, slot.claim.id)

    def log_out(self, slot: Slot) -> None:
        """Leave, once."""
        if slot.session and not slot.logged_out:
            slot.logged_out = True
            self.scene.ledger.slot(self.scene.clock.now(), slot.group.name, slot.number, "logout")
            self._tell(slot.target.logout, slot.session)

    def _tell(self, verb: Callable[..., None], *args: str) -> None:
        """Tell the target something whose answer changes nothing here."""
        try:
            insist(self.scene.floor.tally, verb, *args)
        except TargetError:
            self.scene.floor.tally.request_errors += 1
