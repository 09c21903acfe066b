"""How sure a measured value is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from crestline.measures import Value
from crestline.measures.intervals import mean, percentile_ranks, share


def test_a_share_has_its_wilson_interval() -> None:
    """10 of 100, as in the textbooks: 5.5 % to 17.4 %."""
    made = share(10, 100)
    assert (made.value, made.low, made.high) == pytest.approx((0.1, 0.0552, 0.1744), abs=5e-5)


@given(st.integers(30, 10**7), st.data())
def test_intervals_of_shares_and_ranks_of_percentiles_are_those_of_scipy(count: int, data: st.DataObject) -> None:
    """They are not taken from there, since importing it takes longer than many a report."""
    hits, percent = data.draw(st.integers(0, count)), data.draw(st.integers(1, 99))
    made = share(hits, count)
    assert (made.low, made.high) == pytest.approx(binomtest(hits, count).proportion_ci(0.95, "wilson"), abs=1e-12)
    if ranks := percentile_ranks(count, percent):
        low, high = (binom.ppf(q, count, percent / 100) for q in ((1 - 0.95) / 2, 1 - (1 - 0.95) / 2))
        assert ranks == (low, high + 1)


def test_a_mean_has_its_normal_interval() -> None:
    """Fifty ones and fifty threes: 2, give or take 1.96 x 1.005 / 10."""
    made = mean(total=200.0, squares=500.0, count=100)
    assert (made.value, made.low, made.high) == pytest.approx((2.0, 1.803, 2.197), abs=1e-3)


@pytest.mark.parametrize(
    "made", [share(3, 29), mean(29.0, 40.0, 29), share(30, 60, intervals=False), mean(9.0, 9.0, 90, intervals=False)]
)
def test_fewer_than_thirty_contacts_have_no_interval(made: Value) -> None:
    """Nor has anybody who asked for none."""
    assert made.low is made.high is None
    assert made.value is not None


def test_nothing_where_there_was_nobody() -> None:
    assert share(0, 0) == mean(0.0, 0.0, 0) == Value(None)


@given(st.integers(30, 5000), st.sampled_from([50, 90, 95, 99]))
def test_order_statistics_enclose_a_percentile_in_95_of_100_samples(count: int, percent: int) -> None:
    """The chance that the true percentile lies between the two is at least 95 %, whatever the distribution."""
    ranks = percentile_ranks(count, percent)
    if ranks is None:  # too few for one of the two
        assert count < 30 or count * (1 - percent / 100) < 5
        return
    covered = binom.cdf(ranks.high - 1, count, percent / 100) - binom.cdf(ranks.low - 1, count, percent / 100)
    assert covered >= 0.95 - 1e-9


def test_a_percentile_of_few_has_no_order_statistics() -> None:
    assert percentile_ranks(29, 50) is None
    assert percentile_ranks(100, 50) == (40, 61)
