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
    losses = " and ".join(_losses(one, 1)) or "these days would have gone no worse"
    spent, harm = -round(_clear(one["cost"], -1)), " and ".join(_losses(one, -1))
    costs = f"; it costs {spent:,} {currency} a day" if spent else ""
    return f"without it {losses}{costs}{f'; with it {harm}' if harm else ''}"


def _losses(one: Mapping[str, Any], sign: int) -> Iterator[str]:
    """What is worse without it (1), or with it (-1)."""
    recovery, customers = one["recovery_s"], one["customers"]
    if longer := sign * _clear(recovery, sign):
        yield f"recovery takes {'at least ' if one['over'] and sign > 0 else ''}{words.quantity(longer, 's')} longer"
    if lost := sign * round(_clear(customers, sign)):
        yield f"{lost:,} more {'customer goes' if lost == 1 else 'customers go'} without help a day"


def _clear(value: Mapping[str, Any] | None, sign: int) -> float:
    """A value whose interval lies on that side of nothing, and nothing otherwise."""
    bound = (value or {}).get("low" if sign > 0 else "high")
    return float(value["value"]) if value and bound is not None and sign * bound > 0 else 0.0
