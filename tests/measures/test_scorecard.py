"""Objectives as counters: hits and of how many, interval by interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from crestline.engine import reference
from crestline.measures import keys
from crestline.measures.contacts import Contacts
from crestline.measures.scorecard import Scorecard, is_countable, share_asked
from crestline.measures.tally import Tally
from crestline.measures.values import holds
from crestline.scenario import Scenario, load
from crestline.tables import Outcome, Outcomes, Timeline
from crestline.workload import sample, timeline, window

Story = Callable[[Any], Outcomes]
TIMELINE = Timeline(0.0, 0.0, 3600.0, 3600.0, 300.0, (), ())
ASKED = (
    "frt p90 < 45s",
    "agent_frt p50 <= 10s for vip",
    "wait p99 < 1min for complaint",
    "service_level 30s >= 80%",
    "abandonment < 5%",
    "error_rate < 1%",
    "rejected < 1%",
    "resolution >= 90% for order",
    "satisfaction >= 85% for vip",
)
NOT_COUNTED = ("wait mean < 1min", "occupancy <= 85%", "recovery <= 15min", "cost_per_contact < 3.50", "frt p90 > 1s")


def scenario(*objectives: str) -> Scenario:
    kind = {"handle_time": {"constant": "1min"}, "patience": "never"}
    return load(
        {
            "name": "scored",
            "day": {"start": "00:00", "length": "1h"},
            "demand": {"rate": "60/h"},
            "contacts": {"order": {"share": "50%", **kind}, "complaint": {"share": "50%", **kind}},
            "vip": {"share": "10%"},
            "agents": {"all": {"skills": ["order", "complaint"], "on_duty": 9}},
            "objectives": list(objectives),
        }
    )


def test_hits_are_counted_where_contacts_were_planned(story: Story) -> None:
    """In the first half hour one of two waited under 20 s; in the second the only VIP left, and nobody else came."""
    served = {"outcome": Outcome.AGENT_RESOLVED, "rating": 1}
    contacts = story(
        [
            served | {"planned_s": 100, "queued_s": 100, "claimed_s": 110, "served_s": 110, "ended_s": 200},
            served | {"planned_s": 1790, "queued_s": 1790, "claimed_s": 1810, "served_s": 1810, "ended_s": 2000},
            {"planned_s": 1800, "vip": True, "queued_s": 1800, "ended_s": 1805, "outcome": Outcome.ABANDONED},
            {"planned_s": 3600, "outcome": Outcome.FAILED},  # out of scope
        ]
    )
    card = Scorecard(scenario("frt p50 < 20s", "abandonment < 5%", "satisfaction >= 85% for vip"), TIMELINE)
    hits, of = card.count(contacts)
    assert of.tolist() == [[2, 1], [2, 1], [0, 1]]
    assert hits.tolist() == [[1, 0], [0, 1], [0, 0]]
    assert card.holds(hits, of).tolist() == [[True, False], [True, False], [True, False]]


@pytest.mark.parametrize("op", ["<", "<="])
def test_the_limit_itself_counts_as_the_objective_says(op: str, story: Story) -> None:
    contacts = story([{"planned_s": 0, "bot_reply_s": 45.0, "outcome": Outcome.BOT_RESOLVED}])
    card = Scorecard(scenario(f"frt p90 {op} 45s"), TIMELINE)
    assert card.count(contacts)[0].tolist() == [[int(op == "<="), 0]]


def test_means_and_what_pools_tell_cannot_be_counted() -> None:
    asked = scenario(*ASKED, *NOT_COUNTED)
    assert [is_countable(o) for o in asked.objectives] == [True] * len(ASKED) + [False] * len(NOT_COUNTED)
    assert [o.text for o in Scorecard(asked, TIMELINE).objectives] == list(ASKED)


def test_the_share_that_is_asked_for() -> None:
    """Of a percentile the share of contacts that have to be under the limit."""
    assert [share_asked(o) for o in scenario("frt p95 < 45s", "abandonment < 5%").objectives] == [0.95, 0.05]


@pytest.mark.parametrize("seed", range(3))
def test_counters_hold_exactly_where_the_measure_holds(seed: int) -> None:
    """In every interval of a real play, for every objective; and the counters of two halves are those of the whole."""
    asked = load("quick", [f"objectives=[{', '.join(ASKED)}]", "interval=2min"])
    line = timeline(asked, window(asked))
    outcomes, _ = reference.play(asked, sample(asked, seed, window(asked)), line)
    card, tally = Scorecard(asked, line), Tally(asked, line)
    hits, of = card.count(outcomes)
    tally.add(Contacts.of(outcomes, line))
    for objective, kept in zip(card.objectives, card.holds(hits, of), strict=True):
        name, subject, _ = keys.split(objective.key)
        values = tally.intervals(subject).values(name) or []
        assert kept.tolist() == [value.value is None or holds(value, objective) for value in values]
    halves = [np.array(card.count(outcomes.take(outcomes.row % 2 == part))) for part in (0, 1)]
    assert np.array_equal(halves[0] + halves[1], (hits, of))
