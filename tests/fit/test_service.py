"""The whole fit on a world whose parameters are known: they lie in the stated intervals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crestline.fit.columns import Columns
from crestline.fit.day_type import day_type
from crestline.fit.log import read_log
from crestline.fit.roster import seen_roster
from crestline.fit.service import ServiceFit, fit_service


def fitted(path: Path) -> ServiceFit:
    calls = read_log([path], Columns()).calls
    return fit_service(calls, day_type(calls, "workday"), ())


@pytest.fixture(scope="module")
def fit(twenty_days: Path) -> ServiceFit:
    return fitted(twenty_days)


def test_handle_times_and_shares_are_found(fit: ServiceFit) -> None:
    assert fit.contacts == ("sales", "service")
    by_name = {held.contact: held for held in fit.handle_times}
    assert by_name["sales"].mean.low < 180 < by_name["sales"].mean.high
    assert by_name["service"].mean.low < 90 < by_name["service"].mean.high
    # redials follow the type of the first call, so the share of first calls is the share of all
    assert abs(fit.shares["sales"].value - 0.6) < 0.02
    assert abs(fit.vip.value - 0.2) < 0.02


def test_patience_is_found_with_censoring(fit: ServiceFit) -> None:
    assert fit.kaplan_meier.median_s.low <= 200 * np.log(2) <= fit.kaplan_meier.median_s.high
    for contact in fit.contacts:
        patience = fit.patience_of(contact)
        assert patience.median_s.low - 5 < 200 * np.log(2) < patience.median_s.high + 5


# Who called after closing time is not in the log: the last hour hides some recontacts, so a little less is found.
def test_recontacts_are_found(fit: ServiceFit) -> None:
    assert fit.recontact is not None
    assert 0.4 * 0.9 < fit.recontact.abandoned.value < fit.recontact.abandoned.high
    assert fit.recontact.abandoned.high > 0.4 * 0.97
    assert fit.recontact.answered.high > 0.1 * 0.97
    assert np.isclose(fit.recontact.quantiles_s[0.5], 600 * np.log(2), rtol=0.1)


# Redials are not counted as arrivals: the profile is the rate of first attempts, not of all contacts.
def test_the_profile_holds_first_attempts_only(fit: ServiceFit) -> None:
    first = sum(e.value for e in fit.profile.first)
    assert abs(first - 60 * 8) < 0.03 * 60 * 8
    assert fit.profile.contacts.sum() > 1.1 * first
    held = [e.low < 30 < e.high for e in fit.profile.first]
    assert np.mean(held) >= 0.75
    at_s, per_s = fit.profile.points
    assert np.isclose(np.trapezoid(per_s, at_s), first)


# Days of this world differ by chance alone.
def test_the_day_factor_holds_zero(fit: ServiceFit) -> None:
    assert fit.profile.day_factor_cv.low <= 0.02
    assert fit.profile.dispersion < 1.5


# Without customers nobody can be seen to call again: then every call is a new arrival.
def test_without_customers_there_is_no_recontact(
    write_log: Callable[..., Path], rows_of_days: Callable[..., list[Any]]
) -> None:
    rows = [{k: v for k, v in row.items() if k not in ("customer", "priority")} for row in rows_of_days(10)]
    fit = fitted(write_log(rows))
    assert fit.recontact is None
    assert fit.vip.value == 0
    assert np.isclose(fit.profile.contacts.sum(), sum(e.value for e in fit.profile.first))


# Types with fewer than 500 answered calls stand together as `other`; one such type alone keeps its name.
def test_rare_types_are_pooled(write_log: Callable[..., Path], rows_of_days: Callable[..., list[Any]]) -> None:
    rows = rows_of_days(10)
    rare = [row | ({"contact": ("fax", "telex")[i // 10 % 2]} if i % 10 == 0 else {}) for i, row in enumerate(rows)]
    fit = fitted(write_log(rare))
    assert fit.contacts == ("sales", "service", "other")
    assert {name for name, _ in fit.pooled} == {"fax", "telex"}
    alone = [row | ({"contact": "fax"} if i % 10 == 0 else {}) for i, row in enumerate(rows)]
    assert fitted(write_log(alone)).contacts == ("sales", "service", "fax")


# The log's own agents: six take calls all day, nearly all of them in every half hour.
def test_the_roster_is_read_off_the_log(twenty_days: Path) -> None:
    calls = read_log([twenty_days], Columns()).calls
    roster = seen_roster(calls, day_type(calls, "workday"), ())
    assert roster.seen
    assert all(5 <= agents <= 6 for _, agents in roster.steps)
