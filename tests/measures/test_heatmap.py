"""The heat map: three stages, how long customers stay in each and where they drop off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crestline.measures.heatmap import Cell, heat_map, step_for
from crestline.scenario import load
from crestline.tables import Outcome, Outcomes, Timeline


def test_a_journey_is_seen_stage_by_stage(story: Callable[[Any], Outcomes]) -> None:
    """Served after bot and queue, served without bot, left in the queue, left at the bot, turned away."""
    kind = {"handle_time": {"constant": "1min"}, "patience": "never"}
    scenario = load(
        {
            "name": "map",
            "day": {"start": "00:00", "length": "1h"},
            "demand": {"rate": "60/h"},
            "contacts": {"order": {"share": "50%", **kind}, "loss": {"share": "50%", "bot": "skip", **kind}},
            "triage": {"reply_time": {"constant": "10s"},
                       "pool": {"workers": 1, "at_most": 1, "slots": 1, "step": 1, "start_up": "1min",
                                "scale_in_after": "1h"}},
            "agents": {"all": {"skills": ["order", "loss"], "on_duty": 9}},
        }
    )  # fmt: skip
    table = story(
        [
            {"planned_s": 0, "bot_reply_s": 10, "queued_s": 10, "claimed_s": 40, "ended_s": 100,
             "outcome": Outcome.AGENT_RESOLVED},
            {"planned_s": 0, "contact": 1, "queued_s": 0, "claimed_s": 5, "ended_s": 70,
             "outcome": Outcome.AGENT_RESOLVED},
            {"planned_s": 0, "bot_reply_s": 20, "queued_s": 20, "ended_s": 80, "outcome": Outcome.ABANDONED},
            {"planned_s": 0, "ended_s": 90, "outcome": Outcome.ABANDONED},
            {"planned_s": 0, "contact": 1, "queued_s": 0, "ended_s": 0, "outcome": Outcome.REJECTED},
        ]
    )  # fmt: skip
    cells = heat_map(table, scenario, Timeline(0.0, 0.0, 3600.0, 3600.0, 300.0, (), ()), step_s=1800.0)
    assert cells == [
        Cell("triage", 0.0, 1800.0, 3, 90.0, 1 / 3),
        Cell("triage", 1800.0, 3600.0, 0, None, None),
        Cell("queue", 0.0, 1800.0, 4, 60.0, 2 / 4),
        Cell("queue", 1800.0, 3600.0, 0, None, None),
        Cell("agent", 0.0, 1800.0, 2, 65.0, 0.0),
        Cell("agent", 1800.0, 3600.0, 0, None, None),
    ]


@pytest.mark.parametrize(("length_s", "step_s"), [(600, 60), (3600, 300), (57600, 3600), (1e6, 14400)])
def test_a_window_is_cut_into_steps_that_can_be_read(length_s: float, step_s: float) -> None:
    assert step_for(Timeline(0.0, 0.0, length_s, length_s, 300.0, (), ())) == step_s
