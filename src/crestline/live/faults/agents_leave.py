"""Part of a group's agents leaves for a while: their shifts already say so, here it is only written down."""

from __future__ import annotations

from crestline.live.scene import Scene
from crestline.tables import Fault


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Both edges, as they pass."""
    fields = {"index": index, "kind": fault.kind, "planned": scene.clock.real(fault.start_s)}
    scene.clock.hold(scene.clock.real(fault.start_s))
    fields["effective"] = scene.clock.now()
    scene.fault_now = fault.kind
    scene.ledger.fault(fields)
    scene.clock.hold(scene.clock.real(fault.healed_s))
    scene.fault_now = ""
    scene.ledger.fault(fields | {"healed": scene.clock.now()})
