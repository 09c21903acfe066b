"""Dress rehearsal for service operations: play a scenario live and in a queueing model, and say whether it holds.

    import crestline

    scenario = crestline.load("monthly-drill")
    forecast = crestline.forecast(scenario, replications=20, seed=1)
    print(forecast.measures["frt_p90_s"].value)

The names below are loaded when they are first used, so that ``import crestline`` itself costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crestline.scenario import load
    from crestline.verbs.calibrate import calibrate
    from crestline.verbs.canary import canary
    from crestline.verbs.drill import drill
    from crestline.verbs.forecast import forecast
    from crestline.verbs.plan import plan

__version__ = "0.1.0"
__all__ = ["__version__", "calibrate", "canary", "drill", "forecast", "load", "plan"]

_ROOMS = {
    "calibrate": "crestline.verbs.calibrate",
    "canary": "crestline.verbs.canary",
    "drill": "crestline.verbs.drill",
    "forecast": "crestline.verbs.forecast",
    "load": "crestline.scenario",
    "plan": "crestline.verbs.plan",
}


def __getattr__(name: str) -> Any:
    """A public name, fetched from its room (PEP 562)."""
    if name not in _ROOMS:
        msg = f"module 'crestline' has no attribute {name!r}; its public names are {', '.join(sorted(__all__))}"
        raise AttributeError(msg)
    return getattr(import_module(_ROOMS[name]), name)


def __dir__() -> list[str]:
    """The public names, for ``dir()`` and completion."""
    return sorted(__all__)
