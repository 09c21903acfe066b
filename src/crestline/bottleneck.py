"""Where there were not enough agents: the stretch of the day in which work outgrew slots the most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from crestline.units import format_clock, format_share, parse_clock

Row = Mapping[str, Any]
"""An interval of a day, as ``measures.intervals_of_day`` makes it."""

FULL = 0.95  # from this occupancy on a queue grows with every fluctuation


def bottlenecks(intervals: Sequence[Row]) -> list[str]:
    """The fullest stretch of neighbouring intervals, in a sentence; nothing where there was slack throughout."""
    found = stretches(intervals, is_full)
    return [_sentence(max(found, key=_missing))] if found else []


def is_full(row: Row) -> bool:
    """Whether work outgrew the slots, or came so close that a queue stood."""
    return (row.get("occupancy") or 0.0) >= FULL or row["offered_load_erlang"] > FULL * row["slots"]


def stretches(intervals: Sequence[Row], chosen: Callable[[Row], bool]) -> list[list[Row]]:
    """The chosen intervals, neighbours together."""
    return [list(rows) for is_chosen, rows in groupby(intervals, key=chosen) if is_chosen]


def _missing(stretch: Sequence[Row]) -> float:
    """Erlang x seconds of work beyond the slots, and how full they were."""
    return sum(float((row["offered_load_erlang"] - row["slots"]) * row["length_s"]) for row in stretch)


def _sentence(stretch: Sequence[Row]) -> str:
    lasted = sum(row["length_s"] for row in stretch)
    offered, slots, busy = (
        sum((row[key] or 0.0) * row["length_s"] for row in stretch) / lasted
        for key in ("offered_load_erlang", "slots", "occupancy")
    )
    start = stretch[0]["start"]
    when = f"{start}-{format_clock(parse_clock(start) + lasted)}"
    return f"{when}: {offered:.0f} erlang offered, {slots:.0f} slots on duty (occupancy {format_share(busy)})"
