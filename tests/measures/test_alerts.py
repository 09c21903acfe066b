"""The three alert levels on small stories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crestline.measures.alerts import Alert, low_satisfaction, rising_complaints, slow_answers
from crestline.scenario import Scenario, load
from crestline.tables import Outcome, Outcomes, Pools, Timeline

Story = Callable[[Any], Outcomes]
TIMELINE = Timeline(0.0, 0.0, 3600.0, 3600.0, 300.0, (), ())
NO_POOLS = Pools(*[[]] * 5)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    kind = {"handle_time": {"constant": "1min"}, "patience": "never"}
    return load(
        {
            "name": "alerts",
            "day": {"start": "00:00", "length": "1h"},
            "interval": "15min",
            "demand": {"rate": "60/h"},
            "contacts": {"order": {"share": "50%", **kind}, "loss": {"share": "50%", "complaint": True, **kind}},
            "agents": {"all": {"skills": ["order", "loss"], "on_duty": 9}},
        }
    )


def test_level_1_is_raised_while_too_many_wait_over_30_seconds(story: Story) -> None:
    """Twenty come at 60 s and are claimed at 130 s: over 30 s on the ticks of 120 (still waiting) and 150 (claimed)."""
    claimed = {"planned_s": 60.0, "queued_s": 60.0, "claimed_s": 130.0, "ended_s": 200.0}
    twenty = story([claimed | {"outcome": Outcome.AGENT_RESOLVED}] * 20)
    assert slow_answers(twenty, 30.0, TIMELINE) == [Alert(1, 90.0, 150.0, 1.0, 0.1, "answers over 30 s")]


def test_level_1_hears_who_left_and_not_whom_the_bot_helped(story: Story) -> None:
    """Eight of twenty leave within five seconds; a bot's reply that resolves is an answer."""
    left = {"planned_s": 60.0, "queued_s": 60.0, "ended_s": 65.0, "outcome": Outcome.ABANDONED}
    helped = {"planned_s": 60.0, "bot_reply_s": 65.0, "ended_s": 65.0, "outcome": Outcome.BOT_RESOLVED}
    (alert,) = slow_answers(story([left] * 8 + [helped] * 12), 30.0, TIMELINE)
    assert (alert.start_s, alert.end_s, alert.value) == (60.0, 90.0, 0.4)
    assert slow_answers(story([helped] * 20), 30.0, TIMELINE) == []


def test_level_1_wants_ten_contacts(story: Story) -> None:
    nine = story([{"planned_s": 60.0, "queued_s": 60.0, "ended_s": 65.0, "outcome": Outcome.ABANDONED}] * 9)
    assert slow_answers(nine, 30.0, TIMELINE) == []


def test_level_2_is_raised_for_an_interval_with_too_few_satisfied(scenario: Scenario, story: Story) -> None:
    done = {"planned_s": 1000.0, "bot_reply_s": 1000.0, "ended_s": 1000.0, "outcome": Outcome.BOT_RESOLVED}
    good, bad = done | {"rating": 1}, done | {"rating": 0}
    raised = low_satisfaction(story([good] * 8 + [bad] * 2), NO_POOLS, scenario, TIMELINE)
    assert raised == [Alert(2, 900.0, 1800.0, 0.8, 0.85, "satisfaction")]
    assert low_satisfaction(story([good] * 9 + [bad]), NO_POOLS, scenario, TIMELINE) == []


@pytest.mark.parametrize(("counts", "raised"), [((10, 15, 15), [1.5]), ((10, 14, 14), []), ((9, 40, 40), [])])
def test_level_3_is_raised_when_complaints_rise_by_half(
    counts: tuple[int, ...], raised: list[float], scenario: Scenario, story: Story
) -> None:
    """Of orders any number may come."""
    complaints = [{"planned_s": 900.0 * i + 1, "contact": 1} for i, count in enumerate(counts) for _ in range(count)]
    orders = [{"planned_s": 1000.0, "contact": 0}] * 50
    assert [a.value for a in rising_complaints(story(complaints + orders), scenario, TIMELINE)] == raised
