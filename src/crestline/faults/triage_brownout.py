"""The bot answers slowly, or stands still and goes on later."""

from __future__ import annotations

from crestline.faults.effect import Effect
from crestline.scenario import Fault
from crestline.scenario.faults import TriageBrownout

FACTOR = float(TriageBrownout.model_fields["factor"].default)  # where somebody else's tool slows it down


def effect(fault: Fault, end_s: float) -> Effect:
    """Replies that begin meanwhile take longer; or those that are due meanwhile come at the end."""
    if isinstance(fault, TriageBrownout) and fault.how == "stop":
        return Effect(replies_at_s=end_s)
    return Effect(reply_factor=fault.factor if isinstance(fault, TriageBrownout) else FACTOR)
