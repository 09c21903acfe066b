"""What many days were like on average, besides their measures: recoveries and intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crestline.measures import Recovery
from crestline.replicate import Day

TIMES = ("detected_s", "technical_recovery_s", "operational_recovery_s")


def mean_recoveries(days: Sequence[Day]) -> list[Recovery]:
    """Every fault with the mean of its times over the days; the result is that of most days."""
    return [_mean_recovery(same) for same in zip(*(day.recoveries for day in days), strict=True)]


def _mean_recovery(same: Sequence[Recovery]) -> Recovery:
    """One fault on all days."""
    results = [recovery.result for recovery in same]
    usual = max(set(results), key=results.count)
    means: dict[str, Any] = {name: _mean_of_most([getattr(recovery, name) for recovery in same]) for name in TIMES}
    return replace(
        same[0],
        over=2 * sum(recovery.over for recovery in same) > len(same),
        result=usual,
        why=f"{usual} on {results.count(usual)} of {len(results)} days",
        seen_s=None,
        **means,
    )


def mean_rows(days: Sequence[Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Interval by interval the mean of every number over the days; words stay as they are."""
    return [
        {key: value if isinstance(value, str) else _mean([row[key] for row in same]) for key, value in same[0].items()}
        for same in zip(*days, strict=True)
    ]


def _mean_of_most(values: Sequence[float | None]) -> float | None:
    """The mean, or None where most days have none."""
    return None if 2 * values.count(None) > len(values) else _mean(values)


def _mean(values: Sequence[float | None]) -> float | None:
    seen = [value for value in values if value is not None]
    return sum(seen) / len(seen) if seen else None
