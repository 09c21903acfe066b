"""What each kind of fault does to a small service: who waits or fails for it, that it is noticed, and that it ends."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from crestline import workload
from crestline.engine import default_engine, engine
from crestline.measures import Recovery, recover
from crestline.scenario import load
from crestline.tables import Outcome, Outcomes

SEED = 1
MINUTE = 60.0
START_S, END_S = 60 * MINUTE, 75 * MINUTE
TYPE = {"bot_resolves": 0.6, "handle_time": {"exponential": {"mean": "4min"}}}
SERVICE: dict[str, Any] = {
    "name": "small",
    "day": {"start": "00:00", "length": "3h"},
    "demand": {"rate": "600/h"},
    "contacts": {
        "order": TYPE | {"share": 0.7, "patience": {"exponential": {"mean": "10min"}}},
        "refund": TYPE | {"share": 0.3, "patience": {"exponential": {"mean": "10min"}}},
    },
    "recontact": {"after": {"abandoned": 0.2, "failed": 0.2}, "delay": {"constant": "10min"}, "at_most": 2},
    "triage": {
        "reply_time": {"exponential": {"mean": "20s"}},
        "accuracy": 0.95,
        "pool": {
            "workers": 6,
            "at_most": 12,
            "slots": 1,
            "scale_out_at": 0.9,
            "start_up": "30s",
            "scale_in_after": "1min",
        },
    },
    "agents": {"all": {"skills": ["order", "refund"], "on_duty": 24}},
    "recovery": {"limit": "45s", "give_up": "2h"},
}
WORSE = {"resolves": 0.3}
WINDOW = {"at": "01:00", "for": "15min"}


class Played(NamedTuple):
    """The service with one fault, or as it would have been without."""

    outcomes: Outcomes
    recoveries: list[Recovery]

    def of(self, *outcomes: Outcome) -> int:
        """How many contacts that were due while the fault was in force ended so."""
        due = (self.outcomes.planned_s >= START_S) & (self.outcomes.planned_s < END_S)
        return int((due & np.isin(self.outcomes.outcome, outcomes)).sum())

    @property
    def answer_s(self) -> float:
        """Mean time until the first reply of bot or agent, of those who were due in that hour and got one."""
        due = (self.outcomes.planned_s >= START_S) & (self.outcomes.planned_s < START_S + 60 * MINUTE)
        first = np.fmin(self.outcomes.bot_reply_s, self.outcomes.claimed_s) - self.outcomes.planned_s
        return float(np.nanmean(first[due]))

    @property
    def agent_wait_s(self) -> float:
        """Mean time in an agent queue, of those who entered one in that hour and were claimed."""
        queued = (self.outcomes.queued_s >= START_S) & (self.outcomes.queued_s < START_S + 60 * MINUTE)
        return float(np.nanmean((self.outcomes.claimed_s - self.outcomes.queued_s)[queued]))


@cache
def played(*faults: tuple[tuple[str, Any], ...]) -> Played:
    scenario = load(SERVICE | {"faults": [dict(fault) | WINDOW for fault in faults]})
    span = workload.day(scenario)
    line = workload.timeline(scenario, span)
    tables = engine(default_engine())(scenario, workload.sample(scenario, SEED, span), line)
    return Played(tables[0], recover(*tables, scenario, line))


@pytest.fixture
def usual() -> Played:
    """The service on a day without a fault."""
    return played()


def with_fault(kind: str, **options: Any) -> Played:
    return played((("kind", kind), *options.items()))


def abandoned(told: Played) -> float:
    return told.of(Outcome.ABANDONED)


def failed(told: Played) -> float:
    return told.of(Outcome.FAILED)


def handed_on(told: Played) -> float:
    return told.of(Outcome.AGENT_RESOLVED, Outcome.ABANDONED)


def answer_s(told: Played) -> float:
    return told.answer_s


def agent_wait_s(told: Played) -> float:
    return told.agent_wait_s


@pytest.mark.parametrize(
    ("kind", "options", "measure"),
    [
        ("triage-outage", {}, agent_wait_s),
        ("triage-brownout", {"how": "slow", "factor": 4}, answer_s),
        ("triage-brownout", {"how": "stop"}, answer_s),
        ("triage-worse", {"resolves": 0.3}, agent_wait_s),
        ("storage-stall", {}, answer_s),
        ("platform-outage", {}, failed),
        ("wire", {"how": "latency", "delay": "1min"}, answer_s),
        ("wire", {"how": "hang"}, answer_s),
        ("wire", {"how": "refuse"}, failed),
        ("wire", {"how": "reset", "share": 0.5}, failed),
        ("wire", {"how": "errors", "share": 0.5}, failed),
        ("agents-leave", {"group": "all", "share": 0.4}, agent_wait_s),
        ("slow-agents", {"factor": 1.6}, agent_wait_s),
        ("demand-spike", {"factor": 2}, agent_wait_s),
    ],
)
def test_customers_feel_it_and_are_served_as_before_later(kind: str, options: dict[str, Any], measure: Any) -> None:
    """At least half as much again of what it makes worse; detected within its quarter of an hour; recovered."""
    told = with_fault(kind, **options)
    (recovery,) = told.recoveries
    assert measure(told) >= 1.5 * measure(played()) + 1
    assert START_S < (recovery.detected_s or 0.0) <= END_S
    assert not recovery.over
    assert (recovery.operational_recovery_s or 0.0) > 0


def test_nothing_is_touched_before_it_strikes(usual: Played) -> None:
    """Until a fault strikes, every contact is the very same."""
    for kind, options in (("storage-stall", {}), ("wire", {"how": "errors", "share": 0.5}), ("triage-worse", WORSE)):
        told, before = with_fault(kind, **options).outcomes, usual.outcomes
        first, second = (table.take(table.ended_s < START_S).ended_s.tolist() for table in (told, before))
        assert first == second


def test_a_reset_has_to_hit_twice() -> None:
    """Half of all openings that meet an error fail; of those that are reset a quarter, since they are tried again."""
    due = with_fault("wire", how="refuse").of(Outcome.FAILED)
    assert with_fault("wire", how="errors", share=0.5).of(Outcome.FAILED) == pytest.approx(due / 2, rel=0.15)
    assert with_fault("wire", how="reset", share=0.5).of(Outcome.FAILED) == pytest.approx(due / 4, rel=0.2)


def test_a_bad_release_resolves_no_contact_that_a_good_one_would_not() -> None:
    """A subset of what the good one resolves, of about the share that is said."""
    scenario = load(SERVICE | {"faults": [{"kind": "triage-worse", "resolves": 0.8, "accuracy": 0.5} | WINDOW]})
    rows = workload.sample(scenario, SEED, workload.day(scenario))
    assert not (rows.worse_resolves & ~rows.resolves).any()
    assert rows.worse_resolves.sum() / rows.resolves.sum() == pytest.approx(0.8, abs=0.03)
    assert (rows.worse_routed != rows.contact).mean() == pytest.approx(0.5, abs=0.03)
    misread = rows.routed != rows.contact
    assert (rows.worse_routed[misread] == rows.routed[misread]).all()


def test_a_pool_that_cannot_grow_lets_a_spike_wait_for_the_bot() -> None:
    spike = (("kind", "demand-spike"), ("factor", 3))
    assert played(spike, (("kind", "pool-freeze"),)).answer_s > 1.5 * played(spike).answer_s


def test_a_storm_of_retries_fails_more_often_while_the_door_is_shut(usual: Played) -> None:
    """A calm service knows none: who is not helped is almost nobody."""
    door = (("kind", "platform-outage"),)
    assert failed(played(door, (("kind", "retry-storm"),))) > 1.8 * failed(played(door))
    assert len(with_fault("retry-storm").outcomes) == pytest.approx(len(usual.outcomes), rel=0.02)


def test_web_workers_that_are_killed_are_back_before_the_model_notices(usual: Played) -> None:
    assert with_fault("web-worker-kill", every="2min").outcomes.ended_s.tolist() == usual.outcomes.ended_s.tolist()


@pytest.mark.parametrize("kind", ["triage-outage", "platform-outage", "storage-stall", "triage-brownout"])
def test_a_tool_of_somebody_else_has_the_effect_it_is_said_to_have(kind: str) -> None:
    """And none where nothing is said."""
    hook = {"inject": ["break"], "undo": ["mend"]}
    as_kind, alone = with_hook(hook | {"as": kind}), with_hook(hook)
    assert as_kind == with_fault(kind).outcomes.ended_s.tolist()
    assert alone == played().outcomes.ended_s.tolist()


def with_hook(hook: dict[str, Any]) -> list[float]:
    scenario = load(SERVICE | {"faults": [{"kind": "command"} | hook | WINDOW]})
    span = workload.day(scenario)
    rows = workload.sample(scenario, SEED, span)
    outcomes, _ = engine(default_engine())(scenario, rows, workload.timeline(scenario, span))
    return [float(at) for at in outcomes.ended_s]
