"""A forecast: many days, estimates over them, and an account in the schema of every run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crestline.errors import UsageError
from crestline.scenario import Scenario, load
from crestline.verbs.forecast import Forecast, forecast, write
from crestline.verbs.means import mean_recoveries

SMALL: dict[str, Any] = {
    "name": "small",
    "day": {"start": "09:00", "length": "3h"},
    "demand": {"rate": "400/h", "day_factor_cv": "20%"},
    "contacts": {
        "all": {
            "share": "100%",
            "bot_resolves": "50%",
            "handle_time": {"exponential": {"mean": "3min"}},
            "patience": {"exponential": {"mean": "5min"}},
        }
    },
    "triage": {"reply_time": {"constant": "10s"}, "pool": {"workers": 3, "at_most": 4, "slots": 4, "start_up": "1min"}},
    "agents": {"team": {"skills": ["all"], "on_duty": 16}},
    "objectives": ["abandonment < 20%", "recovery <= 30min"],
    "faults": [{"kind": "triage-outage", "at": "10:30", "for": "5min"}],
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load(SMALL)


@pytest.fixture(scope="module")
def made(scenario: Scenario) -> Forecast:
    return forecast(scenario, replications=6, seed=3)


# Estimates carry a mean between the ends of its interval, a band of days, and for objectives the days that hold them.
def test_estimates(made: Forecast) -> None:
    seen = made.measures["abandonment"]
    assert seen.value is not None
    assert seen.low is not None
    assert seen.high is not None
    assert seen.low <= seen.value <= seen.high
    assert seen.p_met == sum(day.measures["abandonment"].value < 0.2 for day in made.days) / 6  # type: ignore[operator]
    assert made.measures["frt_p90_s"].p_met is None


# The account has the keys of every run and nothing that JSON cannot say; nothing was measured.
def test_account(made: Forecast) -> None:
    run = json.loads(json.dumps(made.run, allow_nan=False))
    assert (run["schema"], run["kind"], run["name"], run["seed"]) == (1, "forecast", "small", 3)
    assert all(row["measured"] is None for row in run["objectives"])
    assert run["verdict"] == made.verdict
    assert run["command"] == "crestline forecast small --seed 3 --replications 6"


# Equal seeds give equal days; another seed gives others.
def test_seed(scenario: Scenario, made: Forecast) -> None:
    again, other = (forecast(scenario, replications=6, seed=seed) for seed in (3, 4))
    assert again.measures == made.measures
    assert other.measures != made.measures


# Outcomes are played again when asked for, and are those of the day that was measured.
def test_outcomes_are_replayed(made: Forecast) -> None:
    assert len(made.outcomes) == 6
    assert np.array_equal(made.outcomes[1].row, made.outcomes[-5].row)
    assert len(made.outcomes[1]) >= made.days[1].contacts
    with pytest.raises(IndexError):
        made.outcomes[6]


# A fault of a forecast is unrecovered, or unnoticed, where most days say so.
def test_faults_are_those_of_most_days(made: Forecast) -> None:
    (first,) = made.days[0].recoveries
    seen = replace(first, detected_s=6000.0, operational_recovery_s=600.0, over=False)
    unseen = replace(first, detected_s=None, operational_recovery_s=0.0, over=False)
    given_up = replace(first, detected_s=6000.0, operational_recovery_s=3600.0, over=True)
    day = made.days[0]
    (most,) = mean_recoveries([replace(day, recoveries=(r,)) for r in (unseen, unseen, seen)])
    (late,) = mean_recoveries([replace(day, recoveries=(r,)) for r in (seen, seen, given_up)])
    assert (most.detected_s, most.operational_recovery_s) == (None, 200.0)
    assert (late.detected_s, late.operational_recovery_s, late.over) == (6000.0, 1600.0, False)


# A run folder of a forecast holds what its report is made of.
def test_folder(scenario: Scenario, made: Forecast, tmp_path: Path) -> None:
    folder = write(made, scenario, tmp_path)
    assert {"run.json", "scenario.yaml", "same_rows.npz", "forecast.npz", "summary.md"} <= {
        p.name for p in folder.iterdir()
    }
    assert (folder / "report" / "index.html").exists()


# Of very many days, figures and intervals show the first; estimates are of them all.
def test_very_many_days(scenario: Scenario, made: Forecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crestline.verbs.forecast.DRAWN", 2)
    many = forecast(scenario, replications=6, seed=3)
    assert many.measures == made.measures
    assert [len(day.intervals) for day in many.days] == [6, 6, 0, 0, 0, 0]
    assert many.run["intervals"] == forecast(scenario, replications=2, seed=3).run["intervals"]
    with np.load(write(many, scenario, tmp_path) / "forecast.npz") as drawn:
        assert len(drawn["backlog"]) == len(drawn["frt_curve"]) == 2


# An engine that is not there is told in words.
def test_unknown_engine(scenario: Scenario) -> None:
    with pytest.raises(UsageError, match="no such engine; expected one of compiled, simpy"):
        forecast(scenario, replications=1, engine="abacus")
