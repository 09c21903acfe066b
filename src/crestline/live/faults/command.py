"""A command of somebody else's breaks the target, another one mends it: argument lists, without a shell."""

from __future__ import annotations

import shutil

from crestline.live.faults import hooks
from crestline.live.scene import Scene
from crestline.scenario import Scenario
from crestline.scenario.hooks import CommandHook
from crestline.tables import Fault


def obstacle(_scenario: Scenario, fault: CommandHook, _host: str) -> str:
    """Why it cannot be done here: a program that is not there, a variable that is not set."""
    for name in ("inject", "undo", "verify"):
        argv = getattr(fault, name)
        if argv and shutil.which(argv[0]) is None:
            return f"{name}: {argv[0]} is not there, or cannot be run"
    return hooks.obstacle(fault)


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Run ``inject``, look with ``verify``, run ``undo``."""
    hooks.inject(scene, index, fault)
