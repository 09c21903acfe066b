"""What alerts look at, counted where customers are played: on every control tick of the measured window."""

from __future__ import annotations

import math
from collections.abc import Iterable

import gevent

from crestline.live.floor import Contact
from crestline.live.scene import Scene
from crestline.measures.alert_counts import alert_ticks
from crestline.measures.alerts import Counts
from crestline.tables import Outcome

AT_A_TIME = 200  # contacts that are looked at before others have their turn
RESOLVED = (Outcome.BOT_RESOLVED, Outcome.AGENT_RESOLVED)


class Lookout:
    """Counts the contacts on the scene's floor; what it has counted lies there as ``looks``."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._bucket = scene.clock.lasts(scene.scenario.recovery.bucket)
        self._limit = scene.clock.lasts(scene.scenario.alerts.answer)
        self._marked = [kind.complaint for kind in scene.scenario.contacts.values()]
        self._gone: list[Contact] = []  # since the last look

    def watch(self) -> None:
        """Look on every tick."""
        scene, floor = self.scene, self.scene.floor
        ticks = [scene.clock.real(at_s) for at_s in alert_ticks(scene.scenario, scene.timeline).tolist()]
        scene.clock.wait(ticks[0] - self._bucket if ticks else 0.0)
        floor.tell_who_leaves = self._gone.append
        for number, tick in enumerate(ticks):
            scene.clock.wait(tick)
            gone = self._gone.copy()
            self._gone.clear()
            floor.looks.append((number, *self._look(tick, gone)))
        floor.tell_who_leaves = None

    def _look(self, tick: float, gone: list[Contact]) -> Counts:
        there = [*gone, *self.scene.floor.contacts.values()]
        seen = late = complaints = 0
        since = tick - self._bucket
        for first in range(0, len(there), AT_A_TIME):
            gevent.sleep(0)
            for contact in there[first : first + AT_A_TIME]:
                if contact.claimed <= since or contact.planned > tick:  # answered long ago, or planned later
                    continue
                complaints += self._marked[contact.contact] and contact.planned > since
                settled, answered = _settled(contact)
                if settled > since:
                    seen += 1
                    waited = min(settled, tick) - contact.planned
                    late += waited > self._limit or (not answered and settled <= tick)
        return _of_gone(gone)._replace(seen=seen, late=late, complaints=complaints)


def _settled(contact: Contact) -> tuple[float, bool]:
    """When a contact was answered, or ended without; infinite where neither. And whether it was answered."""
    by_bot = contact.outcome == Outcome.BOT_RESOLVED
    answered = contact.bot_reply if by_bot else contact.claimed
    if not math.isnan(answered):
        return answered, True
    return (contact.ended if contact.is_over else math.inf), False


def _of_gone(gone: Iterable[Contact]) -> Counts:
    """What became of contacts that have ended."""
    ended = [contact for contact in gone if contact.is_over]
    resolved = [contact.rating for contact in ended if contact.outcome in RESOLVED]
    return Counts(
        ended=len(ended),
        satisfied=sum(contact.rating == 1 for contact in ended),
        resolved=len(resolved),
        rated=sum(rating >= 0 for rating in resolved),
    )
