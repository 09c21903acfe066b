"""A forecast to a precision: as many days as it takes, told in words and in the account."""

from __future__ import annotations

from typing import Any

import pytest

from crestline.engine import ENGINES
from crestline.errors import UsageError
from crestline.scenario import Scenario, load
from crestline.verbs.forecast import Forecast, Step, forecast

CALM: dict[str, Any] = {
    "name": "calm",
    "day": {"start": "09:00", "length": "2h"},
    "demand": {"rate": "200/h", "day_factor_cv": "20%"},
    "contacts": {
        "all": {
            "share": "100%",
            "handle_time": {"exponential": {"mean": "3min"}},
            "patience": {"exponential": {"mean": "5min"}},
        }
    },
    "agents": {"team": {"skills": ["all"], "on_duty": 13}},
    "objectives": ["abandonment < 20%", "satisfaction >= 80%", "recovery <= 30min"],
}


@pytest.fixture(scope="module")
def calm() -> Scenario:
    return load(CALM)


@pytest.fixture(scope="module")
def precise(calm: Scenario) -> Forecast:
    return forecast(calm, precision=0.03, seed=5)


# Every objective's interval is as narrow as was asked for: 3 % of its limit to either side.
def test_it_is_as_precise_as_was_asked_for(precise: Forecast) -> None:
    for key, limit in (("abandonment", 0.2), ("satisfaction", 0.8)):
        seen = precise.measures[key]
        assert seen.value is not None
        assert seen.high is not None
        assert seen.high - seen.value <= 0.03 * limit
    assert 20 <= len(precise.days) < 400
    assert precise.run["replications"] == len(precise.days)
    assert precise.run["command"] == "crestline forecast calm --seed 5 --precision 3%"


# The account says what took longest and what was reached; a sentence says so to people.
def test_the_account_says_what_was_reached(precise: Forecast) -> None:
    told = precise.run["precision"]
    assert (told["wanted"], told["reached"], told["days"]) == (0.03, True, len(precise.days))
    assert told["slowest"] == "abandonment"
    assert all(one["half_width"] <= one["wanted"] for one in told["objectives"])
    assert [one["measure"] for one in told["objectives"]] == ["abandonment", "satisfaction", "recovery_s"]
    said = f"precision 3 % was reached after {len(precise.days)} days; what took longest: abandonment < 20% known to ±"
    assert any(finding.startswith(said) for finding in precise.run["findings"])


# The same days wherever they are played, and the same as when just so many are asked for.
def test_it_plays_the_same_days_anywhere(calm: Scenario, precise: Forecast) -> None:
    for engine in ENGINES:
        again = forecast(calm, precision=0.03, seed=5, engine=engine)
        assert again.measures == precise.measures
        assert again.run["engine"] == engine
        assert ("numba" in again.run["versions"]) == (engine == "compiled")
    assert forecast(calm, replications=len(precise.days), seed=5).measures == precise.measures


# What it takes may be bounded; then it says what it came to.
def test_it_stops_at_the_most_days(calm: Scenario) -> None:
    steps: list[Step] = []
    made = forecast(calm, precision=0.001, at_most=30, seed=5, progress=steps.append)
    assert len(made.days) == 30
    assert made.run["precision"]["reached"] is False
    assert "precision 0.1 % was not reached in 30 days: abandonment < 20% known to ±" in " ".join(made.run["findings"])
    assert [step.words.split(" day")[0] for step in steps] == [str(number) for number in range(1, 31)]
    assert "wanted ±0.1 %" in steps[25].words
    assert 0 < steps[25].share < 0.1


# Progress without a precision is by the number of days.
def test_progress_counts_days(calm: Scenario) -> None:
    steps: list[Step] = []
    forecast(calm, replications=4, progress=steps.append)
    assert steps == [(0.25, "1 of 4 days"), (0.5, "2 of 4 days"), (0.75, "3 of 4 days"), (1.0, "4 of 4 days")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"precision": 0.01, "replications": 5}, "--replications and --precision: give one of them"),
        ({"precision": 0.0}, "--precision: got 0 %, expected more than 0 %"),
    ],
)
def test_what_makes_no_sense_is_refused(calm: Scenario, options: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        forecast(calm, **options)
