"""The check of identity: what two engines made of one world, compared bit for bit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crestline.tables import Outcomes, Pools

Tables = tuple[Outcomes, Pools]


def differences(told: Tables, expected: Tables) -> list[str]:
    """Every column that is not the same to the last bit, and where it first differs."""
    return [
        f"{type(table).__name__}.{name}: {words}"
        for table, wanted in zip(told, expected, strict=True)
        for name in wanted.columns()
        for words in _of_column(table.columns()[name], wanted.columns()[name])
    ] + [
        f"{type(table).__name__}.{name}: got {getattr(table, name)}, expected {getattr(wanted, name)}"
        for table, wanted in zip(told, expected, strict=True)
        for name in ("contacts", "groups", "names")
        if getattr(table, name, ()) != getattr(wanted, name, ())
    ]


def _of_column(column: NDArray[Any], wanted: NDArray[Any]) -> Iterator[str]:
    if (column.dtype, len(column)) != (wanted.dtype, len(wanted)):
        yield f"{len(column)} rows of {column.dtype}, expected {len(wanted)} of {wanted.dtype}"
        return
    rows = np.flatnonzero(_bits(column) != _bits(wanted)).tolist()
    if rows:
        yield f"{column[rows[0]]!r} in row {rows[0]}, expected {wanted[rows[0]]!r}; {len(rows)} rows differ"


def _bits(column: NDArray[Any]) -> NDArray[Any]:
    """What tells apart any two numbers, 0 and -0 or two kinds of NaN included."""
    return column.view(np.int64) if column.dtype == np.float64 else column
