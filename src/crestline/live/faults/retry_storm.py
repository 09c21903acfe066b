"""Who gets no help comes back at once: our own customers do (``live/customers``), here it is only seen they did."""

from __future__ import annotations

from crestline.live.faults.by_plan import pass_by
from crestline.live.scene import Scene
from crestline.tables import Fault


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Both edges; seen by the customers who decide to come back."""
    before = scene.floor.tally.stormed

    def shows() -> str:
        stormed = scene.floor.tally.stormed - before
        return f"{stormed} customers without help came back at once" if stormed else ""

    pass_by(scene, index, fault, shows, "not seen to take effect: nobody was without help meanwhile")
