"""A bad release of the bot: it resolves less, or hands on to the wrong skill, as the script of each contact says."""

from __future__ import annotations

from crestline.live.faults.at_target import strike
from crestline.live.scene import Scene
from crestline.tables import Fault


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Let the target's bot take the worse part of the script."""
    strike(scene, index, fault)
