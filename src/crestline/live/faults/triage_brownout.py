"""The bot answers slowly, or its processes are stopped (SIGSTOP) and go on later (SIGCONT)."""

from __future__ import annotations

from crestline.live.faults.at_target import strike
from crestline.live.scene import Scene
from crestline.tables import Fault


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Let the target's bot take ``factor`` times as long, or stop it for the whole time."""
    block = scene.scenario.faults[index].model_dump()
    slow = {"factor": block["factor"]} if block["how"] == "slow" else {}
    strike(scene, index, fault, how=block["how"], **slow)
