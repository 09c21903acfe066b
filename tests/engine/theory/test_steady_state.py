"""The engines against queueing theory, in steady states. Rates are per minute; handle times have a mean of a minute."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from crestline.tables import Bools, Floats, Outcome, Outcomes

from .formulas import ErlangA, erlang_b, erlang_c, two_classes

if TYPE_CHECKING:
    from tests.engine.theory.conftest import AssertTheory, LongPlay

EXPONENTIAL = {"exponential": {"mean": "1min"}}


def one_type(**parts: Any) -> dict[str, Any]:
    """The contact type ``all``, whose customers never leave, varied."""
    return {"all": {"share": 1, "handle_time": EXPONENTIAL, "patience": "never"} | parts}


def wait_s(outcomes: Outcomes) -> Floats:
    """Queue entry to claim or leaving."""
    return np.asarray(np.where(np.isnan(outcomes.claimed_s), outcomes.ended_s, outcomes.claimed_s) - outcomes.queued_s)


def had_to_wait(outcomes: Outcomes) -> Bools:
    """Who was not answered at once."""
    return wait_s(outcomes) > 0


@pytest.mark.parametrize("handle_time", [EXPONENTIAL, {"lognormal": {"mean": "1min", "cv": "150%"}}])
def test_loss_system_is_erlang_b(long_play: LongPlay, assert_theory: AssertTheory, handle_time: dict[str, Any]) -> None:
    """8 agents, 8 Erlang, nobody waits: 23.6 % are turned away, whatever the distribution of handle times."""
    played = long_play(12_000, 8, agents=8, contacts=one_type(queue_limit=0, handle_time=handle_time))
    assert_theory(erlang_b(8, 8), played.batches(lambda o: o.outcome == Outcome.REJECTED), 0.25)


def test_endless_patience_is_erlang_c(long_play: LongPlay, assert_theory: AssertTheory) -> None:
    """3 agents, 1.5 Erlang: who has to wait, how long on average, and how many longer than 40 s."""
    played = long_play(20_000, 1.5, agents=3)
    waits = erlang_c(1.5, 3)
    assert_theory(waits, played.batches(had_to_wait), 0.2)
    assert_theory(60 * waits / (3 - 1.5), played.batches(wait_s), 0.4)
    assert_theory(waits * math.exp(-(3 - 1.5) * 40 / 60), played.batches(lambda o: wait_s(o) > 40), 0.4)


def test_patience_is_erlang_a(long_play: LongPlay, assert_theory: AssertTheory) -> None:
    """10 agents, 11 Erlang, 2 min of patience: who waits, how long, who leaves, and who is answered within 20 s."""
    played = long_play(25_000, 11, agents=10, contacts=one_type(patience={"exponential": {"mean": "2min"}}))
    theory = ErlangA(per_minute=11, agents=10, impatience=0.5)
    assert_theory(theory.waits, played.batches(had_to_wait), 0.15)
    assert_theory(60 * theory.wait, played.batches(wait_s), 0.3)
    assert_theory(theory.abandonment, played.batches(lambda o: o.outcome == Outcome.ABANDONED), 0.3)
    in_time = played.batches(lambda o: ~np.isnan(o.claimed_s) & (wait_s(o) <= 20))
    assert_theory(theory.answered_within(20 / 60), in_time, 0.25)


@pytest.mark.parametrize(
    ("handle_time", "variance"),
    [
        ({"constant": "1min"}, 0),
        ({"lognormal": {"mean": "1min", "cv": "120%"}}, 1.2**2),
        ({"hyperexponential": [{"share": 0.5, "mean": "20s"}, {"share": 0.5, "mean": "100s"}]}, 17 / 9),
    ],
    ids=["constant", "lognormal", "hyperexponential"],
)
def test_one_agent_is_m_g_1(
    long_play: LongPlay, assert_theory: AssertTheory, handle_time: dict[str, Any], variance: float
) -> None:
    """One agent busy half the time: the mean wait of Pollaczek (1930) and Khinchine (1932)."""
    played = long_play(20_000, 0.5, contacts=one_type(handle_time=handle_time))
    assert_theory(60 * 0.5 * (1 + variance) / (2 * (1 - 0.5)), played.batches(wait_s), 0.6)
    assert_theory(0.5, played.batches(had_to_wait), 0.1)


def test_vips_wait_as_cobham_says(long_play: LongPlay, assert_theory: AssertTheory) -> None:
    """One agent, a minute for each contact, busy 70 % of the time, 40 % VIPs, no one interrupted (Cobham 1954)."""
    played = long_play(20_000, 0.7, vip={"share": "40%"}, contacts=one_type(handle_time={"constant": "1min"}))
    vips, everyone, remaining_s = 0.28, 0.7, 30 * 0.7
    vip = played.outcomes.vip
    assert_theory(remaining_s / (1 - vips), played.batches(wait_s, vip), 0.15)
    assert_theory(remaining_s / ((1 - vips) * (1 - everyone)), played.batches(wait_s, ~vip), 0.4)


def test_vips_wait_as_kella_and_yechiali_say(long_play: LongPlay, assert_theory: AssertTheory) -> None:
    """3 agents, 2.1 Erlang, 40 % VIPs: both have to wait as often, others 3.3 times as long.

    While all agents are busy the VIPs' line is that of one agent as fast as three, so their waits are exponential.
    """
    played = long_play(25_000, 2.1, agents=3, vip={"share": "40%"})
    vip, waits = played.outcomes.vip, erlang_c(2.1, 3)
    theory = two_classes(0.84, 1.26, 3)
    assert_theory(waits, played.batches(had_to_wait, vip), 0.2)
    assert_theory(waits, played.batches(had_to_wait, ~vip), 0.2)
    assert_theory(60 * theory.vips, played.batches(wait_s, vip), 0.3)
    assert_theory(60 * theory.others, played.batches(wait_s, ~vip), 0.5)
    longer = played.batches(lambda o: wait_s(o) > 30, vip)
    assert_theory(waits * math.exp(-(3 - 0.84) * 30 / 60), longer, 0.3)


def test_repeat_contacts_add_up_to_one_queue(long_play: LongPlay, assert_theory: AssertTheory) -> None:
    """30 % come back each time: as many contacts as first ones / 0.7, and the waits of that load (Jackson 1957)."""
    played = long_play(
        15_000,
        1.05,
        agents=3,
        recontact={"after": {"agent_resolved": "30%"}, "delay": {"exponential": {"mean": "30min"}}, "at_most": 12},
    )
    assert_theory(1.05 / 0.7, played.rates(), 0.08)
    assert_theory(erlang_c(1.5, 3), played.batches(had_to_wait), 0.25)
    assert_theory(60 * erlang_c(1.5, 3) / (3 - 1.5), played.batches(wait_s), 0.4)


def test_bot_and_agents_are_two_queues_in_a_row(long_play: LongPlay, assert_theory: AssertTheory) -> None:
    """A bot with 2 x 1 slots, then 2 agents for the 60 % it hands on: each queue is as if alone (Burke 1956)."""
    played = long_play(
        15_000,
        1.2,
        agents=2,
        contacts=one_type(bot_resolves="40%"),
        triage={
            "reply_time": EXPONENTIAL,
            "pool": {"workers": 2, "at_most": 2, "slots": 1, "start_up": "1min"},
        },
    )
    reply_s = played.workload.reply_s

    def slot_wait_s(outcomes: Outcomes) -> Floats:
        return np.asarray(outcomes.bot_reply_s - reply_s[outcomes.row] - outcomes.planned_s)

    assert_theory(erlang_c(1.2, 2), played.batches(lambda o: slot_wait_s(o) > 1e-6), 0.2)
    assert_theory(60 * erlang_c(1.2, 2) / (2 - 1.2), played.batches(slot_wait_s), 0.4)
    handed_on = ~np.isnan(played.outcomes.queued_s)
    assert_theory(0.6, played.batches(lambda o: ~np.isnan(o.queued_s)), 0.04)
    assert_theory(erlang_c(0.72, 2), played.batches(had_to_wait, handed_on), 0.25)
    assert_theory(60 * erlang_c(0.72, 2) / (2 - 0.72), played.batches(wait_s, handed_on), 0.5)
