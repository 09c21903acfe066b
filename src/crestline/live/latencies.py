"""How long requests took, counted from the planned instant where there is one: HDR histograms, merged exactly.

Locust counts response times in a table of buckets, which workers send to their master, where they are added up. Its
own buckets keep two digits (44.5 s becomes 44 s). With the buckets of an HDR histogram in their place, Locust's tables,
CSV and web page and the percentiles of a run come from one and the same histogram, whatever the number of workers.
Limits are never judged from it: they have counters of their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hdrh.histogram import HdrHistogram

DIGITS = 3  # of a value that are kept: at most 0.05 % beside it
LONGEST_US = 24 * 3600 * 1_000_000
BITS = 11  # of a number of microseconds that tell buckets apart; the others are its width
SHARES = {"p50_ms": 50.0, "p90_ms": 90.0, "p95_ms": 95.0, "p99_ms": 99.0, "p999_ms": 99.9}


NOT_A_REQUEST = "CONTACT"  # the type of durations in Locust's tables that no single request is


@dataclass
class Kind:
    """What was counted of one kind of request; response times in milliseconds, by bucket."""

    count: int = 0
    failures: int = 0
    longest_ms: float = 0.0
    times: Counter[float] = field(default_factory=Counter)


class Latencies:
    """All requests of a process by method and name, or of several processes once their shares have been taken in."""

    def __init__(self) -> None:
        self.kinds: defaultdict[tuple[str, str], Kind] = defaultdict(Kind)

    def hear(
        self, request_type: str, name: str, response_time: float, exception: BaseException | None, **_: object
    ) -> None:
        """Count one request of which Locust's statistics are told."""
        if request_type == NOT_A_REQUEST:
            return
        kind = self.kinds[request_type, name]
        kind.count += 1
        kind.failures += exception is not None
        kind.longest_ms = max(kind.longest_ms, response_time)
        kind.times[bucket(response_time)] += 1

    def draw(self) -> list[list[Any]]:
        """What has been counted since it was drawn last, as it goes to another process."""
        drawn = [
            [*key, kind.count, kind.failures, kind.longest_ms, dict(kind.times)] for key, kind in self.kinds.items()
        ]
        self.kinds.clear()
        return drawn

    def take(self, drawn: Iterable[Sequence[Any]]) -> None:
        """Add what another process has drawn."""
        for method, name, count, failures, longest_ms, times in drawn:
            kind = self.kinds[method, name]
            kind.count += count
            kind.failures += failures
            kind.longest_ms = max(kind.longest_ms, longest_ms)
            kind.times.update(times)

    def table(self) -> list[dict[str, Any]]:
        """A row for every kind of request: counts and percentiles (ms)."""
        return [_row(*key, kind) for key, kind in sorted(self.kinds.items())]

    def histograms(self) -> list[dict[str, str]]:
        """The histogram (microseconds) of every kind of request, as HDR tools read it."""
        return [
            {"method": method, "name": name, "hdr": histogram(kind.times).encode().decode("ascii")}
            for (method, name), kind in sorted(self.kinds.items())
        ]


def bucket(response_ms: float) -> float:
    """The middle of the HDR bucket in which a response time falls (milliseconds); takes Locust's own hook's place."""
    micros = min(round(response_ms * 1000), LONGEST_US)
    width = max(micros.bit_length() - BITS, 0)
    return ((micros >> width << width) + (1 << width >> 1)) / 1000


def histogram(times: Mapping[float, int]) -> HdrHistogram:
    """The HDR histogram of bucketed response times, in microseconds."""
    made = HdrHistogram(1, LONGEST_US, DIGITS)
    for response_ms, count in times.items():
        made.record_value(round(response_ms * 1000), count)
    return made


def _row(method: str, name: str, kind: Kind) -> dict[str, Any]:
    counted = histogram(kind.times)
    return {
        "method": method,
        "name": name,
        "count": kind.count,
        "failures": kind.failures,
        **{share: counted.get_value_at_percentile(percent) / 1000 for share, percent in SHARES.items()},
        "longest_ms": kind.longest_ms,
    }
