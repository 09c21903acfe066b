"""The door is shut: the target refuses every new contact for a while."""

from __future__ import annotations

from crestline.live.faults.at_target import strike
from crestline.live.scene import Scene
from crestline.tables import Fault


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Let the target shut its door and open it again."""
    strike(scene, index, fault)
