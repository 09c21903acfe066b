"""A day that is played piece by piece is the day that is played at once."""

from __future__ import annotations

from concurrent.futures import CancelledError
from threading import Event
from typing import Any

import pytest

from crestline.errors import UsageError
from crestline.measures.day import Day
from crestline.replicate import day_of, streamed
from crestline.scenario import Scenario, load
from crestline.tables import Timeline
from crestline.workload import arrivals, day, sample, window

pytest.importorskip("numba", reason="only the compiled engine plays a day piece by piece")
SCENARIO = ("promotion-day", ["objectives=[frt p90 < 45s, abandonment < 5% for refund, recovery <= 15min]"])


def both_ways(scenario: Scenario, monkeypatch: pytest.MonkeyPatch, **how: Any) -> tuple[Day, Day]:
    """A day at once, and in pieces of some thousand contacts."""
    span = how.pop("span", day(scenario))
    whole = day_of(scenario, 4, span, 2, engine="compiled", **how)
    monkeypatch.setattr(streamed, "LARGE", 0)
    monkeypatch.setattr(streamed, "PIECE", 3_000)
    monkeypatch.setattr(arrivals, "BLOCK", 4_000)
    return whole, day_of(scenario, 4, span, 2, engine="compiled", **how)


def test_a_streamed_day_has_the_same_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counters, percentiles, intervals, curves, recoveries and controls are those of the day at once."""
    whole, pieces = both_ways(load(*SCENARIO), monkeypatch)
    assert pieces.measures.keys() == whole.measures.keys()
    for key, value in whole.measures.items():
        expected = value.value if value.value is None else pytest.approx(value.value, rel=1e-12)
        assert pieces.measures[key].value == expected, key
    assert pieces.recoveries == whole.recoveries
    assert pieces.contacts == whole.contacts
    assert pieces.controls == pytest.approx(whole.controls, abs=1e-12)
    assert (pieces.backlog == whole.backlog).all()
    assert (pieces.frt_curve == whole.frt_curve).all()


def test_a_streamed_day_goes_on_until_recovery_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault shortly before the end: recovery lies beyond it, in both ways of playing."""
    late = load("monthly-drill", ["faults=[{kind: triage-outage, at: '20:20', for: 4min}]", "load_test.level=220%"])
    whole, pieces = both_ways(late, monkeypatch, span=window(late), day_factor=False)
    assert pieces.recoveries == whole.recoveries
    assert [recovery.seen_s is not None for recovery in pieces.recoveries] == [True]


def test_memory_is_asked_for_before_a_streamed_day_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contacts in the system that will not fit are said before anything is sampled, with what to do."""
    crowd = load("promotion-day", ["demand.rate=9000000/h", "contacts.complaint.patience={constant: 60h}"])

    def not_reached(*_: object, **__: object) -> Timeline:
        raise AssertionError

    monkeypatch.setattr(streamed, "timeline", not_reached)
    with pytest.raises(UsageError, match=r"contacts in the system at a time need about .* GB of memory, .* lower the"):
        day_of(crowd, 1, day(crowd), 0, engine="compiled")


def test_contacts_in_the_system_are_about_as_many_as_the_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The estimate is no less than half of what a day has at its busiest, and at most a few times as much."""
    scenario = load("promotion-day")
    workload = sample(scenario, 1, day(scenario), simulated=True)
    rows = len(workload) / len(workload.first_rows)
    there = streamed.contacts_in_system(scenario, day(scenario)) / rows
    busiest = 1.1 * scenario.demand.rate.per_s[3] * 5  # per second, with the sale
    assert busiest * 60 < there < busiest * 3600


def test_a_streamed_day_that_is_called_off_ends_soon() -> None:
    """Nobody waits for the rest of a day that takes minutes."""
    scenario, off = load("promotion-day"), Event()
    off.set()
    with pytest.raises(CancelledError):
        streamed.stream_day(scenario, 1, day(scenario), 0, called_off=off)
