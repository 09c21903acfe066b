"""A request breaks the target, another one mends it: for switches that a target or its platform has."""

from __future__ import annotations

from crestline.errors import TargetError
from crestline.live import guards
from crestline.live.faults import hooks
from crestline.live.faults.deeds import Deed
from crestline.live.faults.hooks import Hook
from crestline.live.scene import Scene
from crestline.scenario import Scenario
from crestline.scenario.block import spelled
from crestline.scenario.hooks import HttpHook, HttpRequest
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
    return hooks.obstacle(_hook(fault))


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Send ``inject``, look with ``verify``, send ``undo``."""
    block = scene.scenario.faults[index]
    if not isinstance(block, HttpHook):
        msg = f"faults[{index}]: expected an http hook (got {block.kind})"
        raise TargetError(msg)
    hooks.strike(scene, index, fault, _hook(block))


def _hook(block: HttpHook) -> Hook:
    return Hook(_deed(block.inject), _deed(block.undo), _deed(block.verify))


def _deed(request: HttpRequest | None) -> Deed:
    return {"kind": "http", **spelled(request)} if request else {}
