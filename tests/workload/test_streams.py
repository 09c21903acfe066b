"""Streams of random numbers: whatever else is drawn, asked for or played, a number stays what it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from crestline.tables import Workload
from crestline.workload import day, sample, window
from crestline.workload.streams import Draws

if TYPE_CHECKING:
    from tests.workload.conftest import MakeScenario

SEED = 7
CUSTOMERS = np.arange(1_000_000)


def assert_same(one: Workload, other: Workload, but: tuple[str, ...] = ()) -> None:
    """For every attempt that both may have, all columns but some are equal to the last bit, and those are not."""
    keys, others = (table.customer.astype(np.int64) * 100 + table.attempt for table in (one, other))
    common, here, there = np.intersect1d(keys, others, return_indices=True)
    assert len(common) == min(len(one), len(other))
    for name, column in one.columns().items():
        assert np.array_equal(column[here], other.columns()[name][there]) != (name in but), name


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ("contacts.order.bot_resolves=10%", ("resolves", "worse_resolves")),
        ("triage.accuracy=50%", ("routed", "worse_routed")),
        ("contacts.order.handle_time={exponential: {mean: 9min}}", ("handle_s",)),
        ("contacts.refund.handle_time.gamma.mean=9min", ("handle_s",)),
        ("contacts.order.patience=never", ("patience_s",)),
        ("triage.reply_time={constant: 5s}", ("reply_s",)),
        ("vip.share=50%", ("vip",)),
        ("contacts.order.queue_limit=0", ()),
        ("agents.desk.on_duty=99", ()),
        ("triage.pool.workers=8", ()),
        ("objectives=[frt p90 < 45s]", ()),
        ("recontact.after.abandoned=90%", ()),
        ("recontact.after.abandoned=5%", ()),
        ("recontact.at_most=1", ()),
    ],
)
def test_a_change_changes_only_its_own_column(scenario: MakeScenario, change: str, columns: tuple[str, ...]) -> None:
    """A share of recontacts changes which attempts may happen, and no number in them."""
    before, after = scenario(), scenario(change)
    assert_same(sample(before, SEED, day(before)), sample(after, SEED, day(after)), but=columns)


def test_the_delay_changes_no_first_arrival(scenario: MakeScenario) -> None:
    """Gaps of first contacts and delays of recontacts stand in one column and come from two streams."""
    before, after = scenario(), scenario("recontact.delay.exponential.mean=1h")
    one, other = sample(before, SEED, day(before)), sample(after, SEED, day(after))
    assert_same(one, other, but=("gap_s",))
    assert one.first_planned_s.tobytes() == other.first_planned_s.tobytes()


def test_more_customers_change_none_of_the_first(scenario: MakeScenario) -> None:
    """A longer day begins like the shorter one."""
    short, long = scenario(day={"start": "08:00", "length": "2h"}), scenario(day={"start": "08:00", "length": "4h"})
    assert_same(sample(short, SEED, day(short)), sample(long, SEED, day(long)))


def test_another_level_changes_only_when_they_come(scenario: MakeScenario) -> None:
    """At 200 % the same customers come in half the time, and others after them."""
    made = scenario()
    assert_same(sample(made, SEED, day(made)), sample(made, SEED, day(made, 2.0)), but=("gap_s",))


def test_a_fault_changes_nothing_but_what_may_happen(scenario: MakeScenario) -> None:
    """An outage whose customers come back in larger numbers only adds attempts."""
    calm, outage = scenario(), {"kind": "platform-outage", "at": "09:00", "for": "5min", "recontact": 0.8}
    struck = scenario(faults=[outage])
    one, other = sample(calm, SEED, window(calm)), sample(struck, SEED, window(struck))
    assert len(other) > len(one)
    assert_same(one, other)


def test_who_fails_for_real_adds_attempts_and_changes_none(scenario: MakeScenario) -> None:
    """Simulated, nothing fails while the platform is up: fewer attempts have to be there."""
    made = scenario("recontact.after.failed=60%")
    real, simulated = (sample(made, SEED, day(made), simulated=wanted) for wanted in (False, True))
    assert len(simulated) < len(real)
    assert_same(simulated, real)


@given(shares=st.tuples(st.floats(0, 0.9), st.floats(0, 0.9)), most=st.tuples(st.integers(0, 9), st.integers(0, 9)))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_any_other_recontacts_change_no_number(
    scenario: MakeScenario, shares: tuple[float, float], most: tuple[int, int]
) -> None:
    """Whatever share comes back and however often: an attempt that may happen in both is the same in both."""
    one, other = (
        sample(made, SEED, day(made))
        for made in (
            scenario(
                day={"start": "08:00", "length": "30min"},
                recontact={
                    "after": {"abandoned": share},
                    "delay": {"exponential": {"mean": "20min"}},
                    "at_most": often,
                },
            )
            for share, often in zip(shares, most, strict=True)
        )
    )
    keys, others = (table.customer.astype(np.int64) * 100 + table.attempt for table in (one, other))
    common, here, there = np.intersect1d(keys, others, return_indices=True)
    assert len(common) >= len(one.first_rows)
    for name, column in one.columns().items():
        assert column[here].tobytes() == other.columns()[name][there].tobytes(), name


def drawn(draws: Draws) -> dict[str, NDArray[Any]]:
    """A column of every kind of number."""
    return {
        "uniform": draws.uniform("handle"),
        "normal": draws.normal("handle"),
        "exponential": draws.exponential("handle"),
        "gamma": draws.gamma(2.5, "handle"),
        "skewed gamma": draws.gamma(0.3, "handle"),
    }


@given(st.data())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_a_number_does_not_depend_on_who_else_is_asked_for(data: st.DataObject) -> None:
    """For any attempts of any customers, in any order: some of them alone have the numbers that they have among all."""
    attempts = st.tuples(st.integers(0, 2**31 - 1), st.integers(0, 100))
    asked = np.array(data.draw(st.lists(attempts, min_size=1, max_size=50)))
    some = np.array(data.draw(st.lists(st.integers(0, len(asked) - 1), max_size=10)), np.int64)
    draws = Draws.at(SEED, 3, asked[:, 0], asked[:, 1])
    for few in (draws.of(some), Draws.at(SEED, 3, asked[some, 0], asked[some, 1].astype(np.int8))):
        for name, column in drawn(few).items():
            assert column.tobytes() == drawn(draws)[name][some].tobytes(), name


def test_every_name_attempt_replication_and_seed_has_its_own_numbers() -> None:
    first = [
        Draws.at(seed, replication, np.array([customer]), attempt).uniform(column)[0]
        for seed in (0, 1)
        for replication in (0, 1)
        for column in ("handle", "patience", "a column of tomorrow")
        for attempt in (0, 1)
        for customer in (0, 1)
    ]
    assert len(set(first)) == 48


def test_numbers_are_as_good_as_random() -> None:
    """Uniform in 100 classes, and in 100 x 100 with the next customer, attempt, column, replication and seed."""
    here = Draws.at(SEED, 0, CUSTOMERS).uniform("handle")
    assert stats.chisquare(np.histogram(here, 100, (0, 1))[0]).pvalue > 0.002
    others = (
        Draws.at(SEED, 0, CUSTOMERS + 1).uniform("handle"),
        Draws.at(SEED, 0, CUSTOMERS, 1).uniform("handle"),
        Draws.at(SEED, 0, CUSTOMERS).uniform("patience"),
        Draws.at(SEED, 1, CUSTOMERS).uniform("handle"),
        Draws.at(SEED + 1, 0, CUSTOMERS).uniform("handle"),
    )
    for other in others:
        pairs = np.histogram2d(here, other, 100, ((0, 1), (0, 1)))[0]
        assert stats.chisquare(pairs.ravel()).pvalue > 0.002


def test_uniform_numbers_are_neither_0_nor_1() -> None:
    """A share of 100 % always happens, and the logarithm of a number is never infinite."""
    lowest, highest = np.zeros(1, np.uint64), np.full(1, 2**64 - 1, np.uint64)
    for bits in (lowest, highest):
        with patch.object(Draws, "_bits", return_value=bits.copy()):
            assert 0 < Draws.at(SEED, 0, CUSTOMERS[:1]).uniform("again")[0] < 1
        with patch.object(Draws, "_bits", return_value=bits.copy()):
            assert np.isfinite(Draws.at(SEED, 0, CUSTOMERS[:1]).normal("handle")).all()


@pytest.mark.parametrize(
    ("name", "cdf"), [("exponential", stats.expon.cdf), ("normal", stats.norm.cdf), ("uniform", stats.uniform.cdf)]
)
def test_standard_numbers_follow_their_distribution(name: str, cdf: Callable[..., Any]) -> None:
    numbers = getattr(Draws.at(SEED, 0, CUSTOMERS), name)("handle")
    assert stats.kstest(numbers, cdf).pvalue > 0.002


@pytest.mark.parametrize("shape", [0.1, 0.9, 1.0, 4.0, 400.0])
def test_gamma_numbers_follow_their_distribution(shape: float) -> None:
    assert (
        stats.kstest(Draws.at(SEED, 0, CUSTOMERS[:50_000]).gamma(shape, "handle"), stats.gamma(shape).cdf).pvalue
        > 0.002
    )
