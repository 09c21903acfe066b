"""How a report spells values: a quantity with its unit, its interval, its band, and the words of a result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crestline.measures import keys
from crestline.units import format_duration, format_share

Plain = Mapping[str, Any]
"""A ``Value`` as ``run.json`` holds it."""

NOTHING = "-"
SIGNS = {"met": "✓", "missed": "✗", "inconclusive": "?"}
WORDS = {"met": "met", "missed": "MISSED", "inconclusive": "inconclusive"}
VERDICTS = {"met": "MET", "missed": "MISSED", "inconclusive": "INCONCLUSIVE"}
PASSES = {"met": "PASS", "missed": "FAIL", "inconclusive": "NO VERDICT"}

FAILED = {
    "triage-outage": "the bot failed",
    "triage-brownout": "the bot slowed down",
    "triage-worse": "the bot got worse",
    "web-worker-kill": "web workers were killed",
    "storage-stall": "storage stood still",
    "platform-outage": "the platform failed",
    "wire": "the wire went bad",
    "agents-leave": "agents left",
    "slow-agents": "agents slowed down",
    "pool-freeze": "scale-out stopped",
    "demand-spike": "demand rose",
    "retry-storm": "customers tried again at once",
}
BACK = {
    "triage-outage": "bot back",
    "triage-brownout": "bot back",
    "triage-worse": "old bot back",
    "storage-stall": "storage back",
    "platform-outage": "platform back",
    "wire": "wire back",
    "agents-leave": "agents back",
    "slow-agents": "agents as fast as before",
    "demand-spike": "demand back",
}


def quantity(value: float | None, unit: str, currency: str = "") -> str:
    """A number with its unit: ``2 min 31 s``, ``4.1 %``, ``1,204/h``, ``3.40 EUR``, ``12``."""
    if value is None:
        return NOTHING
    if unit == "s":
        return format_duration(_rounded(value))
    if unit == "share":
        return format_share(value)
    if unit == "per_h":
        return f"{value:,.0f}/h"
    if unit == "currency":
        return f"{value:,.2f} {currency}".rstrip()
    return f"{value:,.10g}"


def _rounded(seconds: float) -> float:
    """Seconds, a stray rounding error below zero taken as zero."""
    return 0.0 if abs(seconds) < 0.0005 else seconds


def value(plain: Plain | None, unit: str, currency: str = "") -> str:
    """The value alone; a percentile that fell on a contact never answered is ``over`` what could be seen."""
    if plain is None or plain.get("value") is None:
        return NOTHING
    text = quantity(plain["value"], unit, currency)
    return f"over {text}" if plain.get("over") else text


def interval(plain: Plain | None, unit: str) -> str:
    """The 95 % interval, ``[2:24, 2:38]``; empty where there is none."""
    return _pair(plain, ("low", "high"), ", ", unit)


def band(plain: Plain | None, unit: str) -> str:
    """Where one day in ten does not lie, ``[1:31..3:40]``; empty where there is none."""
    return _pair(plain, ("p5", "p95"), "..", unit)


def _pair(plain: Plain | None, names: tuple[str, str], between: str, unit: str) -> str:
    ends = [plain.get(name) for name in names] if plain else [None]
    if any(end is None for end in ends) or ends[0] == ends[1]:
        return ""
    texts = [short(end, unit) for end in ends if end is not None]
    return f"[{between.join(texts)}]"


def short(number: float, unit: str) -> str:
    """A number without its unit, for an interval beside a value: ``2:31`` for 151 s, ``4.1`` for 4.1 %."""
    if unit == "s":
        return _short_duration(_rounded(number))
    if unit == "share":
        return format_share(number).removesuffix(" %")
    if unit == "currency":
        return f"{number:,.2f}"
    return f"{number:,.0f}"


def _short_duration(seconds: float) -> str:
    if seconds < 59.95:
        return f"{seconds:.1f}".removesuffix(".0")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"


def limit(op: str, amount: float, unit: str, currency: str = "") -> str:
    """A limit as an objective states it: ``< 45 s``, ``>= 85 %``."""
    return f"{op} {quantity(amount, unit, currency)}"


def count(number: float | None) -> str:
    """A whole number: ``2,412``."""
    return NOTHING if number is None else f"{number:,.0f}"


def measure_name(key: str) -> str:
    """A measure as objectives name it: ``agent_frt p90`` for ``agent_frt_p90_s``, ``abandonment for refund``."""
    parts = keys.split(key)
    name = re.sub(r"_(p\d+|mean)$", r" \1", parts.name.removesuffix("_s"))
    name = f"{name} for {parts.subject}" if parts.subject else name
    return f"{name} each interval" if parts.each_interval else name
