"""The cells of a log as numbers: durations, instants, codes and names from text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from crestline.tables import Bools, Floats, Ints

if TYPE_CHECKING:
    import pandas as pd

_CLOCK = re.compile(r"(\d+):(\d\d)(?::(\d\d(?:\.\d+)?))?")
_OFFSET = re.compile(r"(:\d\d(?:\.\d+)?)\s*(?:Z|[+-]\d\d:?\d\d)$")  # the clock as it is written is local time
NOTHING = ("", "0", "0:00:00", "00:00:00")


def seconds(column: pd.Series[str]) -> Floats:
    """Seconds from numbers or from H:MM:SS; NaN where neither."""
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce")
    parts = column.str.strip().str.extract(f"^{_CLOCK.pattern}$").astype(float)
    clocks = parts[0] * 3600 + parts[1] * 60 + parts[2].fillna(0.0)
    return np.asarray(numbers.fillna(clocks), dtype=np.float64)


def instants(arrival: pd.Series[str], date: pd.Series[str] | None) -> tuple[Ints, Floats]:
    """Day number (ordinal) and clock seconds of every row, from time stamps or from dates and clock times.

    Seconds are NaN where unreadable. Offsets from UTC are left aside: the clock that was written is the service's.
    """
    import pandas as pd

    text = (arrival if date is None else date).str.replace(_OFFSET, r"\1", regex=True)
    only_clock = text.str.fullmatch(_CLOCK.pattern)  # which pandas would take for a time of today
    stamps = pd.to_datetime(text.mask(only_clock), errors="coerce", format="mixed")
    days = stamps.dt.normalize()
    clock_s = (stamps - days).dt.total_seconds().to_numpy() if date is None else seconds(arrival)
    since_1970 = (days - pd.Timestamp(1970, 1, 1)).dt.days.fillna(0).to_numpy(dtype=np.int64)
    ordinal = np.asarray(since_1970 + dt.date(1970, 1, 1).toordinal(), dtype=np.int64)
    return ordinal, np.asarray(np.where(stamps.isna(), np.nan, clock_s), dtype=np.float64)


def codes(column: pd.Series[str]) -> Ints:
    """A number for every distinct value, -1 for none."""
    import pandas as pd

    plain = column.str.strip()
    return np.asarray(pd.factorize(plain.mask(plain.isin(NOTHING)))[0], dtype=np.int64)


def says(column: pd.Series[str], words: Sequence[str]) -> Bools:
    """Where the cell is one of the words, in whatever case."""
    return np.asarray(column.str.strip().str.lower().isin([word.lower() for word in words]), dtype=np.bool_)


def names(column: pd.Series[str]) -> pd.Series[str]:
    """The cells as names that a scenario allows; ``unknown`` for an empty one."""
    return column.map(name)


def name(text: str) -> str:
    """A text as a name that a scenario allows."""
    return re.sub(r"[^\w.-]+", "-", text.strip()).strip("-.") or "unknown"
