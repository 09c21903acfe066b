"""The workload row by row, as it is played."""

from __future__ import annotations

from typing import Any

import numpy as np

from crestline.tables import WORKLOAD_COLUMNS, Workload
from crestline.workload.rows import Rows


def test_an_attempt_is_followed_by_the_same_customers_next() -> None:
    """Three customers, of whom the second may come back once."""
    plain: dict[str, Any] = {name: np.zeros(4) for name in WORKLOAD_COLUMNS}
    rows = Rows(Workload(**(plain | {"customer": [0, 1, 1, 2], "attempt": [0, 0, 1, 0]})))
    assert [rows.follows(row) for row in range(4)] == [False, True, False, False]
