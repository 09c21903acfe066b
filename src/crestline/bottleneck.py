"""Where there were not enough agents: the stretch of the day in which work outgrew slots the most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from crestline.units import format_share

FULL = 0.95  # from this occupancy on a queue grows with every fluctuation


def bottlenecks(intervals: Sequence[Mapping[str, Any]]) -> list[str]:
    """The fullest stretch of neighbouring intervals, in a sentence; nothing where there was slack throughout."""
    stretches = [list(rows) for full, rows in groupby(intervals, key=_is_full) if full]
    return [_sentence(max(stretches, key=_missing))] if stretches else []


def _is_full(row: Mapping[str, Any]) -> bool:
    return (row.get("occupancy") or 0.0) >= FULL or row["offered_load_erlang"] > FULL * row["slots"]


def _missing(stretch: Sequence[Mapping[str, Any]]) -> float:
    """Erlang x seconds of work beyond the slots, and how full they were."""
    return sum(float((row["offered_load_erlang"] - row["slots"]) * row["length_s"]) for row in stretch)


def _sentence(stretch: Sequence[Mapping[str, Any]]) -> str:
    lasted = sum(row["length_s"] for row in stretch)
    offered, slots, busy = (
        sum((row[key] or 0.0) * row["length_s"] for row in stretch) / lasted
        for key in ("offered_load_erlang", "slots", "occupancy")
    )
    when = f"from {stretch[0]['start']} for {lasted / 60:.0f} min"
    return f"{when}: {offered:.0f} erlang offered, {slots:.0f} slots on duty (occupancy {format_share(busy)})"
