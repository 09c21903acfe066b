"""Alerts while the run plays: raised on the control tick by the same rule as on the finished table, and written down.

They tell people, and nothing else: standby is called by its own rule.
"""

from __future__ import annotations

import logging

from crestline.live.scene import Scene
from crestline.measures.alert_counts import alert_ticks
from crestline.measures.alerts import Alert, Counts, Judge, sentence

GRACE = 0.25  # real seconds after a tick until every process has told what it counted by then
RAISED, OVER = "raised", "over"
log = logging.getLogger("crestline")


class Alarm:
    """Judges on every control tick what the processes that play customers have counted."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.ticks_s = alert_ticks(scene.scenario, scene.timeline).tolist()
        self.judge = Judge(scene.scenario, self.ticks_s)

    def watch(self) -> None:
        """Judge every tick; what is still raised at the end is over then."""
        clock = self.scene.clock
        try:
            for number, tick_s in enumerate(self.ticks_s):
                clock.wait(clock.real(tick_s) + GRACE)
                for level, alert in self.judge.look(number, self._counted(number)).items():
                    self._tell(level, alert, clock.real(tick_s))
        finally:
            for level in list(self.scene.alerts):
                self._tell(level, None, clock.now())

    def _counted(self, number: int) -> Counts:
        """The sum of what every process has counted on a tick."""
        looks = self.scene.floor.looks
        found = [counts for at, *counts in looks if at == number]
        looks[:] = [look for look in looks if look[0] > number]
        return Counts(*map(sum, zip(*found, strict=True))) if found else Counts()

    def _tell(self, level: int, alert: Alert | None, at: float) -> None:
        """An alert of a level that was not raised is, or one that was is over; what goes on is not told again."""
        told = self.scene.alerts.get(level)
        if alert and told is None:
            self.scene.alerts[level] = text = sentence(alert, is_drill=True)
            log.warning(text)
            found = {"measure": alert.measure, "value": alert.value, "limit": alert.limit, "text": text}
            self._write(level, RAISED, at, found)
        elif alert is None and told is not None:
            del self.scene.alerts[level]
            self._write(level, OVER, at, {"text": told})

    def _write(self, level: int, state: str, at: float, fields: dict[str, object]) -> None:
        self.scene.ledger.alert({"level": level, "state": state, "at": at, "told": self.scene.clock.now()} | fields)
