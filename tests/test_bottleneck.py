"""Where there were not enough agents."""

from __future__ import annotations

from typing import Any

from crestline.bottleneck import bottlenecks


def row(start: str, offered: float, slots: float, occupancy: float) -> dict[str, Any]:
    return {
        "start": start,
        "length_s": 600.0,
        "offered_load_erlang": offered,
        "slots": slots,
        "occupancy": occupancy,
    }


# With slack throughout there is nothing to say.
def test_slack_says_nothing() -> None:
    assert bottlenecks([row("10:00", 50, 100, 0.5), row("10:10", 60, 100, 0.6)]) == []


# Neighbouring full intervals are one stretch; of two stretches the one that lacks more is told.
def test_fullest_stretch_is_told() -> None:
    rows = [
        row("10:00", 96, 100, 0.96),
        row("10:10", 60, 100, 0.60),
        row("10:20", 130, 100, 1.0),
        row("10:30", 120, 100, 0.98),
        row("10:40", 60, 100, 0.60),
    ]
    assert bottlenecks(rows) == ["10:20-10:40: 125 erlang offered, 100 slots on duty (occupancy 99 %)"]
