"""A request breaks the target, another one mends it: for switches that a target or its platform has."""

from __future__ import annotations

from crestline.errors import TargetError
from crestline.live import guards
from crestline.live.faults import hooks
from crestline.live.scene import Scene
from crestline.scenario import Scenario
from crestline.scenario.hooks import HttpHook
from crestline.tables import Fault


def obstacle(scenario: Scenario, fault: HttpHook, _host: str) -> str:
    """Why it must not or cannot be done: an address that is not allowed, a variable that is not set."""
    for name in ("inject", "undo", "verify"):
        request = getattr(fault, name)
        try:
            if request:
                guards.check_host(request.url, scenario.load_test.allowed_hosts)
        except TargetError as error:
            return f"{name}: {str(error).removeprefix('--host ')}"
    return hooks.obstacle(fault)


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Send ``inject``, look with ``verify``, send ``undo``."""
    hooks.inject(scene, index, fault)
