"""The probe: an open loop of looks at the target's health, ten a second, beside the load and independent of it.

It goes the way that customers go: what is wrong with that is wrong with the service.
"""

from __future__ import annotations

import gevent

from crestline.errors import TargetError
from crestline.live.scene import Scene

EVERY = 0.1  # real seconds
ANEW = 0.5  # real seconds by which an alarm has to be younger than one of its name to be another


def probe(scene: Scene) -> None:
    """Look at the target at every planned instant; a look that hangs does not hold back the next."""
    look, alarms = 0, dict[str, float]()
    while True:
        look += 1
        scene.clock.hold(look * EVERY)
        gevent.spawn(look_once, scene, look * EVERY, alarms)


def look_once(scene: Scene, at: float, alarms: dict[str, float]) -> None:
    """One look: a row for every pool; service time counts from the planned instant. ``alarms`` are those heard of."""
    try:
        health = (scene.look or scene.watch)(None).health()
    except TargetError:
        scene.ledger.probe(at, False, scene.clock.now() - at, "", (0, 0, 0, 0, 0))
        return
    service = scene.clock.now() - at
    for name, pool in health.pools.items() or [("", (0, 0, 0, 0, 0))]:
        scene.ledger.probe(at, True, service, name, tuple(pool))
    for name, age in health.alarms.items():
        if isinstance(age, int | float):  # somebody else's code may say anything
            _hear(scene, name, at + service - age, alarms)  # by the clock of the answer, which may have been held up


def _hear(scene: Scene, name: str, raised: float, alarms: dict[str, float]) -> None:
    """An alarm of the target's own, at the instant at which it was raised; one that goes on is not told again."""
    if name not in alarms or raised > alarms[name] + ANEW:
        alarms[name] = raised
        scene.ledger.alarm(raised, name)
