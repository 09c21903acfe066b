"""The bot is down: the target kills all its triage workers, holds them down, and starts them anew."""

from __future__ import annotations

from crestline.live.faults.at_target import strike
from crestline.live.scene import Scene
from crestline.tables import Fault


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Let the target lose its triage workers; it starts them again when the outage is over."""
    strike(scene, index, fault)
