"""The rules of the model, one case a line: plain numbers in, a number out."""

from __future__ import annotations

import inspect
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crestline import rules
from crestline.rules import (
    BREAKER_CLOSED,
    BREAKER_HALF_OPEN,
    BREAKER_OPEN,
    STANDBY_CALLED,
    STANDBY_OFF,
    STANDBY_THERE,
)

NEVER = math.nan


@pytest.mark.parametrize(
    ("number", "nearest"), [(0.0, 0), (0.49, 0), (0.5, 1), (1.5, 2), (2.5, 3), (33.99, 34), (34.0, 34)]
)
def test_a_half_goes_up(number: float, nearest: int) -> None:
    assert rules.round_half_up(number) == nearest


@pytest.mark.parametrize(
    ("again_u", "share", "back"), [(0.34, 0.35, True), (0.35, 0.35, False), (0.0, 0.0, False), (0.999, 1.0, True)]
)
def test_customers_come_back_below_the_share(again_u: float, share: float, back: bool) -> None:
    assert rules.comes_back(again_u, share) is back


@pytest.mark.parametrize(
    ("answer_s", "rating_u", "satisfied"),
    [
        (18, 0.919, True),  # 92 % at 18 s
        (18, 0.921, False),
        (120, 0.779, True),  # 78 % at 120 s
        (120, 0.781, False),
        (69, 0.849, True),  # 85 % halfway
        (69, 0.851, False),
        (0, 0.944, True),  # the line goes on to both sides
        (0, 0.945, False),
        (600, 0.12, True),
        (688, 0.0003, True),
        (689, 0.0, False),  # and is cut off at 0
    ],
)
def test_satisfaction_is_a_line_through_two_points(answer_s: float, rating_u: float, satisfied: bool) -> None:
    assert rules.is_satisfied(answer_s, rating_u, 18, 0.92, 120, 0.78) is satisfied


def test_satisfaction_is_cut_off_at_everyone() -> None:
    """A steep line does not make more than 100 % satisfied."""
    assert rules.is_satisfied(0, 0.9999999, 18, 0.92, 20, 0.1)


def test_contacts_rank_by_vip_skill_time_row() -> None:
    """From the first to the last whom an agent takes."""
    ranked = [
        rules.rank_of_contact(vip=True, skill_index=0, queued_s=9, row=9),
        rules.rank_of_contact(vip=True, skill_index=1, queued_s=1, row=1),
        rules.rank_of_contact(vip=False, skill_index=0, queued_s=2, row=8),
        rules.rank_of_contact(vip=False, skill_index=0, queued_s=3, row=6),
        rules.rank_of_contact(vip=False, skill_index=0, queued_s=3, row=7),
        rules.rank_of_contact(vip=False, skill_index=1, queued_s=0, row=0),
    ]
    assert sorted(ranked) == ranked


def test_groups_rank_by_skill_then_file_order() -> None:
    ranked = [rules.rank_of_group(0, 2), rules.rank_of_group(1, 0), rules.rank_of_group(1, 1)]
    assert sorted(ranked) == ranked


@pytest.mark.parametrize(
    ("waiting", "queue_limit", "turned_away"),
    [(0, 0, True), (0, 1, False), (1, 1, True), (199, 200, False), (200, 200, True), (10**6, -1, False)],
)
def test_a_full_queue_turns_away(waiting: int, queue_limit: int, turned_away: bool) -> None:
    assert rules.is_turned_away(waiting, queue_limit) is turned_away


@pytest.mark.parametrize(
    ("state", "longest_wait_s", "calls"),
    [
        (STANDBY_OFF, 30.0, False),
        (STANDBY_OFF, 30.1, True),
        (STANDBY_CALLED, 99, False),  # once is enough
        (STANDBY_THERE, 99, False),
    ],
)
def test_standby_is_called_over_the_limit(state: int, longest_wait_s: float, calls: bool) -> None:
    assert rules.calls_standby(state, longest_wait_s, 30) is calls


@pytest.mark.parametrize(
    ("since_s", "longest_wait_s", "expected"),
    [
        (NEVER, 0, 100),  # calm begins
        (40, 30, 40),  # and lasts, the limit itself included
        (40, 30.1, NEVER),
        (NEVER, 31, NEVER),
    ],
)
def test_calm_lasts_while_the_wait_is_within_the_limit(since_s: float, longest_wait_s: float, expected: float) -> None:
    assert rules.calm_since(since_s, 100, longest_wait_s, 30) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("state", "calm_since_s", "released"),
    [
        (STANDBY_THERE, 41, False),
        (STANDBY_THERE, 40, True),
        (STANDBY_THERE, NEVER, False),
        (STANDBY_CALLED, 0, False),
        (STANDBY_OFF, 0, False),
    ],
)
def test_standby_is_released_when_it_has_been_calm(state: int, calm_since_s: float, released: bool) -> None:
    assert rules.releases_standby(state, calm_since_s, 100, 60) is released


