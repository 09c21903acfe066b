"""Measures are folds: chunks or one piece, in whatever order they are put together, tell the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crestline.measures.abandonment import Abandonment
from crestline.measures.durations import Durations
from crestline.measures.indicators import Indicators
from crestline.measures.response import Response
from crestline.measures.tally import Tally
from crestline.tables import Floats, Outcome, Outcomes

SECONDS = st.floats(0, 1e6, allow_nan=False)


def any_outcomes(seed: int, rows: int) -> Outcomes:
    """Contacts with any outcome, of which any instant may be missing."""
    rng = np.random.default_rng(seed)
    planned = rng.uniform(0, 3600, rows)

    def some() -> Floats:
        return np.where(rng.random(rows) < 0.7, planned + rng.exponential(60, rows), np.nan)

    number, blank, claimed = np.arange(rows), np.full(rows, np.nan), some()
    return Outcomes(
        row=number, customer=number, attempt=rng.integers(0, 2, rows), contact=rng.integers(0, 2, rows),
        vip=rng.random(rows) < 0.1, planned_s=planned, sent_s=planned, bot_reply_s=some(), queued_s=some(),
        claimed_s=claimed, served_s=claimed, passed_s=blank, ended_s=some(),
        outcome=rng.integers(0, len(Outcome), rows), group=number * 0, first_group=number * 0,
        transfers=number * 0, rating=rng.integers(-1, 2, rows),
    )  # fmt: skip


def tally_of(*chunks: Outcomes) -> Tally:
    fold = Tally(Response(4000.0, 4000.0, (30.0,)), Abandonment(), Indicators())
    for chunk in chunks:
        fold.add(chunk)
    return fold


def same(one: Tally, other: Tally) -> bool:
    """Counts and percentiles are equal to the bit; a sum of floats may depend on its order in the last digits."""
    values, others = one.result(), other.result()
    exact = [key for key in values if "mean" not in key]
    return {k: values[k] for k in exact} == {k: others[k] for k in exact} and all(
        values[k].value == pytest.approx(others[k].value) for k in values if k not in exact
    )


@given(st.integers(0, 2**32), st.integers(0, 80), st.lists(st.integers(0, 80), max_size=4))
def test_chunks_tell_the_same_as_one_piece(seed: int, rows: int, cuts: list[int]) -> None:
    whole = any_outcomes(seed, rows)
    edges = [0, *sorted(min(cut, rows) for cut in cuts), rows]
    chunks = [whole.take(np.arange(first, last)) for first, last in pairwise(edges)]
    assert same(tally_of(*chunks), tally_of(whole))


@given(st.integers(0, 2**32), st.tuples(*[st.integers(0, 40)] * 3))
def test_merging_is_associative(seed: int, rows: tuple[int, int, int]) -> None:
    """(a + b) + c and a + (b + c) tell the same, and the same as adding all three to one."""
    a, b, c = [any_outcomes(seed + i, count) for i, count in enumerate(rows)]
    left, right = tally_of(a), tally_of(a)
    left.merge(tally_of(b))
    left.merge(tally_of(c))
    of_two = tally_of(b)
    of_two.merge(tally_of(c))
    right.merge(of_two)
    assert same(left, right)
    assert same(left, tally_of(a, b, c))


def durations_of(seconds: Floats, exact_up_to: int, never: int = 0) -> Durations:
    made = Durations(exact_up_to)
    made.add(np.concatenate((seconds, np.full(never, np.nan))), np.arange(len(seconds) + never) < len(seconds))
    return made


@given(st.lists(SECONDS, min_size=1, max_size=60), st.integers(0, 20), st.integers(1, 99))
def test_a_percentile_is_one_of_the_values(seconds: list[float], never: int, percent: int) -> None:
    """It is the smallest value that so many per cent do not exceed; infinity where it falls on the unanswered."""
    values = np.array(seconds)
    made = durations_of(values, 1000, never).percentile(percent, 1e9)
    ordered = [*sorted(seconds), *[1e9] * never]
    expected = next(v for i, v in enumerate(ordered, 1) if 100 * i >= percent * len(ordered))
    assert (made.value, made.over) == (expected, expected == 1e9)


@given(st.lists(SECONDS, min_size=1, max_size=60), st.lists(SECONDS, max_size=60), st.integers(1, 99))
def test_the_histogram_is_right_to_four_hundredths_of_a_per_cent(
    some: list[float], more: list[float], percent: int
) -> None:
    """Beyond the values that are kept, percentiles are read from buckets, also after exact and binned are merged."""
    exact = durations_of(np.array(some + more), 1000).percentile(percent, 1e9)
    binned = durations_of(np.array(some), exact_up_to=0)
    binned.merge(durations_of(np.array(more), 1000))
    assert binned.percentile(percent, 1e9).value == pytest.approx(exact.value, rel=4e-4, abs=1e-3)


def test_the_mean_leaves_out_who_was_never_answered() -> None:
    made = durations_of(np.array([10.0, 20.0]), 1000, never=3)
    assert made.mean().value == 15.0
    assert (made.count, made.never) == (5, 3)
