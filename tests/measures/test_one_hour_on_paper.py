"""One hour with eight contacts in scope, worked out on paper; every measure is asserted."""

from collections.abc import Callable
from typing import Any

import pytest

from crestline.measures import FIXED, Value, measure
from crestline.measures.intervals_of_day import interval_rows
from crestline.scenario import Scenario, load
from crestline.tables import Outcome, Outcomes, Pools, Staffing, Timeline

TIMELINE = Timeline(0.0, 600.0, 3600.0, 3600.0, 300.0, (Staffing("desk", (0.0,), (2,)),), ())

CONTACTS: list[dict[str, Any]] = [
    {"planned_s": 100, "outcome": Outcome.FAILED},  # in the ramp
    {"planned_s": 600, "bot_reply_s": 610, "ended_s": 610, "outcome": Outcome.BOT_RESOLVED, "rating": 1},
    {
        "planned_s": 700, "bot_reply_s": 720, "queued_s": 720, "claimed_s": 720, "served_s": 720, "ended_s": 900,
        "outcome": Outcome.AGENT_RESOLVED, "rating": 1,
    },
    {
        "planned_s": 800, "contact": 1, "vip": True, "queued_s": 800, "claimed_s": 830, "served_s": 830,
        "ended_s": 1000, "outcome": Outcome.AGENT_RESOLVED, "rating": 0,
    },
    {"planned_s": 900, "bot_reply_s": 912, "queued_s": 912, "ended_s": 952, "outcome": Outcome.ABANDONED},
    {"planned_s": 1000, "ended_s": 1060, "outcome": Outcome.ABANDONED},  # left before the bot had a slot
    {"planned_s": 1100, "contact": 1, "queued_s": 1100, "ended_s": 1100, "outcome": Outcome.REJECTED},
    {"planned_s": 1200, "ended_s": 1200, "outcome": Outcome.FAILED},
    {"planned_s": 3500, "attempt": 1, "bot_reply_s": 3510, "queued_s": 3510},  # waits until the run ends at 3900
    {"planned_s": 3600, "outcome": Outcome.FAILED},  # after the window
]  # fmt: skip

CHANGES = [(0, "desk", 2, 0, 0), (720, "desk", 2, 1, 0), (830, "desk", 2, 2, 0), (900, "desk", 2, 1, 0),
           (1000, "desk", 2, 0, 0)]  # fmt: skip


def scenario(*objectives: str) -> Scenario:
    return load(
        {
            "name": "paper",
            "day": {"start": "08:00", "length": "1h"},
            "interval": "30min",
            "demand": {"rate": "10/h"},
            "contacts": {
                "order": {"share": "80%", "handle_time": {"constant": "3min"}, "patience": "never"},
                "complaint": {"share": "20%", "bot": "skip", "handle_time": {"constant": "5min"}, "patience": "never"},
            },
            "triage": {
                "reply_time": {"constant": "10s"},
                "pool": {"workers": 1, "at_most": 1, "slots": 1, "step": 1, "start_up": "1min", "scale_in_after": "1h"},
            },
            "agents": {"desk": {"skills": ["order", "complaint"], "on_duty": 2, "cost_per_hour": 30}},
            "vip": {"share": "10%"},
            "objectives": list(objectives),
        }
    )


@pytest.fixture
def outcomes(story: Callable[[Any], Outcomes]) -> Outcomes:
    return story(CONTACTS)


@pytest.fixture
def pools(changes: Callable[[Any], Pools]) -> Pools:
    return changes(CHANGES)


