"""The probe: an open loop of looks at the target's health, ten a second, beside the load and independent of it.

It goes the way that customers go: what is wrong with that is wrong with the service.
"""

from __future__ import annotations

import gevent

from crestline.errors import TargetError
from crestline.live.scene import Scene

EVERY = 0.1  # real seconds


def probe(scene: Scene) -> None:
    """Look at the target at every planned instant; a look that hangs does not hold back the next."""
    look = 0
    while True:
        look += 1
        scene.clock.hold(look * EVERY)
        gevent.spawn(_look, scene, look * EVERY)


def _look(scene: Scene, at: float) -> None:
    """One look: a row for every pool; service time counts from the planned instant."""
    try:
        health = (scene.look or scene.watch)(None).health()
    except TargetError:
        scene.ledger.probe(at, False, scene.clock.now() - at, "", (0, 0, 0, 0, 0))
        return
    service = scene.clock.now() - at
    for name, pool in health.pools.items() or [("", (0, 0, 0, 0, 0))]:
        scene.ledger.probe(at, True, service, name, tuple(pool))
