"""The target cannot write: it takes nothing and gives nothing until it can."""

from __future__ import annotations

from crestline.faults.effect import Effect
from crestline.scenario import Fault


def effect(_fault: Fault, end_s: float) -> Effect:
    """Who comes is let in at the end, and all that bot and agents were to do is done then; patience goes on."""
    return Effect(enters_at_s=end_s, replies_at_s=end_s, serves_at_s=end_s)
