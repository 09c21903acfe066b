"""A command of somebody else's breaks the target, another one mends it: argument lists, without a shell."""

from __future__ import annotations

import shutil

from crestline.errors import TargetError
from crestline.live.faults import hooks
from crestline.live.faults.deeds import Deed
from crestline.live.faults.hooks import Hook
from crestline.live.scene import Scene
from crestline.scenario import Scenario
from crestline.scenario.hooks import CommandHook
from crestline.tables import Fault


def obstacle(_scenario: Scenario, fault: CommandHook, _host: str) -> str:
    """Why it cannot be done here: a program that is not there."""
    for name in ("inject", "undo", "verify"):
        argv = getattr(fault, name)
        if argv and shutil.which(argv[0]) is None:
            return f"{name}: {argv[0]} is not there, or cannot be run"
    return ""


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Run ``inject``, look with ``verify``, run ``undo``."""
    block = scene.scenario.faults[index]
    if not isinstance(block, CommandHook):
        msg = f"faults[{index}]: expected a command (got {block.kind})"
        raise TargetError(msg)
    hooks.strike(scene, index, fault, Hook(_deed(block.inject), _deed(block.undo), _deed(block.verify)))


def _deed(argv: tuple[str, ...] | None) -> Deed:
    return {"kind": "command", "argv": list(argv)} if argv else {}
