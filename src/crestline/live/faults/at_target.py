"""Faults that the target brings about itself when it is told to, and heals by its own clock.

The order goes out ahead of the strike with an absolute delay, so that a busy wire does not move it, and carries a
time to live: should this process be killed, the target heals all the same. That it took effect the target's word
is not enough for: it has to show (``sights``), else the fault has not struck.
"""

from __future__ import annotations

import logging
from typing import Any

import gevent

from crestline.errors import TargetError
from crestline.live.adapters import Adapter, FaultState
from crestline.live.faults.sights import GROWS, LATEST, SHOWS, Sight, Story, is_well, look, nothing_shows
from crestline.live.scene import Scene
from crestline.tables import Fault

AHEAD = 1.0  # real seconds before the strike at which the order goes out
LOOK = 0.1  # real seconds between two looks at how far it has come
SPARE = 5.0  # real seconds that the time to live goes beyond the planned end
log = logging.getLogger(__name__)


def strike(scene: Scene, index: int, fault: Fault, **options: Any) -> None:
    """Order the fault, follow it until it has healed, and write down when it was effective and healed.

    ``options`` go with the order as they are: durations in real seconds.
    """
    clock, planned = scene.clock, scene.clock.real(fault.start_s)
    clock.hold(planned - AHEAD)
    course = _Course(scene, index, fault, options)
    if not course.order():
        return
    try:
        clock.hold(planned)
        with scene.under(fault.kind):
            course.follow()
    finally:
        course.undo()


class _Course:
    """One fault from the order to its end; ``fields`` is the line of it in the run folder."""

    def __init__(self, scene: Scene, index: int, fault: Fault, options: dict[str, Any]) -> None:
        self.scene, self.fault, self.options = scene, fault, options
        self.planned = scene.clock.real(fault.start_s)
        self.fields: dict[str, Any] = {"index": index, "kind": fault.kind, "planned": self.planned}
        self.told: dict[str, float] = {}  # the edges as the target tells them
        self.before = look(scene)
        self.story: Story | None = None
        self.verified = ""
        how = f"{fault.kind} {options['how']}" if "how" in options else fault.kind
        self.shows, self.unseen = SHOWS[how], nothing_shows(how)

    def order(self) -> bool:
        """Give the order; whether the target takes it."""
        self.target: Adapter = self.scene.watch(None)
        lasts = self.scene.clock.lasts(self.fault.end_s - self.fault.start_s)
        delay = max(0.0, self.planned - self.scene.clock.now())
        try:
            self.id = self.target.strike(self.fault.kind, delay, lasts, lasts + SPARE, **self.options)
        except TargetError as error:
            log.error("%s could not be brought about: %s", self.fault.kind, error)  # noqa: TRY400 - the words are enough
            self.scene.ledger.fault(self.fields | {"error": str(error)})
            return False
        return True

    def follow(self) -> None:
        """Look until it is over and seen to be; a target that has not healed by the last instant has more than this."""
        clock = self.scene.clock
        last = clock.real(self.fault.healed_s) + SPARE
        while clock.now() < last:
            gevent.sleep(LOOK)
            now = look(self.scene)
            self._ask()
            self._see(now)
            if self._is_over(now):
                return
        self.fields["error"] = "not seen to be over by its time"

    def undo(self) -> None:
        """Should the run end before the fault does: lift it, so that the target is as it was; and say what was seen."""
        if "healed" not in self.told:
            try:
                self.target.heal(self.id)
                self._ask()
            except TargetError as error:
                log.warning("the fault could not be lifted; it heals itself: %s", error)
                self.fields["undone"] = ""
        if not self.verified:
            self.fields.pop("error", None)  # what never showed has to be over for nobody
        if "effective" in self.told and not self.verified:
            log.error("%s was %s", self.fault.kind, self.unseen)
            self.fields["error"] = self.unseen
        self._write()

    def _ask(self) -> None:
        """How far it has come by the target's own clock."""
        asked = self.scene.clock.now()
        try:
            state = self.target.fault(self.id)
        except TargetError:
            return
        self.told |= _edges(state, (asked + self.scene.clock.now()) / 2)

    def _see(self, now: Sight) -> None:
        """Whether it shows; written down as soon as it does, and the target says since when it is in force."""
        is_known = bool(self.verified)
        if "effective" not in self.told or (is_known and ("healed" in self.told or self.shows not in GROWS)):
            return
        self.story = self.story or Story(self.scene, self.options, self.before, now)
        self.verified = self.shows(self.story, now) or self.verified
        if self.verified and not is_known:
            self._write()

    def _is_over(self, now: Sight) -> bool:
        """Healed, seen to be well, and nothing to be waited for that would show what it was."""
        if "healed" not in self.told or not (well := is_well(now)):
            return False
        self.fields["undone"] = self.fields.get("undone") or well
        return bool(self.verified) or now.at >= self.told["healed"] + self._shows_later()

    def _shows_later(self) -> float:
        """For how long after its end a fault may still show: replies that began within it are on their way."""
        reply_s = max(self.scene.rows.reply_s[:LATEST], default=0.0)
        return min(SPARE, self.scene.clock.lasts(float(self.options.get("factor", 1.0)) * reply_s))

    def _write(self) -> None:
        edges = self.told if self.verified else {}
        seen = {"verified": self.verified} if self.verified else {}
        self.scene.ledger.fault(self.fields | edges | seen)


def _edges(state: FaultState, now: float) -> dict[str, float]:
    """When the fault became effective and when it was healed, as far as it has come; the target tells ages."""
    ages = {"effective": state.effective_ago, "healed": state.healed_ago}
    return {edge: now - ago for edge, ago in ages.items() if ago is not None}
