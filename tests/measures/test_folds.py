"""Measures are folds: pieces or one table, in whatever order they come, tell the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.measures import Value
from crestline.measures.contacts import Contacts
from crestline.measures.counting import count
from crestline.measures.durations import Durations, Sample
from crestline.measures.indicators import SHARES
from crestline.measures.keys import DURATIONS
from crestline.measures.tally import Tally
from crestline.scenario import Scenario, load
from crestline.tables import Floats, Outcome, Outcomes, Timeline

SECONDS = st.floats(0, 1e6, allow_nan=False)
TIMELINE = Timeline(0.0, 300.0, 3600.0, 3600.0, 400.0, (), ())
TIMES = [f"{name}_{stat}_s" for name in DURATIONS for stat in ("p50", "p90", "p99", "mean")]
SUBJECTS = (None, "vip", "loss")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    kind = {"share": "50%", "handle_time": {"constant": "1min"}, "patience": "never"}
    return load(
        {
            "name": "folded",
            "day": {"start": "00:00", "length": "1h"},
            "interval": "15min",
            "demand": {"rate": "60/h"},
            "contacts": {"order": kind, "loss": kind},
            "agents": {"all": {"skills": ["order", "loss"], "on_duty": 9}},
            "vip": {"share": "10%"},
            "objectives": [
                "service_level 30s >= 80% for vip",
                "abandonment < 5% for loss",
                "wait mean < 1min each interval",
            ],
        }
    )


def any_outcomes(seed: int, rows: int) -> Outcomes:
    """Contacts with any outcome, of which any instant may be missing."""
    rng = np.random.default_rng(seed)
    planned = rng.uniform(0, 3700, rows)

    def some() -> Floats:
        return np.where(rng.random(rows) < 0.7, planned + rng.exponential(60, rows), np.nan)

    number, blank, queued = np.arange(rows), np.full(rows, np.nan), some()
    claimed = np.where(rng.random(rows) < 0.7, np.fmax(queued, planned) + rng.exponential(60, rows), np.nan)
    ended = np.where(rng.random(rows) < 0.7, np.fmax(np.fmax(queued, claimed), planned) + 60, np.nan)
    return Outcomes(
        row=number, customer=number, attempt=rng.integers(0, 2, rows), contact=rng.integers(0, 2, rows),
        vip=rng.random(rows) < 0.1, planned_s=planned, sent_s=planned, bot_reply_s=some(), queued_s=queued,
        claimed_s=claimed, served_s=claimed, passed_s=blank, ended_s=ended,
        outcome=rng.integers(0, len(Outcome), rows), group=number * 0, first_group=number * 0,
        transfers=number * 0, rating=rng.integers(-1, 2, rows),
    )  # fmt: skip


def told(scenario: Scenario, *pieces: Outcomes, exact_up_to: int = 1000) -> dict[str, list[Value]]:
    """Everything that contacts alone tell, of all of them and of each interval, and of every subject."""
    tally = Tally(scenario, TIMELINE, exact_up_to=exact_up_to)
    for piece in pieces:
        tally.add(Contacts.of(piece, TIMELINE))
    return {
        f"{name}[{subject}] of {len(parts.counts('contacts'))}": parts.values(name, intervals=True) or []
        for subject in SUBJECTS
        for parts in (tally.whole(subject), tally.intervals(subject))
        for name in [*TIMES, *SHARES, "service_level", "service_level_30s"]
    }


def is_close(one: list[Value], other: list[Value]) -> bool:
    """The same but for the last digits: a sum of floats depends on its order."""
    return [v.value for v in one] == [pytest.approx(v.value, rel=1e-9) if v.value else v.value for v in other]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32), rows=st.integers(0, 80), cuts=st.lists(st.integers(0, 80), max_size=4))
def test_pieces_in_any_order_tell_the_same_as_one_table(
    seed: int, rows: int, cuts: list[int], scenario: Scenario
) -> None:
    whole = any_outcomes(seed, rows)
    order = np.random.default_rng(seed).permutation(rows)
    pieces = [whole.take(order[a:b]) for a, b in pairwise([0, *sorted(min(cut, rows) for cut in cuts), rows])]
    one, several = told(scenario, whole), told(scenario, *pieces)
    assert {k: v for k, v in one.items() if "mean" not in k} == {k: v for k, v in several.items() if "mean" not in k}
    assert all(is_close(one[key], several[key]) for key in one if "mean" in key)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32), rows=st.integers(1, 80))
def test_intervals_together_are_the_whole_and_a_subject_is_a_table_of_its_own(
    seed: int, rows: int, scenario: Scenario
) -> None:
    """VIPs alone tell what the VIPs of the table tell; and of contacts planned out of scope nothing is told."""
    table = any_outcomes(seed, rows)
    vips, of_vips = told(scenario, table.take(table.vip)), told(scenario, table)
    inside = table.take((table.planned_s >= 300) & (table.planned_s < 3600))
    assert told(scenario, inside) == of_vips
    for key, values in of_vips.items():
        if key.split("[")[1].startswith("vip"):
            assert values == vips[key.replace("[vip]", "[None]")]
    tally = Tally(scenario, TIMELINE)
    tally.add(Contacts.of(table, TIMELINE))
    for name in ("contacts", "queued", "satisfied", "left_triage", "waited"):
        assert sum(tally.intervals().counts(name)) == tally.whole().counts(name)[0]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32), rows=st.integers(1, 80))
def test_a_tally_of_buckets_counts_exactly_and_times_nearly(seed: int, rows: int, scenario: Scenario) -> None:
    """Counters are equal; percentiles and means are off by 0.04 % at most."""
    pieces = [any_outcomes(seed + i, rows) for i in range(3)]
    exact, binned = told(scenario, *pieces), told(scenario, *pieces, exact_up_to=rows)
    for key, values in exact.items():
        if key.split("[")[0] not in TIMES:
            assert binned[key] == values
        for one, other in zip(values, binned[key], strict=True):
            assert other.over == one.over
            assert other.value == (None if one.value is None else pytest.approx(one.value, rel=4e-4, abs=1e-3))


@given(st.lists(st.tuples(st.integers(0, 4), st.lists(st.booleans(), min_size=8, max_size=8)), max_size=40))
def test_flags_are_counted_group_by_group(rows: list[tuple[int, list[bool]]]) -> None:
    group = np.array([number for number, _ in rows], np.int64)
    flags = np.array([set_ for _, set_ in rows], np.bool_).reshape(len(rows), 8).T
    expected = [[int((group[flag] == number).sum()) for number in range(5)] for flag in flags]
    assert count(list(flags), group, 5).tolist() == expected


def sample_of(seconds: Floats, exact_up_to: int, never: int = 0) -> Sample:
    made = Durations(1, exact_up_to)
    for part in np.array_split(np.concatenate((seconds, np.full(never, np.inf))), 2):
        made.add(part, np.zeros(len(part), np.int64))
    return made.samples(np.array([0]), 1)[0]


@given(st.lists(SECONDS, min_size=1, max_size=60), st.integers(0, 20), st.integers(1, 99))
def test_a_percentile_is_one_of_the_values(seconds: list[float], never: int, percent: int) -> None:
    """It is the smallest value that so many per cent do not exceed; infinity where it falls on the unanswered."""
    made = sample_of(np.array(seconds), 1000, never).percentile(percent, 1e9)
    ordered = [*sorted(seconds), *[1e9] * never]
    expected = next(v for i, v in enumerate(ordered, 1) if 100 * i >= percent * len(ordered))
    assert (made.value, made.over) == (expected, expected == 1e9)


@given(st.lists(SECONDS, min_size=1, max_size=120), st.integers(0, 120), st.integers(0, 20), st.integers(1, 99))
def test_the_histogram_is_right_to_four_hundredths_of_a_per_cent(
    seconds: list[float], exact_up_to: int, never: int, percent: int
) -> None:
    """Beyond the values that are kept, percentiles are read from buckets, wherever it began."""
    exact = sample_of(np.array(seconds), 1000, never).percentile(percent, 1e9)
    binned = sample_of(np.array(seconds), exact_up_to, never).percentile(percent, 1e9)
    assert binned.value == pytest.approx(exact.value, rel=4e-4, abs=1e-3)
    assert binned.over == exact.over


@pytest.mark.parametrize("exact_up_to", [1000, 0])
def test_the_mean_leaves_out_who_was_never_answered(exact_up_to: int) -> None:
    """Also in a histogram, where nothing is read as nothing; but not who is known to have waited in vain."""
    made = Durations(1, exact_up_to)
    made.add(np.array([0.0, 20.0, np.inf, np.inf]), np.zeros(4, np.int64))
    (sample,) = made.samples(np.array([0]), 1)
    assert sample.size == 4
    assert sample.mean().value == pytest.approx(10.0, rel=4e-4)
    made.add_known(np.array([40.0]), np.zeros(1, np.int64))
    assert made.samples(np.array([0]), 1)[0].mean().value == pytest.approx(20.0, rel=4e-4)
