"""Latencies: buckets as those of an HDR histogram, and percentiles that survive merging."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from crestline.live.latencies import DIGITS, LONGEST_US, Requests, bucket, histogram, table

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
    """Percentiles of merged counts are those of all raw values, to the width of a bucket."""
    drawn = random.Random(7)
    raw = [drawn.lognormvariate(3, 1.5) for _ in range(20_000)]
    shares = [Counter(map(bucket, raw[worker::3])) for worker in range(3)]
    merged = shares[0] + shares[1] + shares[2]
    assert merged == Counter(map(bucket, raw))
    exact = sorted(raw)[math.ceil(0.99 * len(raw)) - 1]
    told = table([Requests("GET", "/", len(raw), 0, max(raw), merged)])[0]
    assert told["p99_ms"] == pytest.approx(exact, rel=1e-3)


def test_the_histogram_can_be_read_back_by_hdr_tools() -> None:
    counts = Counter(map(bucket, [0.4, 12.0, 12.0, 1800.0]))
    told = table([Requests("POST", "/conversations", 4, 1, 1800.0, counts)])[0]
    read = HdrHistogram.decode(told["hdr"])
    assert read.get_total_count() == 4
    assert read.get_value_at_percentile(50) == histogram(counts).get_value_at_percentile(50)
    assert (told["count"], told["failures"]) == (4, 1)
