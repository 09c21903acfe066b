"""Curves for figures: order statistics, and who waits when."""

from __future__ import annotations

from typing import Any

import numpy as np

from crestline.measures.curves import SHARES, backlog, frt_curve
from crestline.tables import OUTCOME_COLUMNS, Outcomes


def outcomes(**columns: list[float]) -> Outcomes:
    """Contacts of which only these columns are known."""
    count = len(next(iter(columns.values())))
    made: dict[str, Any] = {
        name: np.full(count, np.nan if column.dtype is np.float64 else -1, dtype=column.dtype)
        for name, column in OUTCOME_COLUMNS.items()
    }
    return Outcomes(**(made | {name: np.array(values) for name, values in columns.items()}))


# Of a hundred answers after 1, 2, ... 100 s the share p was answered within 100 p s, as percentiles are read elsewhere.
def test_curve_reads_order_statistics() -> None:
    answered = [float(second) for second in range(1, 101)]
    curve = frt_curve(outcomes(planned_s=[0.0] * 100, claimed_s=answered))
    assert curve.tolist() == [float(np.ceil(share * 100)) for share in SHARES]


# Whoever never had an answer stands at the end of the curve, for ever.
def test_never_answered_is_infinite() -> None:
    curve = frt_curve(outcomes(planned_s=[0.0, 0.0], bot_reply_s=[3.0, np.nan]))
    assert curve[0] == 3.0
    assert np.isinf(curve[-1])


# One is claimed at 5, one leaves at 7, one is passed on at 6 and claimed again at 9, one waits on at the end.
def test_backlog_counts_second_waits() -> None:
    told = outcomes(
        queued_s=[1.0, 2.0, 3.0, 8.0],
        claimed_s=[5.0, np.nan, 3.0, np.nan],
        passed_s=[np.nan, np.nan, 6.0, np.nan],
        served_s=[5.0, np.nan, 9.0, np.nan],
        ended_s=[10.0, 7.0, 12.0, np.nan],
    )
    assert backlog(told, np.array([0.0, 2.0, 5.0, 6.0, 7.0, 8.0, 9.0, 20.0])).tolist() == [0, 2, 1, 2, 1, 2, 1, 1]
