"""What each mitigation is worth, in words: what its absence would have cost the same customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crestline.report import words

Run = Mapping[str, Any]
IN = {"cost": "in agents", "lost_cost": "in lost customers"}


def worth_sentences(run: Run) -> list[str]:
    """A sentence for each mitigation that the service had."""
    currency = run.get("currency") or ""
    return [f"{one['name']}: {_told(one, currency)}" for one in run.get("mitigations") or ()]


def _told(one: Mapping[str, Any], currency: str) -> str:
    losses = " and ".join(_losses(one, 1)) or "these days would have gone no worse"
    harm, money = " and ".join(_losses(one, -1)), _money(one, currency)
    return f"without it {losses}{f'; with it {harm}' if harm else ''}{money}"


def _money(one: Mapping[str, Any], currency: str) -> str:
    """What it costs and saves in agents and, where they have a price, in lost customers; both together where both."""
    saved = {whom: round(_either(one.get(key)), -1) for key, whom in IN.items()}
    told = [
        f"{'saves' if money > 0 else 'costs'} {abs(money):,.0f} {currency} a day {whom}"
        for whom, money in saved.items()
        if money
    ]
    if not told:
        return ""
    net = f", net {round(_either(one.get('net')), -1):+,.0f} {currency}" if len(told) > 1 else ""
    return f"; it {' and '.join(told)}{net}"


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


def _either(value: Mapping[str, Any] | None) -> float:
    """A value whose interval leaves out nothing, and nothing otherwise."""
    return _clear(value, 1) + _clear(value, -1)
