"""The workload as a table: every possible attempt of every customer, with the shares that the scenario names."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from crestline.tables import Bools, Workload
from crestline.workload import day, sample, window
from crestline.workload.recontacts import largest_recontact_share

if TYPE_CHECKING:
    from tests.workload.conftest import MakeScenario

ORDER, REFUND, COMPLAINT = 0, 1, 2


@pytest.fixture(scope="module")
def workload(scenario: MakeScenario) -> Workload:
    """About 10,000 customers."""
    made = scenario(day={"start": "08:00", "length": "20h"})
    return sample(made, 11, day(made))


def assert_share(hits: Bools, share: float) -> None:
    """The number of hits lies inside the middle 99.8 % of its binomial distribution."""
    binomial = stats.binom(len(hits), share)
    assert binomial.ppf(0.001) <= hits.sum() <= binomial.ppf(0.999)


def test_rows_stand_customer_by_customer_attempt_by_attempt(workload: Workload) -> None:
    """Customers are numbered in order of arrival; their attempts follow each other without a gap."""
    assert workload.customer[workload.attempt == 0].tolist() == list(range(workload.customer.max() + 1))
    again = np.flatnonzero(workload.attempt > 0)
    assert (workload.customer[again] == workload.customer[again - 1]).all()
    assert (workload.attempt[again] == workload.attempt[again - 1] + 1).all()
    assert (np.diff(workload.first_planned_s) >= 0).all()


def test_an_attempt_may_follow_where_the_largest_share_allows_it(workload: Workload) -> None:
    """Row k + 1 exists exactly if row k's uniform is below the largest recontact share, up to ``at_most``."""
    follows = np.append(workload.attempt[1:] > 0, False)
    assert np.array_equal(follows, (workload.again_u < 0.35) & (workload.attempt < 5))
    assert workload.attempt.max() == 5


def test_the_largest_share_may_be_a_faults(scenario: MakeScenario) -> None:
    """Whoever fails in an outage may come back more often than after any other outcome."""
    outage = {"kind": "platform-outage", "at": "09:00", "for": "5min", "recontact": 0.8}
    assert largest_recontact_share(scenario(faults=[outage])) == 0.8
    assert largest_recontact_share(scenario(faults=[outage | {"recontact": 0.1}])) == 0.35
    assert largest_recontact_share(scenario(recontact=None)) == 0


def test_without_recontact_everyone_comes_once(scenario: MakeScenario) -> None:
    made = scenario(recontact=None)
    assert not sample(made, 1, day(made)).attempt.any()


def test_customers_keep_their_type_and_rank(workload: Workload) -> None:
    """Contact type and VIP belong to the customer, not to the attempt."""
    first = workload.first_rows
    assert np.array_equal(workload.contact, workload.contact[first][workload.customer])
    assert np.array_equal(workload.vip, workload.vip[first][workload.customer])


def test_shares_are_the_scenarios(workload: Workload) -> None:
    """Types, VIPs and what the bot resolves, for first contacts and recontacts alike."""
    first = workload.take(workload.first_rows)
    for contact, share in ((ORDER, 0.5), (REFUND, 0.3), (COMPLAINT, 0.2)):
        assert_share(first.contact == contact, share)
    assert_share(first.vip, 0.05)
    assert_share(workload.resolves[workload.contact == ORDER], 0.7)
    assert_share(workload.resolves[workload.contact == REFUND], 0.4)
    assert not workload.resolves[workload.contact == COMPLAINT].any()


def test_triage_misreads_a_share_and_sends_them_to_any_other_skill(workload: Workload) -> None:
    """10 % of those who meet the bot; the others' skills are equally likely, and who skips the bot is never misread."""
    bot = workload.take(workload.contact != COMPLAINT)
    misread = bot.routed != bot.contact
    assert_share(misread, 0.1)
    orders = bot.take(misread & (bot.contact == ORDER))
    assert_share(orders.routed == REFUND, 0.5)
    assert set(orders.routed.tolist()) == {REFUND, COMPLAINT}
    skipped = workload.take(workload.contact == COMPLAINT)
    assert np.array_equal(skipped.routed, skipped.contact)


def test_one_type_or_no_bot_means_nobody_is_misread(scenario: MakeScenario) -> None:
    """There is no other skill, or nobody who could be wrong."""
    alone = scenario(
        contacts={"order": {"share": 1, "handle_time": {"constant": "1min"}, "patience": "never"}},
        agents={"desk": {"skills": ["order"], "on_duty": 1}},
    )
    for made in (alone, scenario(triage=None)):
        workload = sample(made, 1, day(made))
        assert np.array_equal(workload.routed, workload.contact)
        assert made.triage or not workload.resolves.any()


def test_every_type_has_its_own_times(workload: Workload) -> None:
    """Means within 3.3 standard errors; who never leaves has endless patience."""
    means = {ORDER: (180, 240), REFUND: (300, 0.25 * 60 + 0.75 * 840), COMPLAINT: (480, np.inf)}
    for contact, (handle, patience) in means.items():
        of_type = workload.take(workload.contact == contact)
        for times, mean in ((of_type.handle_s, handle), (of_type.patience_s, patience)):
            if np.isinf(mean):
                assert np.isinf(times).all()
            else:
                assert abs(times.mean() - mean) < 3.3 * times.std() / np.sqrt(len(times))


def test_columns_are_independent_of_each_other(workload: Workload) -> None:
    """No pair of columns of one row, nor a column of two attempts, is correlated beyond chance (Spearman)."""
    orders = workload.take((workload.contact == ORDER) & (workload.attempt == 0))
    names = ("gap_s", "handle_s", "patience_s", "reply_s", "again_u", "rating_u")
    for one, other in combinations([getattr(orders, name) for name in names], 2):
        assert abs(stats.spearmanr(one, other).statistic) < 4 / np.sqrt(len(orders))
    again = np.flatnonzero((workload.attempt == 1) & (workload.contact == ORDER))
    for name in ("handle_s", "patience_s", "rating_u"):
        column = getattr(workload, name)
        assert abs(stats.spearmanr(column[again - 1], column[again]).statistic) < 4 / np.sqrt(len(again))


def test_the_window_starts_at_its_own_zero(scenario: MakeScenario) -> None:
    """The first gap counts from the window's start, and the last customer comes before its horizon."""
    made = scenario(load_test={"from": "09:00", "for": "1h"})
    drill = sample(made, 1, window(made))
    assert drill.start_s == 3600
    assert drill.first_planned_s[0] == 3600 + drill.gap_s[0]
    assert drill.first_planned_s[-1] < 7200


def test_an_average_day_has_no_factor(scenario: MakeScenario) -> None:
    """A drill and its forecast play it; other forecasts draw how busy the day is."""
    made = scenario("demand.day_factor_cv=30%")
    drawn, average = (sample(made, 1, day(made), day_factor=wanted) for wanted in (True, False))
    plain = scenario()
    assert np.array_equal(average.gap_s, sample(plain, 1, day(plain)).gap_s)
    assert drawn.gap_s[0] != average.gap_s[0]
