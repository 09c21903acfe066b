"""The table of faults."""

from __future__ import annotations

from collections.abc import Mapping

from crestline.units import format_duration

from .plays import Seen

BEGIN, END = "<!-- faults -->", "<!-- /faults -->"
HEAD = (
    "| fault | seen to take effect | detected after | target well after | people's queues back after | simulated "
    "| seen to be over |"
)


def fault_table(played: Mapping[str, Seen]) -> list[str]:
    """A row for every kind: how it was seen, and how long it took live and in the model."""
    return [HEAD, "|---|---|--:|--:|--:|--:|---|", *(_row(kind, seen) for kind, seen in played.items())]


def _row(kind: str, seen: Seen) -> str:
    times = (seen.detected_s, seen.technical_s, seen.operational_s, seen.simulated_s)
    detected, technical, operational, simulated = ("" if at is None else format_duration(at) for at in times)
    unnoticed = seen.detected_s is None and seen.operational_s == 0
    cells = (
        kind,
        seen.verified,
        "not noticed" if unnoticed else detected,
        technical,
        operational,
        simulated,
        seen.undone,
    )
    return f"| {' | '.join(cells)} |"
