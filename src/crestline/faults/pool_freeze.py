"""Scale-out does not come."""

from __future__ import annotations

from crestline.faults.effect import Effect
from crestline.scenario import Fault


def effect(_fault: Fault, _end_s: float) -> Effect:
    """No worker of the bot is started; those that start already come, and scale-in goes on."""
    return Effect(is_frozen=True)
