"""Read a call-by-call log: every call as one row of plain columns, and a count of what was dropped and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from crestline.errors import Problem, ScenarioError
from crestline.fit.columns import BANK_SOURCE, BANK_ZONE, Columns, is_bank
from crestline.tables import Bools, Floats, Ints

if TYPE_CHECKING:
    import pandas as pd

LONGEST_HANDLE_S = 7200.0
DAY_S = 86400.0


class Dropped(NamedTuple):
    """Rows that were left out, and why."""

    why: str
    count: int


@dataclass(frozen=True, eq=False)
class Calls:
    """The calls of a log, in order of arrival. ``day`` counts from ``first_date``; clock seconds may pass midnight."""

    day: Ints
    asked_s: Floats  # clock seconds at which the caller came to the door
    queue_s: Floats  # clock seconds at which the caller asked for an agent: asked_s + menu
    wait_s: Floats
    handle_s: Floats  # 0 when not answered
    queued: Bools  # asked for an agent at all; the others left in the menu
    answered: Bools
    contact: Ints  # index into contacts
    customer: Ints  # -1 unknown
    vip: Bools
    agent: Ints  # -1 none or unknown
    contacts: tuple[str, ...]
    first_date: dt.date

    def __len__(self) -> int:
        return len(self.day)

    def take(self, which: NDArray[Any]) -> Self:
        """The calls that ``which`` selects."""
        rest = {f.name: getattr(self, f.name) for f in fields(self)}
        return type(self)(**(rest | {k: v[which] for k, v in rest.items() if isinstance(v, np.ndarray)}))

    @property
    def abandoned(self) -> Bools:
        """Asked for an agent and left before one came."""
        return self.queued & ~self.answered

    @property
    def end_s(self) -> Floats:
        """Clock seconds at which the call was over."""
        return self.queue_s + self.wait_s + self.handle_s

    def date(self, day: int) -> dt.date:
        """The date of a day number."""
        return self.first_date + dt.timedelta(days=int(day))


@dataclass(frozen=True, eq=False)
class Log:
    """A log as it was read: the calls, how many rows there were, what was dropped, what is not in it."""

    source: str
    calls: Calls
    rows: int
    dropped: tuple[Dropped, ...]
    capped: int
    columns: dict[str, str]
    acknowledgement: str | None
    timezone: str | None

    def has(self, role: str) -> bool:
        """Whether the log says this at all."""
        return role in self.columns


def read_log(paths: Sequence[Path], columns: Columns) -> Log:
    """Read one or more CSV files of one layout. Raises ScenarioError when they cannot be understood."""
    source = ", ".join(str(p) for p in paths)
    frame = _table(paths)
    chosen = columns.found(frame.columns, source)
    bank = is_bank(frame.columns)
    made = _columns(frame, chosen, columns, source)
    reasons = _reasons(made, frame[chosen["outcome"]], columns)
    keep = np.ones(len(frame), dtype=np.bool_)
    dropped = []
    for why, bad in reasons:
        if count := int((keep & bad).sum()):
            dropped.append(Dropped(why, count))
        keep &= ~bad
    _refuse_useless(made, keep, frame[chosen["outcome"]], chosen["outcome"], source)
    first = dt.date.fromordinal(int(made["day"][keep].min()))
    calls = _calls(made, keep, first, _labels(frame, chosen))
    return Log(
        source=source,
        calls=calls,
        rows=len(frame),
        dropped=tuple(dropped),
        capped=int((keep & (made["handle_s"] > LONGEST_HANDLE_S)).sum()),
        columns=chosen,
        acknowledgement=BANK_SOURCE if bank else None,
        timezone=BANK_ZONE if bank else None,
    )


def _table(paths: Sequence[Path]) -> pd.DataFrame:
    """All rows of all files as text; an error says which file is missing, empty or differs."""
    import pandas as pd

    tables: list[pd.DataFrame] = []
    for path in paths:
        try:
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
        except (OSError, UnicodeDecodeError, ValueError) as error:  # pandas' own errors are ValueErrors
            wrong = error.strerror if isinstance(error, OSError) else str(error)
            raise ScenarioError(str(path), [Problem(None, None, f"cannot be read as CSV: {wrong}")]) from error
        if table.empty:
            raise ScenarioError(str(path), [Problem(None, None, "holds no calls; expected a row for each call")])
        if tables and list(table.columns) != list(tables[0].columns):
            wrong = f"has other columns than {paths[0]} (got {', '.join(table.columns)}); give files of one layout"
            raise ScenarioError(str(path), [Problem(1, None, wrong)])
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _columns(frame: pd.DataFrame, chosen: dict[str, str], columns: Columns, source: str) -> dict[str, NDArray[Any]]:
    """Every role as numbers, NaN where the log is silent or unreadable."""
    import pandas as pd

    def text(role: str) -> pd.Series[str] | None:
        return frame[chosen[role]].str.strip() if role in chosen else None

    def words(role: str, wanted: tuple[str, ...]) -> Bools:
        lower = frame[chosen[role]].str.strip().str.lower()
        return lower.isin([w.lower() for w in wanted]).to_numpy(dtype=np.bool_)

    count, nothing = len(frame), ("", "0", "0:00:00", "00:00:00")
    day, asked_s = _instants(frame[chosen["arrival"]], text("date"), chosen, source)
    answered = words("outcome", columns.answered)
    queued, customer, agent = text("queued"), text("customer"), text("agent")
    menu = _seconds(frame[chosen["menu"]]) if "menu" in chosen else np.zeros(count)
    contact = text("contact")
    return {
        "day": day,
        "asked_s": asked_s,
        "menu_s": menu,
        "wait_s": _seconds(frame[chosen["wait"]]),
        "handle_s": np.where(answered, _seconds(frame[chosen["handle"]]), 0.0),
        "queued": answered | (~queued.isin(nothing).to_numpy() if queued is not None else True),
        "answered": answered,
        "ended": answered | words("outcome", columns.abandoned),
        "contact": pd.factorize(contact, sort=True)[0] if contact is not None else np.zeros(count, dtype=np.int64),
        "customer": _codes(customer, count, nothing),
        "vip": words("priority", columns.vip) if "priority" in chosen else np.zeros(count, dtype=np.bool_),
        "agent": _codes(agent, count, nothing),
    }


def _reasons(made: dict[str, NDArray[Any]], outcome: pd.Series[str], columns: Columns) -> list[tuple[str, Bools]]:
    """Why a row may be unusable, in the order in which the reasons are counted."""
    times = np.column_stack([made[name] for name in ("menu_s", "wait_s", "handle_s")])
    strange = sorted(set(outcome[~made["ended"]].str.strip()))
    known = ", ".join(columns.answered[:1] + columns.abandoned[:1])
    return [
        (f"outcome {', '.join(strange[:4])} (known: {known}, ...)", ~made["ended"]),
        ("no readable date or time", np.isnan(made["asked_s"])),
        ("a duration is missing or unreadable", np.isnan(times).any(axis=1)),
        ("a duration is negative", (times < 0).any(axis=1)),
    ]


def _refuse_useless(
    made: dict[str, NDArray[Any]], keep: Bools, outcome: pd.Series[str], column: str, source: str
) -> None:
    """An error when nothing can be fitted: no usable row, nobody answered, nobody who left the queue."""
    answered, left = keep & made["answered"], keep & made["queued"] & ~made["answered"]
    words = ", ".join(f'"{w}"' for w in sorted(set(outcome.str.strip()))[:6])
    problems = []
    if not answered.any():
        problems.append(
            f"no answered call among {len(keep)} rows; column {column} has {words}; "
            "say which of them means answered with --answered-value"
        )
    if not left.any():
        problems.append(
            f"nobody left the queue, so patience cannot be fitted; column {column} has {words}; "
            "say which of them means abandoned with --abandoned-value"
        )
    if problems:
        raise ScenarioError(source, [Problem(None, None, p) for p in problems])


def _calls(made: dict[str, NDArray[Any]], keep: Bools, first: dt.date, contacts: tuple[str, ...]) -> Calls:
    """The kept rows in order of arrival, handle times capped."""
    kept = {name: column[keep] for name, column in made.items()}
    order = np.lexsort((kept["asked_s"], kept["day"]))
    kept = {name: column[order] for name, column in kept.items()}
    return Calls(
        day=kept["day"] - first.toordinal(),
        asked_s=kept["asked_s"],
        queue_s=kept["asked_s"] + kept["menu_s"],
        wait_s=kept["wait_s"],
        handle_s=np.minimum(kept["handle_s"], LONGEST_HANDLE_S),
        queued=kept["queued"],
        answered=kept["answered"],
        contact=kept["contact"],
        customer=kept["customer"],
        vip=kept["vip"],
        agent=kept["agent"],
        contacts=contacts,
        first_date=first,
    )


def _labels(frame: pd.DataFrame, chosen: dict[str, str]) -> tuple[str, ...]:
    if "contact" not in chosen:
        return ("all",)
    return tuple(name or "unknown" for name in sorted(set(frame[chosen["contact"]].str.strip())))


def _instants(
    arrival: pd.Series[str], date: pd.Series[str] | None, chosen: dict[str, str], source: str
) -> tuple[Ints, Floats]:
    """Day number (ordinal) and clock seconds of every row; NaN seconds where unreadable."""
    import pandas as pd

    clocks = _seconds(arrival) if date is not None else np.full(len(arrival), np.nan)
    stamps = pd.to_datetime(date if date is not None else arrival, errors="coerce", format="mixed")
    if stamps.isna().all():
        column = chosen["date"] if date is not None else chosen["arrival"]
        wrong = (
            f'column {column}: no readable date (got for example "{(date if date is not None else arrival).iloc[0]}")'
        )
        hint = "; expected 1999-02-01 or 1999-02-01 08:30:00; a clock time needs a date beside it: --date-column"
        raise ScenarioError(source, [Problem(2, None, wrong + hint)])
    days = stamps.dt.normalize()
    if date is None:
        clocks = (stamps - days).dt.total_seconds().to_numpy(dtype=np.float64)
    ordinal = (days - pd.Timestamp(1970, 1, 1)).dt.days.fillna(0).to_numpy(dtype=np.int64)
    clocks = np.where(stamps.isna(), np.nan, clocks)
    return ordinal + dt.date(1970, 1, 1).toordinal(), clocks


def _seconds(column: pd.Series[str]) -> Floats:
    """Seconds from numbers or from H:MM:SS; NaN where neither."""
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce")
    parts = column.str.strip().str.extract(r"^(\d+):(\d\d)(?::(\d\d(?:\.\d+)?))?$").astype(float)
    clocks = parts[0] * 3600 + parts[1] * 60 + parts[2].fillna(0.0)
    return numbers.fillna(clocks).to_numpy(dtype=np.float64)


def _codes(column: pd.Series[str] | None, count: int, nothing: tuple[str, ...]) -> Ints:
    """A number for every distinct value, -1 for none."""
    import pandas as pd

    if column is None:
        return np.full(count, -1, dtype=np.int64)
    codes, _ = pd.factorize(column.mask(column.isin(nothing)))
    return codes.astype(np.int64)
