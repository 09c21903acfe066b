"""A day that comes in chunks is the same day, to the last bit."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.errors import UsageError
from crestline.tables import Workload
from crestline.workload import arrivals, day, memory, sample, sample_chunks, window

if TYPE_CHECKING:
    from tests.workload.conftest import MakeScenario


def assert_same_day(chunks: list[Workload], whole: Workload) -> None:
    """Joined, the chunks are the whole; each says with which row it begins and when its first gap does."""
    for name, column in whole.columns().items():
        joined = np.concatenate([chunk.columns()[name] for chunk in chunks])
        assert (joined.dtype, joined.tobytes()) == (column.dtype, column.tobytes()), name
    planned_s = np.concatenate([chunk.first_planned_s for chunk in chunks])
    assert planned_s.tobytes() == whole.first_planned_s.tobytes()
    assert chunks[0].start_s == whole.start_s
    assert chunks[0].first_row == whole.first_row == 0
    for before, after in pairwise(chunks):
        assert after.first_row == before.first_row + len(before)
        assert after.start_s == before.first_planned_s[-1]


@given(block=st.integers(20, 3000), seed=st.integers(0, 9), drill=st.booleans(), simulated=st.booleans())
@settings(max_examples=20, deadline=None, derandomize=True)
def test_chunks_of_any_size_are_the_whole_day(
    scenario: MakeScenario, block: int, seed: int, drill: bool, simulated: bool
) -> None:
    made = scenario("recontact.after.failed=60%", "demand.day_factor_cv=15%")
    span = window(made) if drill else day(made)
    whole = sample(made, seed, span, 3, simulated=simulated)
    with patch.object(arrivals, "BLOCK", block):
        chunks = list(sample_chunks(made, seed, span, 3, simulated=simulated))
        assert max(len(chunk.first_rows) for chunk in chunks) <= block
        assert_same_day(chunks, whole)
        assert_same_day([sample(made, seed, span, 3, simulated=simulated)], whole)


def test_a_large_day_comes_in_chunks_of_one_size(scenario: MakeScenario) -> None:
    made = scenario(demand={"rate": "20000/h"})
    chunks = list(sample_chunks(made, 1, day(made), day_factor=False))
    assert [len(chunk.first_rows) for chunk in chunks[:-1]] == [arrivals.BLOCK, arrivals.BLOCK]
    assert_same_day(chunks, sample(made, 1, day(made), day_factor=False))


def test_chunks_end_with_the_last_that_may_be_played(scenario: MakeScenario) -> None:
    """Whoever is due before the stop is there; a chunk that begins later is not."""
    made = scenario()
    with patch.object(arrivals, "BLOCK", 100):
        chunks = list(sample_chunks(made, 1, day(made)))
        for stop_s in (1.0, 3600.0, chunks[7].start_s, 1e9):
            few = list(sample_chunks(made, 1, day(made), stop_s=stop_s))
            assert [chunk.start_s for chunk in few] == [chunk.start_s for chunk in chunks if chunk.start_s < stop_s]


def test_a_span_without_customers_is_one_empty_chunk(scenario: MakeScenario) -> None:
    night = scenario(demand={"rate": {"08:00": "0/h", "09:00": "0/h", "10:00": "9/h"}}, load_test={"for": "1h"})
    (chunk,) = sample_chunks(night, 1, window(night))
    assert len(chunk) == len(sample(night, 1, window(night))) == 0


def test_what_does_not_fit_into_memory_is_refused_before_it_is_sampled(scenario: MakeScenario) -> None:
    """With how much is needed, how much is there, and what to do."""
    crowd = scenario(demand={"rate": "20000/s"})
    words = (
        r"demand: about 288,000,000 customers in one piece need about \d\d\.\d GB of memory, 8\.0 GB are free; "
        r"lower the rate or the level, or take a shorter day or window"
    )
    with patch("psutil.virtual_memory") as seen:
        seen.return_value.available = 8_000_000_000
        with pytest.raises(UsageError, match=words):
            sample(crowd, 1, day(crowd))


def test_chunks_need_the_memory_of_one(scenario: MakeScenario) -> None:
    """So much demand begins to be played."""
    crowd = scenario(demand={"rate": "20000/s"})
    chunk = next(sample_chunks(crowd, 1, day(crowd)))
    assert len(chunk.first_rows) == arrivals.BLOCK


def test_more_rows_than_have_a_number_are_refused(scenario: MakeScenario) -> None:
    """In chunks, too, and before the first of them."""
    crowd = scenario(demand={"rate": "900000/s"})
    words = r"about 12,960,000,000 customers may contact 19,9\d\d,\d{3},\d{3} times, at most 2,147,483,647 times"
    for ask in (sample, sample_chunks):
        with pytest.raises(UsageError, match=words):
            ask(crowd, 1, day(crowd), day_factor=False)


def test_others_ask_for_memory_in_their_own_words() -> None:
    with patch("psutil.virtual_memory") as seen:
        seen.return_value.available = 2_000_000_000
        memory.require_memory(1_999_999_999, "30,000 contacts in the system at once")
        with pytest.raises(
            UsageError, match=r"demand: 9 contacts need about 3\.1 GB of memory, 2\.0 GB are free; wait"
        ):
            memory.require_memory(3_100_000_000, "9 contacts", "wait")
