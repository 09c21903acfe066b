"""The table of faults."""

from __future__ import annotations

from collections.abc import Mapping

from crestline.units import format_duration

from .plays import Seen

BEGIN, END = "<!-- faults -->", "<!-- /faults -->"
HEAD = (
    "| fault | seen to take effect | detected by customers after | by the target after | target well after "
    "| people's queues back after | simulated | seen to be over |"
)


def fault_table(played: Mapping[str, Seen]) -> list[str]:
    """A row for every kind: how it was seen, and how long it took live and in the model."""
    return [HEAD, "|---|---|--:|--:|--:|--:|--:|---|", *(_row(kind, seen) for kind, seen in played.items())]


def _row(kind: str, seen: Seen) -> str:
    told = (seen.detected_s, seen.detected_by_target_s, seen.technical_s, seen.operational_s, seen.simulated_s)
    detected, by_target, technical, operational, simulated = ("" if at is None else format_duration(at) for at in told)
    unnoticed = seen.detected_s is None and seen.operational_s == 0
    cells = (
        kind,
        seen.verified,
        "not noticed" if unnoticed else detected,
        by_target or "no alarm",
        technical,
        f"over {operational}" if "live" in seen.given_up else operational,
        f"over {simulated}" if "simulated" in seen.given_up else simulated,
        seen.undone,
    )
    return f"| {' | '.join(cells)} |"
