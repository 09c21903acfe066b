"""Scale-out does not come: the pool of triage stays as large as it is."""

from __future__ import annotations

from crestline.live.faults.at_target import strike
from crestline.live.scene import Scene
from crestline.tables import Fault


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Let the target start no workers on its control ticks."""
    strike(scene, index, fault)
