"""Recovery on synthetic tables: a contact every ten seconds, and how long each waited for an agent.

Windows hold thirty contacts (``sustain`` 5 min); of thirty, ten over the limit of 45 s are improbable for a tenth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from crestline.measures import Recovery, recover, recovered
from crestline.measures.guards import too_many
from crestline.measures.recovery import NO_EFFECT, UNNOTICED, worst
from crestline.measures.sighting import AWAITED
from crestline.measures.values import NOTHING, Value
from crestline.scenario import Scenario, load
from crestline.tables import Fault, Floats, Outcome, Outcomes, Pools, Staffing, Timeline

Waits = Callable[[Floats], Any]
NONE = np.zeros(0, np.int64)
NO_POOLS = Pools(NONE.astype(np.float64), NONE, NONE, NONE, NONE)
STRUCK = Fault("agents-leave", 1200.0, 1320.0, 1320.0)


def scenario(*objectives: str, faults: int = 1, give_up: str = "1h") -> Scenario:
    kinds = [{"kind": "agents-leave", "at": f"0{i + 1}:20", "for": "2min", "group": "desk", "share": "50%"}
             for i in range(faults)]  # fmt: skip
    return load(
        {
            "name": "steady",
            "day": {"start": "01:00", "length": "4h"},
            "demand": {"rate": "360/h"},
            "contacts": {"all": {"share": "100%", "handle_time": {"constant": "1min"}, "patience": "never"}},
            "agents": {"desk": {"skills": ["all"], "on_duty": 30}},
            "objectives": list(objectives),
            "faults": kinds,
            "recovery": {"give_up": give_up},
        }
    )


def timeline(*faults: Fault, stop_s: float = 3600.0, slots: tuple[int, ...] = (30,)) -> Timeline:
    steps = tuple(1200.0 * i for i in range(len(slots)))
    return Timeline(0.0, 300.0, stop_s, stop_s, 300.0, (Staffing("desk", steps, slots),), faults or (STRUCK,))


def contacts(waits: Waits, until_s: float = 3600.0, *, left: Waits | None = None) -> Outcomes:
    """One contact every ten seconds; each waits as long as ``waits`` says, and leaves then where ``left`` says so."""
    planned = np.arange(5.0, until_s, 10.0)
    wait = np.broadcast_to(np.asarray(waits(planned), np.float64), planned.shape)
    gone = np.broadcast_to(left(planned) if left else np.False_, planned.shape)
    claimed = np.where(gone, np.nan, planned + wait)
    ended = np.where(gone, planned + wait, planned + wait + 60)
    number, blank = np.arange(len(planned)), np.full(len(planned), np.nan)
    return Outcomes(
        row=number, customer=number, attempt=number * 0, contact=number * 0, vip=number < 0, planned_s=planned,
        sent_s=planned, bot_reply_s=blank, queued_s=planned, claimed_s=claimed, served_s=claimed, passed_s=blank,
        ended_s=ended, outcome=np.where(gone, Outcome.ABANDONED, Outcome.AGENT_RESOLVED), group=number * 0,
        first_group=number * 0, transfers=number * 0, rating=number * 0,
    )  # fmt: skip


def late(*spans: tuple[float, float], wait_s: float = 100.0) -> Waits:
    return lambda t: wait_s * sum((t >= first) & (t < last) for first, last in spans)


def judged(waits: Waits, *objectives: str, give_up: str = "1h") -> Recovery:
    (found,) = recover(contacts(waits), NO_POOLS, scenario(*objectives, give_up=give_up), timeline())
    return found


def test_a_fault_that_nobody_noticed_is_recovered_from_at_once() -> None:
    """Its result is known when it has been healed for as long as recovery would have to last."""
    assert judged(late(), "recovery <= 15min") == Recovery(
        kind="agents-leave",
        planned_s=1200.0,
        effective_s=1200.0,
        healed_s=1320.0,
        detected_s=None,
        technical_recovery_s=120.0,
        operational_recovery_s=0.0,
        over=False,
        result="met",
        why=UNNOTICED,
        resolution_s=30.0,
        rto_s=900.0,
        seen_s=1620.0,
    )


def test_one_bad_episode_is_over_when_the_windows_are_good_again() -> None:
    """Late from 1200 to 1500: bad windows at 1320 (twelve of thirty) and 1350, good again at 1710 (nine)."""
    found = judged(late((1200, 1500)), "recovery <= 15min")
    assert (found.detected_s, found.operational_recovery_s, found.result) == (1350.0, 510.0, "met")
    assert (found.why, found.seen_s) == ("recovered after 8 min 30 s", 2010.0)
    assert judged(late((1200, 1500)), "recovery <= 8min").result == "missed"
    assert judged(late((1200, 1500))).result == "met"  # nobody asked how fast


def test_leaving_counts_as_waiting_too_long() -> None:
    """Those who leave after five seconds shorten the queue, and nothing is well."""
    gone = contacts(late((1200, 1500), wait_s=5.0), left=lambda t: (t >= 1200) & (t < 1500))
    (found,) = recover(gone, NO_POOLS, scenario(), timeline())
    assert found.operational_recovery_s == 510.0


def test_a_relapse_within_five_minutes_is_no_recovery() -> None:
    """Good at 1710, bad again at 1890: recovered only after the second episode."""
    assert judged(late((1200, 1500), (1800, 2100))).operational_recovery_s == 1110.0


def test_a_relapse_after_five_good_minutes_is_another_matter() -> None:
    assert judged(late((1200, 1500), (2100, 2400))).operational_recovery_s == 510.0


def test_recovery_has_to_hold_the_allowed_share() -> None:
    """Every fifth is late until 2400: improbable in no window, yet twice the allowed tenth."""

    def waits(t: Floats) -> Any:
        return late((1200, 1500))(t) + 100.0 * ((t > 1500) & (t < 2400) & (np.arange(len(t)) % 5 == 0))

    assert judged(waits).operational_recovery_s == pytest.approx(1050.0, abs=60.0)


def test_a_newcomer_who_has_to_expect_a_long_wait_is_a_bad_window_too() -> None:
    """Everyone waits 40 s, within the limit: four wait at a time, for a minute each, and two slots are left."""
    waits = late((0, 3600), wait_s=40.0)
    few = replace(timeline(), staffing=(Staffing("desk", (0.0, 1200.0, 1800.0), (30, 2, 30)),))
    (found,) = recover(contacts(waits), NO_POOLS, scenario(), few)
    assert (found.detected_s, found.operational_recovery_s) == (1230.0, 600.0)


def test_who_is_not_recovered_from_by_give_up_is_missed_and_over() -> None:
    found = judged(late((1200, 3600)), "recovery <= 15min", give_up="30min")
    assert (found.operational_recovery_s, found.over, found.result) == (1800.0, True, "missed")
    assert (found.why, found.seen_s) == ("not recovered within 30 min", 3000.0)


def test_a_run_that_ends_too_early_says_so() -> None:
    """At 1800 s windows have been good for 90 s: the play has to go on; at 2010 s it may end."""
    table = contacts(late((1200, 1500)))
    (found,) = recover(table, NO_POOLS, scenario(), timeline(stop_s=1800.0))
    assert (found.operational_recovery_s, found.result, found.why) == (None, "inconclusive", AWAITED)
    assert not recovered(table, NO_POOLS, scenario(), timeline(), now_s=1980.0)
    assert recovered(table, NO_POOLS, scenario(), timeline(), now_s=2010.0)


@pytest.mark.parametrize(
    ("waits", "struck_s", "why"),
    [
        (late((900, 1200)), 1200.0, "the baseline is not steady: customers waited too long before the fault"),
        (late(), 840.0, "the baseline is 9 min, expected at least 10 min"),
    ],
)
def test_without_a_steady_baseline_nothing_can_be_said(waits: Waits, struck_s: float, why: str) -> None:
    struck = timeline(replace(STRUCK, start_s=struck_s))
    (found,) = recover(contacts(waits), NO_POOLS, scenario(), struck)
    assert (found.operational_recovery_s, found.result, found.why) == (None, "inconclusive", why)
    assert recovered(contacts(waits), NO_POOLS, scenario(), struck)  # going on would not help


def test_a_tenth_of_the_traffic_is_too_little_to_judge() -> None:
    few = contacts(late())
    (found,) = recover(few.take(few.row % 10 == 0), NO_POOLS, scenario(), timeline())
    assert (found.result, found.why) == ("inconclusive", "fewer than 10 contacts in 5 min before the fault")


def test_a_fault_that_never_took_effect_leaves_recovery_open() -> None:
    """Two are planned, one struck: the other is reported, and recovery as a whole is nothing."""
    found = recover(contacts(late(), 7200), NO_POOLS, scenario(faults=2), timeline(STRUCK, stop_s=7200.0))
    assert [(r.planned_s, r.effective_s, r.why) for r in found] == [(1200, 1200, UNNOTICED), (4800, None, NO_EFFECT)]
    assert worst(found) == NOTHING


def test_without_a_fault_there_is_nothing_to_wait_for() -> None:
    calm = replace(timeline(), faults=())
    assert recover(contacts(late()), NO_POOLS, scenario(faults=0), calm) == []
    assert recovered(contacts(late()), NO_POOLS, scenario(faults=0), calm)


def test_a_fault_that_strikes_before_the_last_was_recovered_from_is_judged_with_it() -> None:
    """Both end when customers are served as before; the second is not held against a bad baseline of its own."""
    second = replace(STRUCK, start_s=1500.0, healed_s=1600.0)
    found = recover(contacts(late((1200, 2100))), NO_POOLS, scenario(), timeline(STRUCK, second))
    assert [r.operational_recovery_s for r in found] == [1110.0, 810.0]
    assert worst(found) == Value(1110.0)


def test_a_fault_that_strikes_after_recovery_counts_on_its_own() -> None:
    """The first was recovered from at 1710; steadiness before the second is judged from there."""
    second = replace(STRUCK, start_s=1800.0, healed_s=1900.0)
    found = recover(contacts(late((1200, 1500), (2100, 2400))), NO_POOLS, scenario(), timeline(STRUCK, second))
    assert [(r.operational_recovery_s, r.result) for r in found] == [(510.0, "met"), (810.0, "met")]


def test_the_first_response_is_guarded_as_well() -> None:
    """Agents' queues are fine; those who arrive while the door is shut fail, and never get an answer."""
    table = contacts(late())
    shut = (table.planned_s >= 1200) & (table.planned_s < 1500)
    failed = replace(
        table,
        outcome=np.where(shut, Outcome.FAILED, table.outcome),
        queued_s=np.where(shut, np.nan, table.queued_s),
        claimed_s=np.where(shut, np.nan, table.claimed_s),
    )
    (found,) = recover(failed, NO_POOLS, scenario(), timeline())
    assert found.operational_recovery_s == 510.0


