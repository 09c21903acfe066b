"""Part of a group's agents leaves for a while: their shifts already say so, here it is only written down."""

from __future__ import annotations

from crestline.live.faults.by_plan import pass_by
from crestline.live.scene import Scene
from crestline.tables import Fault


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Both edges, as they pass; the slots of a group are planned, and live, by its shifts."""
    group = str(scene.scenario.faults[index].model_dump().get("group", ""))
    staffing = next(staffing for staffing in scene.timeline.staffing if staffing.group == group)
    steps = dict(zip(staffing.time_s, staffing.slots, strict=True))
    left = steps.get(fault.start_s, staffing.slots[0])
    pass_by(scene, index, fault, lambda: f"{left} slots of {group} are left", "")
