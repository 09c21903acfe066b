"""Who gets no help meanwhile tries again at once."""

from __future__ import annotations

from crestline.faults.effect import Effect
from crestline.scenario.faults import RetryStorm


def effect(fault: RetryStorm, _end_s: float) -> Effect:
    """Who leaves, is turned away or fails comes back by this share and delay instead of the usual ones."""
    return Effect(retry_share=fault.share, retry_delay_s=fault.delay)
