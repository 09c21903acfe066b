"""The database is locked by somebody else: the target cannot write, and takes and gives nothing until it can."""

from __future__ import annotations

from crestline.live.faults.at_target import strike
from crestline.live.scene import Scene
from crestline.tables import Fault


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Let the target lock its own database by a second connection."""
    strike(scene, index, fault)
