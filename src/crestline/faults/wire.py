"""The wire between customers and target is bad; agents have a wire of their own.

A customer asks once more where a connection broke, so that a reset has to hit twice. A customer who is in conversation
goes on asking until there is an answer: only the opening fails.
"""

from __future__ import annotations

from crestline.faults.effect import Effect
from crestline.scenario.hooks import WireFault

TRIES = {"refuse": 2, "reset": 2, "errors": 1}  # of an opening, before the contact fails


def effect(fault: WireFault, end_s: float) -> Effect:
    """Contacts that are due fail by a share; or what customers hear and where they join comes late.

    Of what hangs by a share the mean is taken. Jitter scatters to both sides of the delay and is left out; so is
    bandwidth, as bytes are not modelled, and so are paths.
    """
    if fault.how in TRIES:
        return Effect(fail_share=fault.share ** TRIES[fault.how])
    if fault.how == "hang" and fault.share < 1:
        return Effect(delay_s=fault.share * fault.for_ / 2)
    if fault.how == "hang":
        return Effect(enters_at_s=end_s, replies_at_s=end_s)
    return Effect(delay_s=fault.delay)
