"""What it is worth to speak early: the same day with silence, and with a word after an hour."""

from __future__ import annotations

import pytest

from crestline import forecast, load
from crestline.mitigations import SPEAKING, mitigations, without
from crestline.remedies import worth
from crestline.remedies.speaking import complaints_spared, speaking_sentences
from crestline.replicate import replicate
from crestline.scenario import Scenario
from crestline.workload import day, sample

SERVICE = {
    "name": "upset",
    "day": {"start": "08:00", "length": "8h"},
    "demand": {"rate": "120/h"},
    "contacts": {
        "order": {"share": "60%", "handle_time": {"exponential": {"mean": "4min"}}, "patience": "never"},
        "complaint": {
            "share": "40%",
            "complaint": True,
            "handle_time": {"exponential": {"mean": "8min"}},
            "patience": {"exponential": {"mean": "6min"}},
        },
    },
    "agents": {"desk": {"skills": ["order", "complaint"], "on_duty": 14, "cost_per_hour": 50}},
    "standby": {
        "group": "desk", "agents": 8, "call_when": "longest_wait > 1min", "call_in": "10min", "release_after": "10min",
    },
    "faults": [{"kind": "agents-leave", "at": "09:00", "for": "5min", "group": "desk", "share": "50%"}],
    "incident": {"grows": "100%", "phases": {"apology": {"at": "1h"}}},
}  # fmt: skip
SEED, DAYS = 3, 10


@pytest.fixture(scope="module")
def service() -> Scenario:
    return load(SERVICE)


def complaints(scenario: Scenario) -> float:
    """First complaints that come on a day, over the days."""
    days = [sample(scenario, SEED, day(scenario), number) for number in range(DAYS)]
    return float(sum(((rows.contact == 1) & (rows.attempt == 0)).sum() for rows in days)) / DAYS


def test_a_word_after_an_hour_lowers_complaints_and_cost_against_silence(service: Scenario) -> None:
    """In a forecast of the same days; both intervals clear nothing."""
    silent, span = without(service, [SPEAKING]), day(service)
    spared = complaints_spared(service, span)
    assert spared > 100
    assert complaints(silent) - complaints(service) == pytest.approx(spared, rel=0.15)
    (found,) = worth(service, SEED, span, replicate(service, SEED, span, DAYS), only=[SPEAKING])
    assert found.cost.low is not None
    assert found.cost.low > 0
    assert found.customers.low is not None
    assert found.customers.low > 0


def test_an_earlier_word_spares_more(service: Scenario) -> None:
    late, early = (load(SERVICE, [f"incident.phases.apology.at={at}"]) for at in ("2h", "10min"))
    assert complaints_spared(late, day(late)) < complaints_spared(service, day(service))
    assert complaints_spared(service, day(service)) < complaints_spared(early, day(early))


def test_a_forecast_says_so_in_a_sentence(service: Scenario) -> None:
    made = forecast(service, replications=DAYS, seed=SEED)
    (said,) = [text for text in made.run["findings"] if "instead of never" in text]
    assert said.startswith("speaking 1 h after the fault instead of never: ")
    assert f"{complaints_spared(service, day(service)):,.0f} fewer complaints" in said
    assert "EUR less for agents a day" in said


def test_who_says_nothing_has_no_such_mitigation(service: Scenario) -> None:
    silent = without(service, [SPEAKING])
    assert SPEAKING not in {one.name for one in mitigations(silent)}
    assert speaking_sentences(silent, day(silent), []) == []
    calm = load(SERVICE, ["incident=null"])
    assert speaking_sentences(calm, day(calm), []) == []
