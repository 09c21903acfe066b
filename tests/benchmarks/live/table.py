"""The tables of the live benchmarks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median

from .clients import Told
from .measure import Seen

BEGIN, END = "<!-- live benchmarks -->", "<!-- /live benchmarks -->"
BARE = "Locust's `FastHttpUser`, as fast as it can"
SINGLE = "Crestline, a request for each customer"
JOURNEY = "Crestline, four requests for each customer"
OPEN_LOOP = "a plain open-loop client"
THROUGHPUT = "Locust's `constant_throughput`"


def load_table(played: Mapping[str, Sequence[Seen]], ceiling: float | None) -> list[str]:
    """What each client sends, how late, and at what price; medians over the rounds, ratios round by round."""
    most = [f"| wrk, in C | {ceiling:,.0f} | | | | |"] if ceiling else []
    return [
        "| client | requests/s | sent of planned | lateness p99 | processor time of a request | of bare Locust's |",
        "|---|--:|--:|--:|--:|--:|",
        *most,
        *(_load_row(name, plays, played[BARE]) for name, plays in played.items()),
    ]


def _load_row(name: str, plays: Sequence[Seen], bare: Sequence[Seen]) -> str:
    share, late = (median(getattr(seen.told, what) for seen in plays) for what in ("sent_share", "late_p99_ms"))
    cells = [
        name,
        f"{median(seen.per_s for seen in plays):,.0f}",
        "" if math.isnan(share) else f"{100 * share:.2f} %",
        "" if math.isnan(late) else f"{late:.1f} ms",
        f"{median(seen.cpu_us for seen in plays):.0f} µs",
        f"{times_of(plays, bare):.2f} ×",
    ]
    return f"| {' | '.join(cells)} |"


def times_of(plays: Sequence[Seen], bare: Sequence[Seen]) -> float:
    """Processor time of a request over that of bare Locust: the median of the rounds' ratios."""
    return median(seen.cpu_us / other.cpu_us for seen, other in zip(plays, bare, strict=True))


def standstill_table(told: Mapping[str, Told], theory_ms: float) -> list[str]:
    """The p99 that each reports of a server that stood still for a while."""
    return [
        "| client | p99 that it reports | of theory |",
        "|---|--:|--:|",
        f"| theory | {theory_ms:,.0f} ms | |",
        *(f"| {name} | {t.p99_ms:,.0f} ms | {100 * t.p99_ms / theory_ms:.1f} % |" for name, t in told.items()),
    ]
