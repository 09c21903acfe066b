"""More customers come: they are in the plan of the run, here it is only seen that they were sent."""

from __future__ import annotations

import gevent

from crestline.live.faults.by_plan import pass_by
from crestline.live.scene import Scene
from crestline.tables import Fault

UNSEEN = "not seen to take effect: no more contacts were sent than before"
MOST_OF = 0.5  # of the spike has to be seen


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Both edges; seen by how many contacts were sent, against as long a time before the strike."""
    clock, tally = scene.clock, scene.floor.tally
    start, lasts = clock.real(fault.start_s), clock.lasts(fault.end_s - fault.start_s)
    factor = float(scene.scenario.faults[index].model_dump()["factor"])
    gevent.sleep(max(0.0, start - lasts - clock.now()))
    began, sent_by_then = clock.now(), tally.sent
    gevent.sleep(max(0.0, start - clock.now()))
    usual, at_strike = (tally.sent - sent_by_then) / max(1e-9, clock.now() - began), tally.sent

    def shows() -> str:
        passed = clock.now() - start
        rate = (tally.sent - at_strike) / max(1e-9, passed)
        if passed < lasts / 2 or rate < usual * (1 + MOST_OF * (factor - 1)):
            return ""
        minute = 60 / clock.time_scale
        return f"{rate * minute:.0f} contacts a minute were sent, {usual * minute:.0f} before"

    pass_by(scene, index, fault, shows, UNSEEN)
