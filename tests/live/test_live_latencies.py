"""Latencies: buckets as those of an HDR histogram, and percentiles that survive merging."""

from __future__ import annotations

import math
import random

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from crestline.live.latencies import DIGITS, LONGEST_US, Latencies, bucket

TIMES_MS = st.floats(0.001, 3_600_000, allow_nan=False)


@given(TIMES_MS)
def test_a_bucket_is_the_one_of_the_library(response_ms: float) -> None:
    library = HdrHistogram(1, LONGEST_US, DIGITS)
    micros = round(response_ms * 1000)
    lowest = library.get_lowest_equivalent_value(micros)
    assert lowest <= round(bucket(response_ms) * 1000) <= library.get_highest_equivalent_value(micros)


@given(TIMES_MS)
def test_a_bucket_is_at_most_a_twentieth_of_a_percent_off(response_ms: float) -> None:
    assert abs(bucket(response_ms) - response_ms) <= 0.0005 * response_ms + 0.0005


def test_limits_that_people_set_stay_apart() -> None:
    assert bucket(44_500) == pytest.approx(44_500, rel=5e-4)
    assert bucket(30_449) != bucket(30_000)


def test_shares_of_workers_add_up_to_the_whole() -> None:
    """What processes drew and one took in is what one process would have counted; its p99 is that of the raw values."""
    drawn = random.Random(7)
    raw = [drawn.lognormvariate(3, 1.5) for _ in range(20_000)]
    alone, merged = counted(raw), Latencies()
    for worker in range(3):
        part = counted(raw[worker::3])
        merged.take(part.draw())
        merged.take(part.draw())  # nothing is drawn twice
    assert merged.table() == alone.table()
    exact = sorted(raw)[math.ceil(0.99 * len(raw)) - 1]
    assert merged.table()[0]["p99_ms"] == pytest.approx(exact, rel=1e-3)


def test_the_histogram_can_be_read_back_by_hdr_tools() -> None:
    told = counted([0.4, 12.0, 12.0, 1800.0])
    told.hear("CONTACT", "agent's reply", 5000.0, None)
    told.hear("GET", "/", 7.0, OSError("reset"))
    read = HdrHistogram.decode(told.histograms()[1]["hdr"])
    assert read.get_total_count() == 4
    assert read.get_value_at_percentile(50) == 12_000 | 7  # the end of its bucket, eight microseconds wide
    assert [(row["name"], row["count"], row["failures"]) for row in told.table()] == [("/", 1, 1), ("/open", 4, 0)]


def counted(times_ms: list[float]) -> Latencies:
    """Latencies of requests that took so long."""
    made = Latencies()
    for time_ms in times_ms:
        made.hear("POST", "/open", time_ms, None)
    return made
