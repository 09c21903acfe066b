"""What each mitigation is worth, in words: what its absence would have cost the same customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crestline.report import words

Run = Mapping[str, Any]


def worth_sentences(run: Run) -> list[str]:
    """A sentence for each mitigation that the service had."""
    currency = run.get("currency") or ""
    return [f"{one['name']}: {_told(one, currency)}" for one in run.get("mitigations") or ()]


def _told(one: Mapping[str, Any], currency: str) -> str:
    losses = " and ".join(_losses(one)) or "these days would have gone no worse"
    spent = -round(one["cost"]["value"] or 0.0) if _is_clear(one["cost"], -1) else 0
    return f"without it {losses}{f'; it costs {spent:,} {currency} a day' if spent else ''}"


def _losses(one: Mapping[str, Any]) -> Iterator[str]:
    recovery, customers = one["recovery_s"], one["customers"]
    if _is_clear(recovery, 1):
        yield f"recovery takes {'at least ' if one['over'] else ''}{words.quantity(recovery['value'], 's')} longer"
    if _is_clear(customers, 1) and (lost := round(customers["value"])):
        yield f"{lost:,} more {'customer goes' if lost == 1 else 'customers go'} without help a day"


def _is_clear(value: Mapping[str, Any], sign: int) -> bool:
    """Whether its interval lies on one side of nothing."""
    bound = value["low" if sign > 0 else "high"]
    return bound is not None and sign * bound > 0