def test_the_technical_recovery_waits_for_healing() -> None:
    (found,) = recover(contacts(late()), NO_POOLS, scenario(), timeline(replace(STRUCK, healed_s=np.nan)))
    assert (found.healed_s, found.technical_recovery_s, found.seen_s) == (None, None, None)


@pytest.mark.parametrize("size", [1, 10, 20, 30, 100])
def test_a_window_is_bad_with_one_chance_in_a_thousand(size: int) -> None:
    """The least count over the limit whose chance is under 0.1 % when a tenth is over it."""
    count = int(too_many()[size])
    assert binom.sf(count - 1, size, 0.1) < 0.001 <= binom.sf(count - 2, size, 0.1)


@given(st.lists(st.floats(0, 45), min_size=360, max_size=360))
def test_waits_within_the_limit_never_make_a_fault(waits: list[float]) -> None:
    assert judged(lambda _: np.array(waits)).why == UNNOTICED


@given(st.integers(0, 2**32), st.floats(0, 1))
def test_recovery_lies_between_detection_and_give_up(seed: int, share: float) -> None:
    """Whatever customers went through: it is nothing, or later than detection and earlier than giving up."""
    rng = np.random.default_rng(seed)
    found = judged(lambda t: rng.exponential(20, len(t)) + 100.0 * ((t > 1200) & (rng.random(len(t)) < share)))
    if found.operational_recovery_s and found.detected_s and not found.over:
        assert found.detected_s < 1200 + found.operational_recovery_s <= 3600 - 300
