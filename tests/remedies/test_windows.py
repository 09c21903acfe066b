"""When it hurts: the stretches of the day in which more agents are tried."""

from __future__ import annotations

from typing import Any

import numpy as np

from crestline.measures import Recovery
from crestline.measures.day import Day
from crestline.remedies.windows import windows
from crestline.scenario import Scenario, load

CLOCKS = ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00", "12:30")


def service(*objectives: str) -> Scenario:
    return load(
        {
            "name": "small",
            "day": {"start": "09:00", "length": "4h"},
            "demand": {"rate": "60/h"},
            "contacts": {"all": {"share": "100%", "handle_time": {"constant": "6min"}, "patience": "never"}},
            "agents": {"team": {"skills": ["all"], "on_duty": 4}},
            "objectives": list(objectives),
        }
    )


def rows(**abandonment: float) -> list[dict[str, Any]]:
    """Half hours with slack; how many leave in those that begin at 10:00, written ``at10_00``."""
    return [
        {
            "start": clock, "start_s": 1800.0 * i, "length_s": 1800.0, "offered": 30.0, "slots": 4.0,
            "offered_load_erlang": 2.0, "occupancy": 0.5 if i % 2 else 0.4,
            "abandonment": abandonment.get(f"at{clock.replace(':', '_')}", 0.0),
        }
        for i, clock in enumerate(CLOCKS)
    ]  # fmt: skip


def tried(scenario: Scenario, intervals: list[dict[str, Any]], days: list[Day] | None = None) -> list[str]:
    return [str(window) for window in windows(scenario, days or [], intervals, scenario.objectives)]


# The worst stretch comes first, then all of them; a gap of one interval is none.
def test_the_stretches_that_miss_are_windows() -> None:
    asked = service("abandonment < 5%")
    bad = rows(at09_00=0.2, at10_30=0.1, at11_00=0.2, at12_00=0.1)
    assert tried(asked, bad) == ["10:30-11:30", "09:00-09:30 and 10:30-12:30", "all day"]


# What misses nearly all day is a matter of the whole day.
def test_a_day_that_misses_throughout_is_one_window() -> None:
    bad = {f"at{clock.replace(':', '_')}": 0.2 for clock in CLOCKS}
    assert tried(service("abandonment < 5%"), rows(**bad)) == ["all day"]


# Where no interval stands out, agents are tried when they are busiest.
def test_without_a_bad_stretch_the_busiest_time_is_tried() -> None:
    alike = rows()
    alike[2]["occupancy"] = alike[3]["occupancy"] = 0.7
    assert tried(service("cost_per_contact < 1"), alike) == ["10:00-11:00", "all day"]


# Recovery is missed after a fault: from the strike to when queues were back, out to whole intervals.
def test_recovery_is_looked_for_after_the_fault() -> None:
    struck = Recovery(
        kind="triage-outage", planned_s=4000.0, effective_s=4000.0, healed_s=4300.0, detected_s=4060.0,
        technical_recovery_s=300.0, operational_recovery_s=1200.0, over=False, result="missed", why="",
        resolution_s=30.0,
    )  # fmt: skip
    day = Day({}, (struck,), np.zeros(1), np.zeros(1), intervals=[], contacts=0)
    assert tried(service("recovery <= 15min"), rows(), [day]) == ["10:00-11:00", "all day"]
