from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from crestline.fit.columns import Columns
from crestline.fit.day_type import day_type
from crestline.fit.log import read_log
from crestline.fit.outages import cut_out, find_outages

Rows = list[dict[str, Any]]


def broken(rows: Rows, date: str, first: str, last: str, storm: int) -> Rows:
    """The same rows, but from ``first`` to ``last`` of ``date`` nobody gets through, and people redial."""
    out: Rows = []
    for row in rows:
        hit = f"{date} {first}" <= row["arrival"] < f"{date} {last}"
        lost = row | {"status": "abandoned", "handle_time": "0", "agent": "", "wait": "1", "customer": ""}
        out += [lost] * storm if hit else [row]
    return out


# Callers keep coming and nobody gets through: found to within five minutes, with how many times the usual calls.
def test_an_outage_is_found(write_log: Callable[..., Path], rows_of_days: Callable[..., Rows]) -> None:
    rows = broken(rows_of_days(10), "2024-01-03", "10:00:00", "10:40:00", storm=4)
    calls = read_log([write_log(rows)], Columns()).calls
    (outage,) = find_outages(calls, day_type(calls, "workday"), calls.answered)
    assert str(calls.date(outage.day)) == "2024-01-03"
    assert abs(outage.start_s - 10 * 3600) <= 300
    assert abs(outage.end_s - (10 * 3600 + 2400)) <= 300
    assert 2.5 * outage.usual_per_h < outage.per_h < 6 * outage.usual_per_h
    assert outage.through <= 3
    cut = cut_out(calls, [outage])
    assert outage.calls <= cut.sum() <= outage.calls + 30
    assert not np.any(cut & (calls.day != outage.day))


# An outage during which the usual number calls, without any storm, is found as well.
def test_a_silent_outage_is_found(write_log: Callable[..., Path], rows_of_days: Callable[..., Rows]) -> None:
    rows = broken(rows_of_days(10), "2024-01-09", "11:00:00", "12:00:00", storm=1)
    calls = read_log([write_log(rows)], Columns()).calls
    (outage,) = find_outages(calls, day_type(calls, "workday"), calls.answered)
    assert (abs(outage.start_s - 11 * 3600), abs(outage.end_s - 12 * 3600)) <= (300, 300)


# Where nothing broke, nothing is found, whatever the luck of the day.
def test_usual_days_have_no_outage(write_log: Callable[..., Path], rows_of_days: Callable[..., Rows]) -> None:
    for seed in range(3):
        calls = read_log([write_log(rows_of_days(10, seed=seed))], Columns()).calls
        assert find_outages(calls, day_type(calls, "workday"), calls.answered) == ()
