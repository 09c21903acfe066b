"""A bad release of the bot resolves less, and hands more on to the wrong skill."""

from __future__ import annotations

from crestline.faults.effect import Effect
from crestline.scenario.faults import TriageWorse


def effect(_fault: TriageWorse, _end_s: float) -> Effect:
    """Contacts that are due meanwhile meet it; what it makes of each is sampled beforehand (``workload/sampling``)."""
    return Effect(is_worse=True)
