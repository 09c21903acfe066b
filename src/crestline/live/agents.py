"""Virtual agents: groups whose slots come and go by their shifts, and who is called or sent home beside them."""

from __future__ import annotations

import math
import time

import gevent

from crestline.errors import TargetError
from crestline.live.ending import end
from crestline.live.scene import Scene
from crestline.live.slots import Group, Shifts, Slot
from crestline.live.split import READ, Split
from crestline.tables import Staffing

PREPARE = 0.5  # real seconds before a step at which new slots log in
CLOSE = 5.0  # real seconds that logging out may take at the end
LOG_IN = 10.0  # real seconds without anybody logging in after which the rest of them is not waited for


class Agents:
    """All groups of a run."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        names = scene.contact_names
        self.groups = [
            Group(index, name, tuple(names.index(skill) for skill in group.skills))
            for index, (name, group) in enumerate(scene.scenario.agents.items())
        ]
        self.shifts = Shifts(scene, self.groups)
        self.greenlets: list[gevent.Greenlet] = []
        self._numbers = 0

    @property
    def trouble(self) -> str:
        """Why the run must not go on."""
        return self.shifts.trouble

    def seat(self, group: Group, slots: int, starts: float, *, at_candidate: bool = False) -> list[Slot]:
        """Log new slots in, who take contacts from ``starts`` on; does not wait for them."""
        made = [self._slot(group, starts, at_candidate=at_candidate) for _ in range(slots)]
        group.slots += made
        self.scene.floor.tally.slots_planned += slots
        self.greenlets += [gevent.spawn(self.shifts.work, slot) for slot in made]
        return made

    def begin(self) -> None:
        """Seat everyone of the first step and wait until they are logged in."""
        for group, staffing in zip(self.groups, self.scene.timeline.staffing, strict=True):
            group.wanted = staffing.slots[0]
            self.seat(group, group.wanted, -math.inf)
        seated = [slot for group in self.groups for slot in group.slots]
        waiting, heard = seated, time.monotonic()
        while waiting and time.monotonic() < heard + LOG_IN:
            gevent.sleep(0.01)
            still = [slot for slot in waiting if not slot.session and slot in slot.group.slots]
            waiting, heard = still, heard if len(still) == len(waiting) else time.monotonic()
        if waiting or (seated and not any(slot.session for slot in seated)):
            msg = f"{sum(not slot.session for slot in seated)} of {len(seated)} agents could not log in{self._why()}"
            raise TargetError(msg)

    def _why(self) -> str:
        """The most frequent cause of what has gone wrong for agents."""
        return next((f": {cause}" for cause, _ in self.scene.aside.causes.most_common(1)), ": no answer")

    def follow(self, group: Group, staffing: Staffing) -> None:
        """Let the group follow its shifts."""
        for instant, slots, before in zip(staffing.time_s[1:], staffing.slots[1:], staffing.slots, strict=False):
            self.change(group, slots - before, self.scene.clock.real(instant))

    def change(self, group: Group, slots: int, at: float) -> None:
        """That many slots more, or fewer, from an instant on; who is with a customer finishes first."""
        clock = self.scene.clock
        clock.hold(at - PREPARE)
        new = max(0, slots - group.surplus)
        group.coming += new
        self.seat(group, new, at)
        clock.hold(at)
        group.coming -= new
        group.wanted += slots
        self.seat(group, max(0, -group.surplus), at)  # for those who were to stay and have left before they were told
        self.scene.ledger.slot(clock.now(), group.name, -1, "step", group.wanted)
        idle = [slot for slot in group.slots if slot.idle and not slot.leaving]
        for slot in idle[: max(0, group.surplus)]:
            slot.leaving = True
            gevent.spawn(self.shifts.log_out, slot)

    def share_out(self, split: Split) -> None:
        """Keep as many seats of each group at each of two hosts as are its share."""
        while True:
            contacts = self.scene.floor.contacts.values()
            unsettled = [contact.row for contact in contacts if not (contact.is_over or contact.is_with_agent)]
            for group in self.groups:
                self._move(group, split.seats(group.wanted, unsettled))
            gevent.sleep(READ)

    def _move(self, group: Group, at_candidate: int) -> None:
        """Let seats leave one host for the other; who is with a customer finishes first, but counts as gone."""
        seated = [slot for slot in group.slots if not slot.leaving]
        too_many = sum(slot.at_candidate for slot in seated) - at_candidate
        movable = [slot for slot in seated if slot.at_candidate == (too_many > 0)]
        going = sorted(movable, key=lambda slot: not slot.idle)[: abs(too_many)]
        for slot in going:
            slot.leaving = True
            if slot.idle:
                gevent.spawn(self.shifts.log_out, slot)
        self.seat(group, len(going), -math.inf, at_candidate=too_many < 0)

    def close(self) -> None:
        """Nobody waits any more: who is with an agent ends at claim + handle time, and everyone logs out."""
        closing = [gevent.spawn(self.shifts.close, slot) for group in self.groups for slot in group.slots]
        gevent.joinall(closing, timeout=CLOSE)
        end(self.greenlets, CLOSE)

    def _slot(self, group: Group, starts: float, *, at_candidate: bool) -> Slot:
        self._numbers += 1
        target = self.scene.dial(None, "", at_candidate)
        return Slot(self._numbers, group, target, starts, at_candidate=at_candidate)