@pytest.mark.parametrize(
    ("busy", "ready_slots", "workers", "starting", "started"),
    [
        (11, 16, 4, 0, 0),
        (12, 16, 4, 0, 2),  # 75 % of the slots are busy
        (16, 16, 6, 2, 0),  # none while some start
        (36, 36, 9, 0, 1),  # no more than at_most
        (40, 40, 10, 0, 0),
        (0, 0, 0, 0, 0),  # nobody is ready: the pool is down
    ],
)
def test_a_pool_scales_out(busy: int, ready_slots: int, workers: int, starting: int, started: int) -> None:
    assert rules.workers_to_start(busy, ready_slots, workers, starting, 0.75, 2, 10) == started


@pytest.mark.parametrize(
    ("since_s", "busy", "ready_slots", "expected"),
    [
        (NEVER, 5, 16, 100),  # under half of 75 % of 16
        (40, 5, 16, 40),
        (40, 6, 16, NEVER),
        (40, 0, 0, NEVER),  # down is not quiet
    ],
)
def test_a_pool_is_quiet_under_half_of_its_share(since_s: float, busy: int, ready_slots: int, expected: float) -> None:
    assert rules.quiet_since(since_s, 100, busy, ready_slots, 0.75) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("quiet_since_s", "idle", "ready", "stopped"),
    [
        (40, 8, 8, 2),
        (41, 8, 8, 0),  # not long enough
        (NEVER, 8, 8, 0),
        (0, 1, 8, 1),  # idle ones only
        (0, 0, 8, 0),
        (0, 8, 5, 1),  # never under the planned number
        (0, 8, 4, 0),
        (0, 3, 3, 0),
    ],
)
def test_a_pool_scales_in(quiet_since_s: float, idle: int, ready: int, stopped: int) -> None:
    assert rules.workers_to_stop(quiet_since_s, 100, 60, idle, ready, 2, 4) == stopped


@pytest.mark.parametrize(
    ("state", "now_s", "tries"),
    [
        (BREAKER_CLOSED, 0, True),
        (BREAKER_OPEN, 99, False),
        (BREAKER_OPEN, 100, True),  # the trial
        (BREAKER_HALF_OPEN, 999, False),  # nobody beside it
    ],
)
def test_a_breaker_lets_nobody_in_until_it_is_time_for_a_trial(state: int, now_s: float, tries: bool) -> None:
    assert rules.tries_bot(state, 40, now_s, 60) is tries


@pytest.mark.parametrize(
    ("state", "is_trial", "counts"),
    [
        (BREAKER_CLOSED, False, True),
        (BREAKER_OPEN, False, False),
        (BREAKER_HALF_OPEN, False, False),
        (BREAKER_HALF_OPEN, True, True),
    ],
)
def test_of_an_open_breaker_the_trial_alone_counts(state: int, is_trial: bool, counts: bool) -> None:
    assert rules.counts_for_breaker(state, is_trial) is counts


@pytest.mark.parametrize(
    ("state", "failures", "after"),
    [
        (BREAKER_CLOSED, 4, BREAKER_CLOSED),
        (BREAKER_CLOSED, 5, BREAKER_OPEN),
        (BREAKER_HALF_OPEN, 6, BREAKER_OPEN),
        (BREAKER_HALF_OPEN, 1, BREAKER_OPEN),  # a trial has but one chance
        (BREAKER_HALF_OPEN, 0, BREAKER_CLOSED),
    ],
)
def test_a_breaker_opens_after_failures_and_closes_after_a_success(state: int, failures: int, after: int) -> None:
    assert rules.breaker_after(state, failures, 5) == after


def test_a_success_ends_a_row_of_failures() -> None:
    assert (rules.failures_in_a_row(3, True), rules.failures_in_a_row(3, False)) == (4, 0)


shares = st.floats(0, 1, exclude_max=True)


@given(again_u=shares, few=shares, more=shares)
def test_a_larger_share_only_adds_customers_who_come_back(again_u: float, few: float, more: float) -> None:
    """One uniform for both: whoever comes back at a share comes back at any larger one."""
    few, more = sorted((few, more))
    assert not rules.comes_back(again_u, few) or rules.comes_back(again_u, more)


@given(rating_u=shares, soon=st.floats(0, 1e4), late=st.floats(0, 1e4))
def test_nobody_is_more_satisfied_by_waiting_longer(rating_u: float, soon: float, late: float) -> None:
    soon, late = sorted((soon, late))
    line = (18.0, 0.92, 120.0, 0.78)
    assert rules.is_satisfied(soon, rating_u, *line) or not rules.is_satisfied(late, rating_u, *line)


def test_no_rule_calls_another() -> None:
    """Each stands alone, so that an engine can translate it as it is."""
    functions = dict(inspect.getmembers(rules, inspect.isfunction))
    assert len(functions) > 10
    for name, function in functions.items():
        assert not set(function.__code__.co_names) & (set(functions) - {name}), name
