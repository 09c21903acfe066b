"""Two worlds side by side: the same rows, measured and simulated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from crestline.compare import Agreement, World, agree, agreement
from crestline.measures import Recovery, measure
from crestline.scenario import load
from crestline.tables import Floats, Outcome, Outcomes, Pools, Staffing, Timeline

NONE = np.zeros(0, np.int64)
NO_POOLS = Pools(NONE.astype(np.float64), NONE, NONE, NONE, NONE)
TIMELINE = Timeline(0.0, 0.0, 3600.0, 3600.0, 300.0, (Staffing("desk", (0.0,), (9,)),), ())


SCENARIO = load(
    {
        "name": "compare",
        "day": {"start": "00:00", "length": "1h"},
        "demand": {"rate": "60/h"},
        "contacts": {"all": {"share": "100%", "handle_time": {"constant": "1min"}, "patience": "never"}},
        "agents": {"desk": {"skills": ["all"], "on_duty": 9}},
    }
)


def contacts(waits: Floats, left: int = 0) -> Outcomes:
    """A contact every ten seconds; the first ``left`` of them leave, the others are claimed."""
    number = np.arange(len(waits))
    planned = (number * 10).astype(np.float64)
    blank = np.full(len(waits), np.nan)
    gone = number < left
    claimed = np.where(gone, np.nan, planned + waits)
    return Outcomes(
        row=number, customer=number, attempt=number * 0, contact=number * 0, vip=gone & False, planned_s=planned,
        sent_s=planned, bot_reply_s=blank, queued_s=planned, claimed_s=claimed, served_s=claimed, passed_s=blank,
        ended_s=planned + waits + 60 * ~gone, outcome=np.where(gone, Outcome.ABANDONED, Outcome.AGENT_RESOLVED),
        group=number * 0, first_group=number * 0, transfers=number * 0, rating=number * 0,
    )  # fmt: skip


def world(waits: Floats, left: int = 0, recovered_s: float | None = None) -> World:
    took = Recovery("agents-leave", 0.0, 0.0, 0.0, None, None, recovered_s, False, "met", "", 30.0)
    rows = contacts(waits, left)
    values = measure(rows, NO_POOLS, SCENARIO, TIMELINE)
    return World(rows, NO_POOLS, TIMELINE, [took] if recovered_s is not None else [], values)


WAITS = np.linspace(0.0, 60.0, 300)


def failed(measured: World, same: World) -> list[str]:
    return [cell.name for cell in agree(measured, same, SCENARIO) if not cell.ok]


def test_equal_worlds_agree_in_everything() -> None:
    cells = agree(world(WAITS, recovered_s=480.0), world(WAITS, recovered_s=480.0), SCENARIO)
    assert [cell.name for cell in cells] == [
        "frt_p50_s", "frt_p90_s", "agent_frt_p90_s", "abandonment", "mean_wait_s", "same_outcome",
        "operational_recovery_s",
    ]  # fmt: skip
    assert all(cell.ok and (cell.measured == cell.same or cell.name == "same_outcome") for cell in cells)


@pytest.mark.parametrize(
    ("same", "disagree"),
    [
        (world(WAITS * 1.04), []),
        (world(WAITS * 1.06), ["frt_p50_s", "mean_wait_s"]),
        (world(WAITS * 1.10), ["frt_p50_s", "frt_p90_s", "mean_wait_s"]),
        (world(WAITS * 1.15), ["frt_p50_s", "frt_p90_s", "agent_frt_p90_s", "mean_wait_s"]),
        (world(WAITS, left=3), []),
        (world(WAITS, left=6), ["abandonment"]),
        (world(WAITS, left=15), ["frt_p50_s", "abandonment", "same_outcome"]),
    ],
)
def test_worlds_may_be_a_little_apart(same: World, disagree: list[str]) -> None:
    """Medians 5 %, nineties 8 % and 12 %, abandonment a point, three in a hundred contacts with another outcome."""
    assert failed(world(WAITS), same) == disagree


def test_small_waits_may_be_seconds_apart() -> None:
    """5 % of a second would be too much to ask of a wire."""
    assert failed(world(WAITS / 60), world(WAITS / 60 + 0.9)) == []


@pytest.mark.parametrize(("recovered_s", "ok"), [(540.0, True), (420.0, True), (570.0, False)])
def test_recovery_may_be_two_buckets_apart(recovered_s: float, ok: bool) -> None:
    cells = agree(world(WAITS, recovered_s=480.0), world(WAITS, recovered_s=recovered_s), SCENARIO)
    assert cells[-1].ok is ok


def test_the_share_within_the_limit_stands_in_where_a_tenth_is_never_answered() -> None:
    """With 29 and 31 of 300 gone p90 is a minute in one world and never in the other: it tells nothing."""
    cells = agree(world(WAITS, left=29), world(WAITS, left=31), SCENARIO)
    assert [cell.name for cell in cells][1] == "frt_within_45s"
    assert cells[1].ok


def test_a_large_day_has_contacts_of_its_own() -> None:
    """However many customers there are, nobody is taken for another."""
    measured, same = contacts(WAITS[:10]), contacts(WAITS[:10])
    far = replace(same, customer=same.customer + 2**20)
    assert agreement(measured, far, TIMELINE) == Agreement(rows=20, same_outcome=0.0)


def test_contacts_are_matched_by_customer_and_attempt() -> None:
    """Order does not matter; a contact that is in one world only ended differently; the ramp does not count."""
    measured, same = contacts(WAITS[:10]), contacts(WAITS[:12], left=2)
    shuffled = same.take(np.random.default_rng(1).permutation(len(same)))
    assert agreement(measured, shuffled, TIMELINE) == Agreement(rows=12, same_outcome=8 / 12)
    assert agreement(measured, same, replace(TIMELINE, measured_from_s=20.0)) == Agreement(10, 8 / 10)
    assert agreement(measured.take(NONE), same.take(NONE), TIMELINE) == Agreement(0, None)
