"""Faults that the target brings about itself when it is told to, and heals by its own clock.

The order goes out ahead of the strike with an absolute delay, so that a busy wire does not move it, and carries a
time to live: should this process be killed, the target heals all the same.
"""

from __future__ import annotations

import logging
from typing import Any

import gevent

from crestline.errors import TargetError
from crestline.live.adapters import Adapter, FaultState
from crestline.live.scene import Scene
from crestline.tables import Fault

AHEAD = 1.0  # real seconds before the strike at which the order goes out
LOOK = 0.1  # real seconds between two looks at how far it has come
SPARE = 5.0  # real seconds that the time to live goes beyond the planned end
log = logging.getLogger(__name__)


def strike(scene: Scene, index: int, fault: Fault) -> None:
    """Order the fault, follow it until it has healed, and write down when it was effective and healed."""
    clock, planned = scene.clock, scene.clock.real(fault.start_s)
    lasts = clock.lasts(fault.end_s - fault.start_s)
    fields = {"index": index, "kind": fault.kind, "planned": planned}
    clock.hold(planned - AHEAD)
    target = scene.watch(None)
    try:
        order = target.strike(fault.kind, max(0.0, planned - clock.now()), lasts, lasts + SPARE)
    except TargetError as error:
        log.error("%s could not be brought about: %s", fault.kind, error)  # noqa: TRY400 - the words are enough
        scene.ledger.fault(fields | {"error": str(error)})
        return
    try:
        clock.hold(planned)
        scene.fault_now = fault.kind
        _follow(scene, target, order, fields, clock.real(fault.healed_s) + SPARE)
    finally:
        scene.fault_now = ""
        if "healed" not in fields:
            _heal(target, order)


def _follow(scene: Scene, target: Adapter, order: str, fields: dict[str, Any], last: float) -> None:
    """Note both edges; a target that has not healed by the last instant has more than this fault."""
    while "healed" not in fields and scene.clock.now() < last:
        gevent.sleep(LOOK)
        asked = scene.clock.now()
        try:
            state = target.fault(order)
        except TargetError:
            continue
        seen = _edges(state, (asked + scene.clock.now()) / 2)
        if seen.keys() - fields.keys():
            fields |= seen
            scene.ledger.fault(fields)


def _heal(target: Adapter, order: str) -> None:
    """The run ends before the fault does: lift it, so that the target is as it was."""
    try:
        target.heal(order)
    except TargetError as error:
        log.warning("the fault could not be lifted; it heals itself: %s", error)


def _edges(state: FaultState, now: float) -> dict[str, float]:
    """When the fault became effective and when it was healed, as far as it has come; the target tells ages."""
    ages = {"effective": state.effective_ago, "healed": state.healed_ago}
    return {edge: now - ago for edge, ago in ages.items() if ago is not None}
