"""The rules of the model: plain numbers in, a number out, no rule calls another.

Engines and live runs decide by these functions, so that both decide alike; a compiled engine translates them as
they stand. The reference desk has its own version of the target's rules on purpose: it must not share the code
that judges it.
"""

from __future__ import annotations

import math

STANDBY_OFF, STANDBY_CALLED, STANDBY_THERE = 0, 1, 2
BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN = 0, 1, 2


def round_half_up(number: float) -> int:
    """The nearest whole number; a half goes up."""
    return math.floor(number + 0.5)


def comes_back(again_u: float, share: float) -> bool:
    """Whether the customer contacts again, after an outcome of which ``share`` come back."""
    return again_u < share


def is_without_help(outcome: int) -> bool:
    """Whether a contact ended with nobody having helped: abandoned, rejected or failed (``tables.Outcome``)."""
    return outcome in (3, 4, 5)


def is_satisfied(answer_s: float, rating_u: float, near_s: float, near: float, far_s: float, far: float) -> bool:
    """Whether a resolved contact is rated well, by the line through two points of (seconds to the answer, share).

    The line is cut off at 0 and 1. Source of the default points: DOMAIN row 6 (18 s: 92 %, 120 s: 78 %).
    """
    chance = near + (answer_s - near_s) * (far - near) / (far_s - near_s)
    return rating_u < min(1.0, max(0.0, chance))


def rank_of_contact(vip: bool, skill_index: int, queued_s: float, row: int) -> tuple[bool, int, float, int]:
    """How a free agent orders the contacts in line; the smallest is taken.

    ``skill_index`` is the place of the contact's queue in the list of skills of the agent's group.
    """
    return (not vip, skill_index, queued_s, row)


def rank_of_group(skill_index: int, group: int) -> tuple[int, int]:
    """How a contact orders the groups that are free; the smallest gets it."""
    return (skill_index, group)


def is_turned_away(waiting: int, queue_limit: int) -> bool:
    """Whether a queue is full for one more contact; a negative limit is none."""
    return 0 <= queue_limit <= waiting


def calls_standby(state: int, longest_wait_s: float, limit_s: float) -> bool:
    """Whether standby agents are called on this control tick."""
    return state == STANDBY_OFF and longest_wait_s > limit_s


def calm_since(since_s: float, now_s: float, longest_wait_s: float, limit_s: float) -> float:
    """Since when the longest wait has been within the limit; NaN while it is over it."""
    if longest_wait_s > limit_s:
        return math.nan
    return now_s if math.isnan(since_s) else since_s


def releases_standby(state: int, calm_since_s: float, now_s: float, release_after_s: float) -> bool:
    """Whether standby agents go home on this control tick."""
    return state == STANDBY_THERE and now_s - calm_since_s >= release_after_s


def workers_to_start(
    busy: int, ready_slots: int, workers: int, starting: int, scale_out_at: float, step: int, at_most: int
) -> int:
    """How many workers an elastic pool starts on this control tick; ``workers`` counts those that start, too."""
    if ready_slots == 0 or starting > 0 or busy < scale_out_at * ready_slots:
        return 0
    return max(0, min(step, at_most - workers))


def quiet_since(since_s: float, now_s: float, busy: int, ready_slots: int, scale_out_at: float) -> float:
    """Since when the pool has been under half of its scale-out share; NaN while it is not."""
    if ready_slots == 0 or busy >= scale_out_at / 2 * ready_slots:
        return math.nan
    return now_s if math.isnan(since_s) else since_s


def workers_to_stop(
    quiet_since_s: float, now_s: float, scale_in_after_s: float, idle: int, ready: int, step: int, at_least: int
) -> int:
    """How many idle workers an elastic pool stops on this control tick; ``ready`` leaves out those that start."""
    if not now_s - quiet_since_s >= scale_in_after_s:
        return 0
    return max(0, min(step, idle, ready - at_least))


def tries_bot(state: int, opened_s: float, now_s: float, open_for_s: float) -> bool:
    """Whether the circuit breaker lets a contact try the bot; one that is let in while it is open is the trial.

    Closed, open, half-open: Nygard, Release It!, 2007.
    """
    return state == BREAKER_CLOSED or (state == BREAKER_OPEN and now_s - opened_s >= open_for_s)


def counts_for_breaker(state: int, is_trial: bool) -> bool:
    """Whether the end of an attempt counts: not of one that began before the breaker opened and ends thereafter."""
    return state == BREAKER_CLOSED or is_trial


def failures_in_a_row(failures: int, has_failed: bool) -> int:
    """How many attempts have failed since the last that did not."""
    return failures + 1 if has_failed else 0


def breaker_after(state: int, failures: int, limit: int) -> int:
    """The state of the circuit breaker after an attempt that counts, with so many failures in a row by then."""
    if failures == 0:
        return BREAKER_CLOSED
    return BREAKER_OPEN if state == BREAKER_HALF_OPEN or failures >= limit else BREAKER_CLOSED
