"""How long requests took, counted from the planned instant where there is one: HDR histograms, merged exactly.

Locust counts response times in a table of buckets, which workers send to their master, where they are added up. Its
own buckets keep two digits (44.5 s becomes 44 s). With the buckets of an HDR histogram in their place, Locust's tables,
CSV and web page and the percentiles of a run come from one and the same histogram, whatever the number of workers.
Limits are never judged from it: they have counters of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from hdrh.histogram import HdrHistogram

LATENCIES = "latencies.json"  # in the run folder
DIGITS = 3  # of a value that are kept: at most 0.05 % beside it
LONGEST_US = 24 * 3600 * 1_000_000
BITS = 11  # of a number of microseconds that tell buckets apart; the others are its width
SHARES = {"p50_ms": 50.0, "p90_ms": 90.0, "p95_ms": 95.0, "p99_ms": 99.0, "p999_ms": 99.9}


class Requests(NamedTuple):
    """What Locust has counted of one kind of request; response times in milliseconds, by bucket."""

    method: str
    name: str
    number: int
    failures: int
    longest_ms: float
    response_times: Mapping[float, int]


def bucket(response_ms: float) -> float:
    """The middle of the HDR bucket in which a response time falls (milliseconds); takes Locust's own hook's place."""
    micros = min(round(response_ms * 1000), LONGEST_US)
    width = max(micros.bit_length() - BITS, 0)
    return ((micros >> width << width) + (1 << width >> 1)) / 1000


def histogram(response_times: Mapping[float, int]) -> HdrHistogram:
    """The HDR histogram of bucketed response times, in microseconds."""
    made = HdrHistogram(1, LONGEST_US, DIGITS)
    for response_ms, count in response_times.items():
        made.record_value(round(response_ms * 1000), count)
    return made


def table(requests: Iterable[Requests]) -> list[dict[str, Any]]:
    """A row for every kind of request: its counts, percentiles (ms), and the histogram as HDR tools read it."""
    return [_row(kind) for kind in sorted(requests, key=lambda kind: (kind.method, kind.name))]


def _row(kind: Requests) -> dict[str, Any]:
    counted = histogram(kind.response_times)
    return {
        "method": kind.method,
        "name": kind.name,
        "count": kind.number,
        "failures": kind.failures,
        **{share: counted.get_value_at_percentile(percent) / 1000 for share, percent in SHARES.items()},
        "longest_ms": kind.longest_ms,
        "hdr": counted.encode().decode("ascii"),
    }
