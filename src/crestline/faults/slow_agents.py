"""Agents take longer for what they claim meanwhile."""

from __future__ import annotations

from crestline.faults.effect import Effect
from crestline.scenario.faults import SlowAgents


def effect(fault: SlowAgents, _end_s: float) -> Effect:
    """The handle time of what is claimed, by the group named or by all."""
    return Effect(handle_factor=fault.factor, group=fault.group)
