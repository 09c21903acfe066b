"""A table of contacts written by hand: every story says only what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from crestline.tables import OUTCOME_COLUMNS, Outcome, Outcomes, Pools

Row = dict[str, Any]
Story = Callable[[Sequence[Row]], Outcomes]
Changes = Callable[[Sequence[tuple[float, str, int, int, int]]], Pools]

ELSE: Row = {"contact": 0, "vip": False, "attempt": 0, "outcome": Outcome.OPEN, "transfers": 0}


def _table(rows: Sequence[Row]) -> Outcomes:
    columns: dict[str, Any] = {}
    for name, column in OUTCOME_COLUMNS.items():
        empty = ELSE.get(name, np.nan if column.dtype is np.float64 else -1)
        columns[name] = np.array([row.get(name, empty) for row in rows], dtype=column.dtype)
    columns["row"] = columns["customer"] = np.arange(len(rows))
    return Outcomes(**columns)


def _pools(rows: Sequence[tuple[float, str, int, int, int]]) -> Pools:
    names = tuple(dict.fromkeys(name for _, name, *_ in rows))
    return Pools(
        time_s=np.array([row[0] for row in rows]),
        pool=np.array([names.index(row[1]) for row in rows], np.int64),
        ready=np.array([row[2] for row in rows], np.int64),
        busy=np.array([row[3] for row in rows], np.int64),
        waiting=np.array([row[4] for row in rows], np.int64),
        names=names,
    )


@pytest.fixture(scope="session")
def story() -> Story:
    """Make Outcomes of contacts that say only what happened to them."""
    return _table


@pytest.fixture(scope="session")
def changes() -> Changes:
    """Make Pools of (time_s, pool, ready, busy, waiting)."""
    return _pools
