"""What the harness saw of each fault by itself: how it took effect, how it was over, or why it does not count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crestline.live.records import FaultSeen, Records

SAME_S = 0.5  # scenario seconds between the instants planned by which a fault is known again


def with_witness(faults: Sequence[dict[str, Any]], records: Records) -> list[dict[str, Any]]:
    """The faults of a run, each with ``verified``, ``undone`` and ``error`` as far as there is something to tell."""
    return [fault | _told(fault, records.faults()) for fault in faults]


def _told(fault: dict[str, Any], seen: Sequence[FaultSeen]) -> dict[str, str]:
    for one in seen:
        if one.kind == fault["kind"] and abs(one.planned_s - fault["planned_s"]) < SAME_S:
            told = {"verified": one.verified, "undone": one.undone, "error": one.error}
            return {name: words for name, words in told.items() if words}
    return {}
