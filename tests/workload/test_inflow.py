"""Complaints after an incident: silence lets them grow, each thing that is said damps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from crestline.errors import ScenarioError
from crestline.scenario import Scenario, dump
from crestline.workload import day, sample
from crestline.workload.arrivals import demand_curve, expected_by_contact
from crestline.workload.inflow import extras

Incident = Callable[..., Scenario]
STRUCK_S = 3600.0


@pytest.fixture(scope="session")
def incident(scenario: Callable[..., Scenario]) -> Incident:
    """A bot outage at 09:00, after which complaints grow."""
    fault = {"kind": "triage-outage", "at": "09:00", "for": "5min"}

    def make(**parts: Any) -> Scenario:
        told = {"grows": "100%", "at_most": "150%"} | parts
        return scenario("contacts.complaint.complaint=true", faults=[fault], incident=told)

    return make


def phases(apology: str, compensation: str = "never", press: str = "never") -> dict[str, Any]:
    named = {"apology": apology, "compensation": compensation, "press": press}
    return {name: {"at": at, "leaves": "50%"} for name, at in named.items()}


def times_usual(scenario: Scenario, *after_s: float) -> list[float]:
    """Complaints against the usual ones, so long after the fault's effect."""
    (extra,) = extras(scenario, day(scenario))
    at_s = STRUCK_S + np.array(after_s)
    return list(1 + extra.at(at_s, "right") / scenario.contacts["complaint"].share)


def test_silence_lets_complaints_grow_until_no_one_is_left_to_complain(incident: Incident) -> None:
    silent = incident(phases=phases("never"))
    assert times_usual(silent, -60, 0, 1800, 3600, 5400, 9000) == pytest.approx([1, 1, 1.5, 2, 2.5, 2.5])


def test_the_first_word_ends_the_growth_and_every_word_damps_what_has_come_of_it(incident: Incident) -> None:
    spoken = incident(phases=phases("1h", "2h"))
    assert times_usual(spoken, 3599.99, 3600, 7199, 7200, 10000) == pytest.approx([2, 1.5, 1.5, 1.25, 1.25], abs=1e-4)


def test_a_word_before_the_fault_is_felt_leaves_nothing_to_grow(incident: Incident) -> None:
    assert times_usual(incident(phases=phases("0min")), 0, 3600, 9000) == [1, 1, 1]


def test_only_complaints_are_more_and_they_are_as_many_as_expected(incident: Incident) -> None:
    plain, loud = incident(grows="0.001%"), incident(phases=phases("never"))
    before, after = (expected_by_contact(s, day(s)) for s in (plain, loud))
    assert (after["order"], after["refund"]) == pytest.approx((before["order"], before["refund"]))
    # 100/h x (1.5 h up to 150 %, and 1.5 h at it)
    assert after["complaint"] - before["complaint"] == pytest.approx(100 * (1.5 * 0.75 + 1.5 * 1.5), rel=1e-3)
    assert demand_curve(loud, day(loud)).expected[-1] == pytest.approx(sum(after.values()))


def test_the_customers_that_are_sampled_are_those_expected(incident: Incident) -> None:
    """Within four standard deviations, over 30 days; others keep their type."""
    loud = incident(phases=phases("never"))
    span, expected = day(loud), expected_by_contact(loud, day(loud))
    seen = np.zeros(3)
    for replication in range(30):
        rows = sample(loud, 1, span, replication)
        seen += np.bincount(rows.contact[rows.attempt == 0], minlength=3)
    mean = 30 * np.array([expected[name] for name in loud.contacts])
    assert (np.abs(seen - mean) < 4 * np.sqrt(mean)).all()


def test_customers_before_the_incident_are_the_same(incident: Incident) -> None:
    loud = incident(phases=phases("never"))
    calm = loud.model_copy(update={"incident": None})
    ours, theirs = (sample(s, 7, day(s)) for s in (loud, calm))
    both = int(np.searchsorted(np.cumsum(theirs.gap_s[theirs.attempt == 0]), STRUCK_S))
    assert both > 400
    many = np.flatnonzero(theirs.attempt == 0)[both]
    for name in ("contact", "gap_s", "handle_s", "patience_s"):
        assert np.array_equal(getattr(ours, name)[:many], getattr(theirs, name)[:many])


def test_without_a_fault_or_without_the_section_nothing_is_more(incident: Incident) -> None:
    loud = incident()
    assert extras(loud.model_copy(update={"faults": ()}), day(loud)) == ()
    assert extras(loud.model_copy(update={"incident": None}), day(loud)) == ()


def test_an_incident_needs_complaints_and_a_curve(scenario: Callable[..., Scenario]) -> None:
    with pytest.raises(ScenarioError, match="incident: no contact type is a complaint; mark one with complaint: true"):
        scenario(incident={"grows": "100%"})


def test_what_is_written_is_read_back_the_same(incident: Incident) -> None:
    loud = incident(phases=phases("20min"))
    assert "at: never" in dump(loud)
    assert loud.incident is not None
    assert loud.incident.first_word == 1200.0
    with pytest.raises(ScenarioError, match=r"incident\.phases\.press\.at: got"):
        incident(phases={"press": {"at": "soon"}})
