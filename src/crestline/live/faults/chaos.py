"""An activity of the Chaos Toolkit breaks the target, another one mends it: actions of chaosk8s, chaosaws and so on."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from crestline.live.faults import hooks
from crestline.live.faults.deeds import CHAOS
from crestline.live.scene import Scene
from crestline.scenario import Scenario
from crestline.scenario.hooks import ChaosHook
from crestline.tables import Fault

MISSING = CHAOS


def obstacle(_scenario: Scenario, fault: ChaosHook, _host: str) -> str:
    """Why it cannot be done here: a module that is not installed, a variable that is not set."""
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)  # modules of the working directory are found, as adapters are
    for name in ("inject", "undo", "verify"):
        activity = getattr(fault, name)
        if activity and not _is_there(activity.module):
            return f"{name}: the module {activity.module} is not installed here"
    return hooks.obstacle(fault)


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Call ``inject``, look with ``verify``, call ``undo``."""
    hooks.inject(scene, index, fault)


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
