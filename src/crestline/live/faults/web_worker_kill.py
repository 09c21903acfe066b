"""The process that answers customers and agents is killed (SIGKILL), again and again, and started anew each time."""

from __future__ import annotations

from typing import Any

from crestline.live.faults.at_target import strike
from crestline.live.scene import Scene
from crestline.scenario import Scenario
from crestline.tables import Fault
from crestline.units import format_duration

QUICKEST = 1.0  # real seconds between two kills, or it would never be there


def obstacle(scenario: Scenario, fault: Any, _host: str) -> str:
    """Why this fault cannot be brought about here; empty where it can."""
    every = fault.every / scenario.load_test.time_scale
    if every >= QUICKEST:
        return ""
    return (
        f"every: {format_duration(every)} of real time between two kills, the web worker needs "
        f"{format_duration(QUICKEST)}; take longer or lower load_test.time_scale"
    )


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Let the target kill it every so often."""
    block = scene.scenario.faults[index].model_dump()
    strike(scene, index, fault, every_s=scene.clock.lasts(block["every"]))
