"""The bank's February of 1999, call by call, where it is at hand: what DOMAIN says of it must come out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crestline.fit.availability import play_days
from crestline.fit.columns import Columns
from crestline.fit.day_type import day_type
from crestline.fit.document import document
from crestline.fit.log import Log, read_log
from crestline.fit.outages import find_outages
from crestline.fit.roster import seen_roster
from crestline.fit.service import ServiceFit, fit_service
from crestline.scenario import Scenario, load

FEBRUARY = Path(__file__).resolve().parents[3] / "shared" / "data" / "bank_calls_1999-02.csv"
pytestmark = pytest.mark.skipif(not FEBRUARY.exists(), reason=f"the bank's call log is not at {FEBRUARY}")


@pytest.fixture(scope="module")
def log() -> Log:
    return read_log([FEBRUARY], Columns())


@pytest.fixture(scope="module")
def fit(log: Log) -> ServiceFit:
    kind = day_type(log.calls, "workday")
    return fit_service(log.calls, kind, find_outages(log.calls, kind, log.calls.queued))


# The bank's week is Sunday to Thursday, from seven to midnight.
def test_the_working_days_are_sunday_to_thursday(fit: ServiceFit) -> None:
    assert set(fit.day_type.weekdays) == {"sun", "mon", "tue", "wed", "thu"}
    assert len(fit.day_type.days) == 20
    assert (fit.day_type.opens_s, fit.day_type.closes_s) == (7 * 3600, 24 * 3600)


# Two outages, and only these: 3 February with its storm of redials, and 21 February.
def test_both_outages_are_found(log: Log, fit: ServiceFit) -> None:
    third, last = fit.outages
    assert (str(log.calls.date(third.day)), third.start_s, third.end_s) == ("1999-02-03", 46200, 48300)
    assert third.per_h == pytest.approx(621, rel=0.03)
    assert third.before_per_h == pytest.approx(90, rel=0.1)
    assert (str(log.calls.date(last.day)), last.start_s, last.end_s) == ("1999-02-21", 62100, 69000)


def test_handle_times_are_the_bank_s(fit: ServiceFit) -> None:
    means = {held.contact: held.mean.value for held in (*fit.log_handle_times, *fit.handle_times)}
    for contact, mean in {"PS": 185, "NW": 107, "NE": 277, "IN": 267}.items():
        assert means[contact] == pytest.approx(mean, rel=0.03)
    assert fit.contacts == ("PS", "NW", "NE", "TT", "other")


# Those who hung up had waited 66 s on average; the median patience is more than four times that.
def test_patience_is_not_the_wait_of_leavers(fit: ServiceFit) -> None:
    assert fit.kaplan_meier.median_s.value == pytest.approx(280, rel=0.05)
    assert fit.kaplan_meier.naive_mean_s == pytest.approx(66, rel=0.05)
    assert fit.kaplan_meier.exponential_mean_s == pytest.approx(347, rel=0.03)


def test_recontacts_are_the_bank_s(fit: ServiceFit) -> None:
    assert fit.recontact is not None
    assert fit.recontact.abandoned.value == pytest.approx(0.48, abs=0.02)
    assert fit.recontact.answered.value == pytest.approx(0.14, abs=0.01)


# Half hours are far from Poisson after profile and day factor, and whole days differ by a tenth.
def test_arrivals_vary_as_they_did(fit: ServiceFit) -> None:
    assert fit.profile.dispersion == pytest.approx(4, rel=0.2)
    assert 0.08 < fit.profile.day_factor_cv.value < 0.14


# The shipped scenario is this fit: everything but the availability, which is fitted by playing, follows from the log.
def test_the_shipped_scenario_is_this_fit(log: Log, fit: ServiceFit) -> None:
    shipped = load("bank-1999")
    roster = seen_roster(log.calls, fit.day_type, fit.outages)
    availability = shipped.agents["agents"].availability
    made = document(fit, roster, availability, shipped.name, shipped.about, shipped.timezone)
    assert Scenario.model_validate(made.data) == shipped


# A forecast of the shipped day gives the abandonment and the mean wait of the fitted dates, and as many contacts.
def test_the_forecast_gives_back_the_month(fit: ServiceFit) -> None:
    played = play_days(load("bank-1999"), days=10)
    assert played.abandonment == pytest.approx(fit.history.abandonment.value, rel=0.25)
    assert played.mean_wait_s == pytest.approx(fit.history.mean_wait_s.value, rel=0.25)
    first = sum(e.value for e in fit.profile.first)
    assert first * (1 + played.recontacts) == pytest.approx(float(np.sum(fit.profile.contacts)), rel=0.02)
