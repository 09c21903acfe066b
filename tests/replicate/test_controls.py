"""Control variates: what is known of a day has the mean that is said of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from crestline.replicate.controls import Work, controls, expected_work, offered_work, surges
from crestline.scenario import Scenario, load
from crestline.workload import Span, day, sample, window

SEED, DAYS = 5, 400
MIXED: dict[str, Any] = {
    "day": {"start": "08:00", "length": "2h"},
    "demand": {
        "rate": {"08:00": "60/h", "09:00": "240/h"},
        "day_factor_cv": "30%",
        "surges": [{"at": "09:00", "for": "30min", "factor": 3, "ramp": "10min"}],
    },
    "contacts": {
        "order": {"share": "50%", "bot_resolves": "60%", "handle_time": {"gamma": {"mean": "2min", "cv": "50%"}}},
        "refund": {"share": "30%", "bot_resolves": "20%", "handle_time": {"lognormal": {"mean": "5min", "cv": "80%"}}},
        "complaint": {
            "share": "20%",
            "bot": "skip",
            "bot_resolves": "90%",
            "handle_time": {"empirical": {"quantiles": {"0%": "1min", "50%": "4min", "100%": "15min"}}},
        },
    },
    "triage": {"reply_time": {"constant": "10s"}, "pool": {"workers": 2, "at_most": 2, "slots": 4, "start_up": "1min"}},
    "agents": {"desk": {"skills": ["order", "refund", "complaint"], "on_duty": 20}},
    "recontact": {"after": {"agent_resolved": "30%"}, "delay": {"constant": "5min"}},
    "objectives": ["abandonment < 5%", "recovery <= 15min"],
    "faults": [{"kind": "agents-leave", "at": "09:30", "for": "5min", "group": "desk", "share": "50%"}],
    "recovery": {"sustain": "5min"},
    "load_test": {"from": "08:30", "for": "1h15min", "ramp": "10min", "level": "150%"},
}


def patient(scenario: dict[str, object]) -> Scenario:
    kinds = {name: kind | {"patience": "never"} for name, kind in scenario["contacts"].items()}  # type: ignore[attr-defined]
    return load({"name": "mixed", **scenario, "contacts": kinds})


def seen(scenario: Scenario, span: Span, *, day_factor: bool) -> np.ndarray:
    made = []
    for number in range(DAYS):
        workload = sample(scenario, SEED, span, number, day_factor=day_factor, simulated=True)
        work = offered_work(scenario, workload, span)
        made.append(controls(scenario, SEED, span, number, work, day_factor=day_factor))
    return np.array(made)


@pytest.mark.parametrize("whole", [True, False])
def test_controls_have_mean_zero(whole: bool) -> None:
    """Demand, work, that within surges and early in them: over days with a day factor, over windows: in 3.5 sigma."""
    scenario = patient(MIXED)
    told = seen(scenario, day(scenario) if whole else window(scenario), day_factor=whole)
    assert told.shape == (DAYS, 6 if whole else 3)
    errors = told.std(axis=0, ddof=1) / np.sqrt(DAYS)
    assert (np.abs(told.mean(axis=0)) < 3.5 * errors).all()
    assert (errors > 0).all()


def test_work_is_that_of_first_contacts_that_reach_an_agent() -> None:
    """Bot, recontacts, and what is planned beyond the span do not count; within surges only what is planned there."""
    scenario = patient(MIXED)
    span = window(scenario)
    workload = sample(scenario, SEED, span, day_factor=False)
    planned = dict(zip(workload.first_rows.tolist(), workload.first_planned_s.tolist(), strict=True))
    counted = [r for r, at in planned.items() if at < span.end_s and not workload.resolves[r]]
    surging = [r for r in counted if 3600 <= planned[r] < 5400]
    assert 0 < len(surging) < len(counted) < len(planned)
    work = offered_work(scenario, workload, span)
    early = [r for r in surging if planned[r] < 4500]
    assert work == pytest.approx([workload.handle_s[rows].sum() for rows in (counted, surging, early)])
    each = 0.5 * 0.4 * 120 + 0.3 * 0.8 * 300 + 0.2 * ((60 + 240) / 2 + (240 + 900) / 2) / 2
    surge = 240 * (10 * 2 * 2 + 10 * 3) / 60  # twice as many on average as it rises and falls
    expected = ((150 + 240 / 2 + surge) * each, surge * each, surge / 2 * each)
    assert expected_work(scenario, day(scenario)) == pytest.approx(expected)


def test_surges_that_overlap_are_one_and_end_with_the_span() -> None:
    """Of three surges two are one, and the last goes on beyond the end of the day."""
    times = [("09:30", "1h"), ("08:15", "30min"), ("08:30", "30min")]
    rate = {"rate": "60/h", "surges": [{"at": at, "for": length, "factor": 2} for at, length in times]}
    scenario = patient(MIXED | {"demand": rate})
    assert surges(scenario, day(scenario)) == [(900, 3600), (5400, 7200)]


def test_where_agents_have_no_work_nothing_is_known_of_it() -> None:
    """A bot that resolves everything leaves only the demand, and not even that where all days are alike."""
    kinds = {"all": {"share": 1, "bot_resolves": "100%", "handle_time": {"constant": "1min"}, "patience": "never"}}
    agents = {"desk": {"skills": ["all"], "on_duty": 1}}
    for cv, known in (("30%", 2), ("0%", 0)):
        demand = {"rate": "60/h", "day_factor_cv": cv}
        idle = load({"name": "idle", "demand": demand, "contacts": kinds, "triage": MIXED["triage"], "agents": agents})
        assert len(controls(idle, SEED, day(idle), 0, Work())) == known
