"""CSV files that a scenario names; a relative path starts at the scenario's folder."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationInfo

from crestline.scenario.block import nearest, refuse
from crestline.units import parse_duration, show


def read_rows(name: object, info: ValidationInfo) -> list[dict[str, str]]:
    """The rows of a CSV file; the first line names the columns."""
    try:
        return list(csv.DictReader(lines_of(name, info)))
    except csv.Error as error:
        raise refuse(f"{name} is not CSV: {error}", "csv") from None


def lines_of(name: object, info: ValidationInfo, key: str = "csv") -> Iterator[str]:
    """The lines of a CSV file that is named under ``key``."""
    if not isinstance(name, str):
        raise refuse(f"got {show(name)}, expected the path of a CSV file", key)
    path = Path((info.context or {}).get("folder", "."), name)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise refuse(f"cannot read {path}: {reason}; paths start at the scenario's folder", key) from None


def read_durations(name: object, column: object, info: ValidationInfo) -> tuple[float, ...]:
    """One column of durations; bare numbers are seconds."""
    rows = read_rows(name, info)
    if rows and column not in rows[0]:
        raise refuse(f"{show(column)} is no column of {name}; {nearest(column, rows[0])}", "column")
    return tuple(_seconds(row[str(column)], line) for line, row in enumerate(rows, start=2))


def _seconds(cell: str | None, line: int) -> float:
    text = (cell or "").strip()
    try:
        return float(text) if text.replace(".", "", 1).isdecimal() else parse_duration(text)
    except ValueError as error:
        raise refuse(f"line {line}: {error}", "csv") from None
