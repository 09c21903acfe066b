"""More customers come: they are in the plan of the run, here it is only seen that they were sent."""

from __future__ import annotations

from crestline.live.faults.by_plan import pass_by
from crestline.live.scene import Scene
from crestline.tables import Fault


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Both edges; seen by the contacts that are sent."""
    clock, tally, begun = scene.clock, scene.floor.tally, False
    start, before = clock.real(fault.start_s), 0

    def shows() -> str:
        nonlocal begun, before
        if not begun:
            begun, before = True, tally.sent
            return ""
        sent, lasts = tally.sent - before, (clock.now() - start) * clock.time_scale
        usual = before / max(1e-9, start * clock.time_scale)
        return f"{sent / lasts * 60:.1f} contacts a minute were sent, {usual * 60:.1f} before" if sent else ""

    pass_by(scene, index, fault, shows, "not seen to take effect: no contact was sent meanwhile")
