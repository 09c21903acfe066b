"""Streams of random numbers: whatever else is drawn, asked for or played, a number stays what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.tables import Workload
from crestline.workload import day, sample, window
from crestline.workload.streams import BLOCK, Draws

if TYPE_CHECKING:
    from tests.workload.conftest import MakeScenario

SEED = 7


def assert_same(one: Workload, other: Workload, but: tuple[str, ...] = ()) -> None:
    """For every attempt that both may have, all columns but some are equal to the last bit, and those are not."""
    keys, others = (table.customer * 100 + table.attempt for table in (one, other))
    common, here, there = np.intersect1d(keys, others, return_indices=True)
    assert len(common) == min(len(one), len(other))
    for name, column in one.columns().items():
        assert np.array_equal(column[here], other.columns()[name][there]) != (name in but), name


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ("contacts.order.bot_resolves=10%", ("resolves",)),
        ("triage.accuracy=50%", ("routed",)),
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


@given(rows=st.integers(0, 2000), more=st.integers(0, 500))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_draws_do_not_depend_on_how_many_are_asked_for(rows: int, more: int) -> None:
    few, many = Draws(SEED, 0, rows), Draws(SEED, 0, rows + more)
    for name in ("uniform", "normal", "exponential"):
        assert np.array_equal(getattr(few, name)("handle"), getattr(many, name)("handle")[:rows])
    assert np.array_equal(few.gamma(0.7, "handle"), many.gamma(0.7, "handle")[:rows])


def test_blocks_are_joined_without_a_seam() -> None:
    """Beyond 65,536 rows a second stream goes on; the first is what it was, and the second is another."""
    drawn = Draws(SEED, 0, 2 * BLOCK + 10).uniform("handle")
    assert len(np.unique(drawn)) == len(drawn)
    assert np.array_equal(drawn[: BLOCK + 1], Draws(SEED, 0, BLOCK + 1).uniform("handle"))


def test_every_name_attempt_replication_and_seed_has_its_own_numbers() -> None:
    first = [
        Draws(seed, replication, 1).uniform(column, attempt)[0]
        for seed in (0, 1)
        for replication in (0, 1)
        for column in ("handle", "patience", "a column of tomorrow")
        for attempt in (0, 1)
    ]
    assert len(set(first)) == 24