def test_every_measure_is_what_paper_says(outcomes: Outcomes, pools: Pools) -> None:
    """First responses are 10, 10, 12, 20, 30 s and three times never; four contacts entered a queue."""
    never = Value(3300.0, over=True)  # the run looked on until 3900 s, from 600 s
    assert measure(outcomes, pools, scenario(), TIMELINE, request_errors=2) == {
        "frt_p50_s": Value(20.0),
        "frt_p90_s": never,
        "frt_p95_s": never,
        "frt_p99_s": never,
        "frt_mean_s": Value(16.4),
        "agent_frt_p90_s": never,
        "wait_p90_s": never,
        "mean_wait_s": Value((0 + 30 + 40 + 390) / 4),
        "wait_probability": Value(3 / 4),
        "service_level": Value(1 / 4),
        "abandonment": Value(1 / 4),
        "abandonment_triage": Value(1 / 8),
        "error_rate": Value(1 / 8),
        "rejected": Value(1 / 8),
        "resolution_rate": Value(3 / 8),
        "bot_resolution_rate": Value(1 / 4),
        "recontact_rate": Value(1 / 8),
        "occupancy": Value(350 / 6000),
        "satisfaction": Value(2 / 8),
        "recovery_s": Value(None),
        "throughput_per_h": Value(3.6),
        "cost_per_contact": Value(50 / 3),
        "request_errors": Value(2.0),
    }


@pytest.mark.parametrize(
    ("objective", "key", "value"),
    [
        ("agent_frt p50 < 1min for vip", "agent_frt_p50_s[vip]", 30.0),
        ("service_level 30s >= 80%", "service_level_30s", 0.5),
        ("wait p50 < 1min", "wait_p50_s", 30.0),
        ("wait mean < 1min", "mean_wait_s", 115.0),
        ("abandonment < 5% for order", "abandonment[order]", 1 / 3),
        ("abandonment < 5% each interval", "abandonment@interval", 1 / 3),
        ("service_level >= 80% each interval", "service_level@interval", 0.0),
        ("resolution >= 80% for complaint each interval", "resolution_rate[complaint]@interval", 0.5),
        ("occupancy < 90% each interval", "occupancy@interval", 350 / 2400),
    ],
)
def test_an_objective_brings_its_own_measure(
    objective: str, key: str, value: float, outcomes: Outcomes, pools: Pools
) -> None:
    """A subset, another percentile or the worst interval is measured because somebody asks for it."""
    made = measure(outcomes, pools, scenario(objective), TIMELINE)
    assert set(made) == {*FIXED, key}
    assert made[key].value == pytest.approx(value)


def test_a_short_wait_counts_as_none_where_the_wire_takes_as_long(outcomes: Outcomes, pools: Pools) -> None:
    assert measure(outcomes, pools, scenario(), TIMELINE, resolution_s=30.0)["wait_probability"] == Value(2 / 4)


def test_satisfaction_is_nothing_where_the_target_keeps_no_ratings(story: Callable[[Any], Outcomes]) -> None:
    unrated = story([{k: v for k, v in contact.items() if k != "rating"} for contact in CONTACTS])
    made = measure(unrated, Pools(*[[]] * 5), scenario(), TIMELINE)  # type: ignore[arg-type]
    assert made["satisfaction"] == Value(None)


def test_nothing_is_measured_where_nothing_was(story: Callable[[Any], Outcomes]) -> None:
    """Without a contact there is no share and no percentile, and no value is invented."""
    made = measure(story([]), Pools(*[[]] * 5), scenario(), TIMELINE)  # type: ignore[arg-type]
    assert {key for key, value in made.items() if value.value is not None} == {"throughput_per_h"}


def test_the_window_interval_by_interval(outcomes: Outcomes, pools: Pools) -> None:
    """The ramp cuts the first interval off at 08:10; both have their own staff, load and waits."""
    first, second = interval_rows(outcomes, pools, scenario(), TIMELINE)
    assert first == {
        "start": "08:10",
        "start_s": 600.0,
        "length_s": 1200.0,
        "offered": 7,
        "queued": 3,
        "agents": 2.0,
        "slots": 2.0,
        "occupancy": 350 / 2400,
        "offered_load_erlang": (180 + 300 + 180) / 1200,
        "frt_p50_s": 30.0,
        "frt_p90_s": 3300.0,
        "agent_frt_p90_s": 3300.0,
        "service_level": 1 / 3,
        "abandonment": 1 / 3,
        "error_rate": 1 / 7,
        "satisfaction": 2 / 7,
    }
    assert (second["start"], second["offered"], second["queued"], second["occupancy"]) == ("08:30", 1, 1, 0.0)
