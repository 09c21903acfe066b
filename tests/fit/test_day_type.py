from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crestline.errors import UsageError
from crestline.fit.calls import Calls
from crestline.fit.columns import Columns
from crestline.fit.day_type import day_type
from crestline.fit.log import read_log

Rows = list[dict[str, Any]]


@pytest.fixture
def fortnight(write_log: Callable[..., Path], rows_of_days: Callable[..., Rows]) -> Calls:
    """Ten working days of 60 calls/h, one of them quiet, and a Saturday with a tenth of the calls."""
    rows = rows_of_days(10)
    quiet = [row for i, row in enumerate(rows) if not row["arrival"].startswith("2024-01-10") or i % 5 == 0]
    saturday = [row | {"arrival": row["arrival"].replace("-01-05", "-01-06")} for row in rows[::10]]
    saturday = [row for row in saturday if "-01-06" in row["arrival"]]
    return read_log([write_log(sorted(quiet + saturday, key=lambda row: row["arrival"]))], Columns()).calls


# Working days are those of the week with at least half of the busiest one's calls; a quiet date is no usual one.
def test_working_days_are_found(fortnight: Calls) -> None:
    kind = day_type(fortnight, "workday")
    assert kind.weekdays == ("mon", "tue", "wed", "thu", "fri")
    assert [str(fortnight.date(day)) for day in kind.quiet_days] == ["2024-01-10"]
    assert len(kind.days) == 9


# The day begins and ends with the half hours in which someone answers.
def test_opening_hours_are_found(fortnight: Calls) -> None:
    kind = day_type(fortnight, "workday")
    assert (kind.opens_s, kind.closes_s, kind.bins) == (8 * 3600, 16 * 3600, 16)


@pytest.mark.parametrize(
    ("wanted", "weekdays"),
    [
        ("sat", ("sat",)),
        ("mon,wed", ("mon", "wed")),
        ("fri-mon", ("mon", "fri", "sat", "sun")),
        ("Tuesday-Thursday", ("tue", "wed", "thu")),
    ],
)
def test_weekdays_can_be_told(fortnight: Calls, wanted: str, weekdays: tuple[str, ...]) -> None:
    assert day_type(fortnight, wanted).weekdays == weekdays


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("someday", 'got "someday", expected workday, all, or weekdays such as sun-thu or mon,wed'),
        ("sun", "--day sun: no date of the log falls on it"),
    ],
)
def test_other_words_are_refused(fortnight: Calls, wanted: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        day_type(fortnight, wanted)
