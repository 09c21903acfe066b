"""Agents take longer for what they claim meanwhile: they are our own, and look it up (``live/slots``)."""

from __future__ import annotations

from crestline.live.faults.by_plan import pass_by
from crestline.live.scene import Scene
from crestline.tables import Fault


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Both edges; seen by contacts that are held for longer."""
    before = scene.floor.tally.slowed

    def shows() -> str:
        slowed = scene.floor.tally.slowed - before
        return f"{slowed} contacts were claimed by agents who take longer" if slowed else ""

    pass_by(scene, index, fault, shows, "not seen to take effect: no agent claimed a contact meanwhile")
