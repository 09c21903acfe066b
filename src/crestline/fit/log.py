"""Read a call-by-call log: every call as one row of plain columns, and a count of what was dropped and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from crestline.errors import Problem, ScenarioError
from crestline.fit.calls import Calls
from crestline.fit.cells import NOTHING, codes, instants, names, says, seconds
from crestline.fit.columns import BANK_SOURCE, BANK_ZONE, Columns, is_bank
from crestline.tables import Bools, Floats, Ints

if TYPE_CHECKING:
    import pandas as pd

LONGEST_HANDLE_S = 7200.0


class Dropped(NamedTuple):
    """Rows that were left out, and why."""

    why: str
    rows: int


@dataclass(frozen=True, eq=False)
class Log:
    """A log as it was read: the calls, how many rows there were, what was dropped, what is not in it."""

    source: str
    calls: Calls
    rows: int
    dropped: tuple[Dropped, ...]
    capped: int  # handle times over two hours
    columns: dict[str, str]  # role -> column
    acknowledgement: str | None
    timezone: str | None

    def has(self, role: str) -> bool:
        """Whether the log says this at all."""
        return role in self.columns


def read_log(paths: Sequence[Path], columns: Columns) -> Log:
    """Read one or more CSV files of one layout. Raises ScenarioError when they cannot be understood."""
    source = ", ".join(str(path) for path in paths)
    frame = _table(paths)
    chosen = columns.found(frame.columns, source)
    rows = _rows(frame, chosen, columns)
    keep, dropped = _sift(rows, frame[chosen["outcome"]], columns)
    if problems := _too_little(rows, keep, frame, chosen):
        raise ScenarioError(source, problems)
    bank = is_bank(frame.columns)
    return Log(
        source=source,
        calls=_calls(rows, keep),
        rows=len(frame),
        dropped=dropped,
        capped=int((keep & (rows.handle_s > LONGEST_HANDLE_S)).sum()),
        columns=chosen,
        acknowledgement=BANK_SOURCE if bank else None,
        timezone=BANK_ZONE if bank else None,
    )


class _Rows(NamedTuple):
    """Every row of the file as numbers, NaN where the log is silent or unreadable."""

    day: Ints
    asked_s: Floats
    menu_s: Floats
    wait_s: Floats
    handle_s: Floats
    queued: Bools
    answered: Bools
    ended: Bools
    contact: NDArray[Any]
    customer: Ints
    vip: Bools
    agent: Ints


def _table(paths: Sequence[Path]) -> pd.DataFrame:
    """All rows of all files as text; an error says which file is missing, empty or differs."""
    import pandas as pd

    tables: list[pd.DataFrame] = []
    for path in paths:
        try:
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
        except (OSError, ValueError) as error:  # pandas' own errors and bad UTF-8 are ValueErrors
            wrong = error.strerror if isinstance(error, OSError) else error
            raise _refuse(path, None, f"cannot be read as CSV: {wrong}; expected CSV in UTF-8") from error
        if table.empty:
            raise _refuse(path, None, "holds no calls; expected a header and a row for each call")
        if tables and list(table.columns) != list(tables[0].columns):
            differs = f"has other columns than {paths[0]} (got {', '.join(table.columns)}); give files of one layout"
            raise _refuse(path, 1, differs)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _refuse(path: Path, line: int | None, message: str) -> ScenarioError:
    return ScenarioError(str(path), [Problem(line, 1 if line else None, message)])


def _rows(frame: pd.DataFrame, chosen: dict[str, str], columns: Columns) -> _Rows:
    cell = {role: frame[name] for role, name in chosen.items()}
    count = len(frame)
    day, asked_s = instants(cell["arrival"], cell.get("date"))
    answered = says(cell["outcome"], columns.answered)
    asked_for_agent = ~says(cell["queued"], NOTHING) if "queued" in cell else np.ones(count, dtype=np.bool_)
    nobody = np.full(count, -1, dtype=np.int64)
    return _Rows(
        day=day,
        asked_s=asked_s,
        menu_s=seconds(cell["menu"]) if "menu" in cell else np.zeros(count),
        wait_s=seconds(cell["wait"]),
        handle_s=np.where(answered, seconds(cell["handle"]), 0.0),
        queued=answered | asked_for_agent,
        answered=answered,
        ended=answered | says(cell["outcome"], columns.abandoned),
        contact=np.array(names(cell["contact"]) if "contact" in cell else ["all"] * count, dtype=str),
        customer=codes(cell["customer"]) if "customer" in cell else nobody,
        vip=says(cell["priority"], columns.vip) if "priority" in cell else np.zeros(count, dtype=np.bool_),
        agent=codes(cell["agent"]) if "agent" in cell else nobody,
    )


def _sift(rows: _Rows, outcome: pd.Series[str], columns: Columns) -> tuple[Bools, tuple[Dropped, ...]]:
    """Which rows can be used; each of the others is counted once, under the first reason that holds."""
    times = np.column_stack((rows.menu_s, rows.wait_s, rows.handle_s))
    strange = ", ".join(sorted(set(outcome[~rows.ended].str.strip()))[:4])
    reasons = (
        (f"outcome {strange} is neither {columns.answered[0]} nor {columns.abandoned[0]}", ~rows.ended),
        ("no readable date or time", np.isnan(rows.asked_s)),
        ("a duration is missing or unreadable", np.isnan(times).any(axis=1)),
        ("a duration is negative", (times < 0).any(axis=1)),
    )
    keep, dropped = np.ones(len(rows.day), dtype=np.bool_), []
    for why, bad in reasons:
        dropped.append(Dropped(why, int((keep & bad).sum())))
        keep &= ~bad
    return keep, tuple(drop for drop in dropped if drop.rows)


def _too_little(rows: _Rows, keep: Bools, frame: pd.DataFrame, chosen: dict[str, str]) -> list[Problem]:
    """Why nothing can be fitted: no readable time, nobody answered, nobody who left the queue."""
    if np.isnan(rows.asked_s).all():
        got = " ".join(frame[chosen[role]].iloc[0] for role in ("date", "arrival") if role in chosen)
        hint = "expected 1999-02-01 08:30:00, or a clock time beside a date (--date-column, --arrival-column)"
        return [Problem(2, 1, f'no row has a readable date and time (got for example "{got}"); {hint}')]
    column = chosen["outcome"]
    words = ", ".join(f'"{word}"' for word in sorted(set(frame[column].str.strip()))[:6])
    problems = []
    if not (keep & rows.answered).any():
        wrong = f"no usable answered call among {len(keep):,} rows; column {column} has {words}"
        problems.append(Problem(None, None, f"{wrong}; say which of them means answered with --answered-value"))
    if not (keep & rows.queued & ~rows.answered).any():
        wrong = f"nobody left the queue, so patience cannot be fitted; column {column} has {words}"
        problems.append(Problem(None, None, f"{wrong}; say which of them means abandoned with --abandoned-value"))
    return problems


def _calls(rows: _Rows, keep: Bools) -> Calls:
    """The kept rows in order of arrival, handle times capped."""
    order = np.flatnonzero(keep)[np.lexsort((rows.asked_s[keep], rows.day[keep]))]
    kept = _Rows(**{name: column[order] for name, column in rows._asdict().items()})
    first = int(kept.day[0])
    contacts = np.unique(kept.contact)
    return Calls(
        day=kept.day - first,
        asked_s=kept.asked_s,
        queue_s=kept.asked_s + kept.menu_s,
        wait_s=kept.wait_s,
        handle_s=np.minimum(kept.handle_s, LONGEST_HANDLE_S),
        queued=kept.queued,
        answered=kept.answered,
        contact=np.searchsorted(contacts, kept.contact),
        customer=kept.customer,
        vip=kept.vip,
        agent=kept.agent,
        contacts=tuple(contacts.tolist()),
        first_date=dt.date.fromordinal(first),
    )
