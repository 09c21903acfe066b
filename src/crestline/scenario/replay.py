"""A recorded day, arrival by arrival, in place of a rate: ``rate: {replay: calls.csv}``."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from pydantic import ValidationInfo, model_serializer, model_validator

from crestline.scenario.block import Block, refuse
from crestline.scenario.files import lines_of
from crestline.tables import Floats, Ints
from crestline.units import parse_clock, show

AT, CONTACT = "at", "contact"  # columns of the file
BIN_S = 360.0  # arrivals of a call centre are Poisson within six minutes (Brown et al. 2005)
PER_S = 1000  # instants are kept to the millisecond
Gaps = tuple[tuple[str, str], ...]
_GAPS = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
REPLAY_SCHEMA = {
    "anyOf": [{"type": "string"}, {"type": "object", "properties": {"gaps": _GAPS}, "required": ["gaps"]}],
    "description": "a CSV file with the columns at (08:00:05) and perhaps contact, one row for every arrival",
}


class Recorded(NamedTuple):
    """Arrivals in order of time."""

    at_s: Floats  # clock times, in seconds since midnight
    contact: Ints  # which of ``names`` each came for, -1 where that was not recorded
    names: tuple[str, ...]


class Replay(Block):
    """When every customer of a recorded day came, and what for where the file says so.

    ``gaps`` holds for each contact type (the empty name where none was recorded) the clock time of its first arrival
    in seconds since midnight, followed by the seconds from each arrival to the next: text that stays compact for a
    million arrivals.
    """

    gaps: Gaps

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, Replay):
            return value
        if set(value) != {"replay"}:
            raise refuse("stands alone, expected no key beside it", "replay")
        told = value["replay"]
        gaps = _embedded(told) if isinstance(told, Mapping) else _spelled(*_from_csv(told, info))
        return {"gaps": gaps}

    @model_serializer(when_used="json")
    def _spell(self) -> dict[str, Any]:
        named = dict(self.gaps)
        return {"replay": {"gaps": named.get("") if set(named) == {""} else named}}

    @property
    def recorded(self) -> Recorded:
        """Every arrival."""
        return _decoded(self.gaps)

    @property
    def at(self) -> tuple[float, ...]:
        """Clock times of a curve through the recorded counts of six minutes each."""
        return _curve(self.gaps)[0]

    @property
    def per_s(self) -> tuple[float, ...]:
        """The rate of arrivals at these times, 0 at both ends."""
        return _curve(self.gaps)[1]


@lru_cache(maxsize=4)
def _decoded(gaps: Gaps) -> Recorded:
    names = tuple(name for name, _ in gaps if name)
    instants = [np.cumsum(_milliseconds(text)) for _, text in gaps]
    kinds = [names.index(name) if name else -1 for name, _ in gaps]
    at, contact = np.concatenate(instants), np.repeat(kinds, [len(each) for each in instants])
    order = np.argsort(at, kind="stable")
    return Recorded(at[order] / PER_S, contact[order], names)


def _milliseconds(text: str) -> Ints:
    made: Ints = np.rint(np.array(text.split(), np.float64) * PER_S).astype(np.int64)
    return made


@lru_cache(maxsize=4)
def _curve(gaps: Gaps) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The middle of every bin, and the arrivals per second in it; one empty bin before the first and after the last."""
    number = (_decoded(gaps).at_s // BIN_S).astype(np.int64)
    first = int(number[0]) - 1
    counts = np.bincount(number - first, minlength=int(number[-1]) - first + 2)
    middles = (np.arange(len(counts)) + first + 0.5) * BIN_S
    return tuple(middles.tolist()), tuple((counts / BIN_S).tolist())


def _embedded(told: Mapping[str, Any]) -> Gaps:
    """Gaps as a complete scenario holds them."""
    if set(told) != {"gaps"}:
        raise refuse("expected the path of a CSV file with the columns at and contact, or {gaps: ...}", "replay")
    gaps = told["gaps"] if isinstance(told["gaps"], Mapping) else {"": told["gaps"]}
    for name, text in gaps.items():
        place = ("replay", "gaps", *([name] if name else []))
        try:
            sound = isinstance(text, str) and len(ms := _milliseconds(text)) > 0 and ms.min() >= 0
        except ValueError:
            sound = False
        if not sound or not isinstance(name, str):
            words = "expected the first arrival in seconds since midnight, and the seconds from each to the next"
            raise refuse(f"{words}, such as 28800 12.5 3", *place)
    if not gaps:
        raise refuse("holds no arrival, expected at least one", "replay", "gaps")
    return tuple(gaps.items())


def _spelled(seconds: list[float], contacts: list[str]) -> Gaps:
    """Arrivals as gaps, contact type by contact type."""
    at = np.rint(np.array(seconds) * PER_S).astype(np.int64)
    names = np.array(contacts)
    by_name = {name: np.sort(at[names == name]) for name in dict.fromkeys(contacts)}
    return tuple((name, _as_text(np.diff(instants, prepend=0))) for name, instants in by_name.items())


def _as_text(milliseconds: Ints) -> str:
    return " ".join([_seconds(gap) for gap in milliseconds.tolist()])


def _seconds(milliseconds: int) -> str:
    whole, rest = divmod(milliseconds, PER_S)
    return f"{whole or ''}.{rest:03d}".rstrip("0") if rest else str(whole)


def _from_csv(name: object, info: ValidationInfo) -> tuple[list[float], list[str]]:
    """The column ``at`` in seconds since the midnight before, and ``contact``, empty where it says nothing."""
    rows = csv.reader(lines_of(name, info, "replay"))
    head = [cell.strip() for cell in next(rows, [])]
    if AT not in head:
        raise refuse("expected a CSV file with the column at (08:00:05), and perhaps contact", "replay")
    at, contact = head.index(AT), head.index(CONTACT) if CONTACT in head else None
    instants, contacts = list[_Stamp](), list[str]()
    for line, row in _told(rows):
        try:
            instants.append(_instant(row[at]))
            contacts.append("" if contact is None else row[contact].strip())
        except (ValueError, IndexError) as error:
            words = "has too few columns" if isinstance(error, IndexError) else error
            raise refuse(f"line {line}: {words}", "replay") from None
    if not instants:
        raise refuse("holds no arrival, expected at least one", "replay")
    return _since_midnight(instants), contacts


def _told(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of their line; empty ones are passed over."""
    try:
        yield from ((line, row) for line, row in enumerate(rows, start=2) if row)
    except csv.Error as error:
        raise refuse(f"is not CSV: {error}", "replay") from None


class _Stamp(NamedTuple):
    """One arrival by the clock on the wall there."""

    day: int  # its number, 0 of a bare clock time
    seconds: float  # since its midnight
    offset: str  # such as UTC+01:00; empty where it is not told


def _instant(cell: str) -> _Stamp:
    text = cell.strip()
    try:
        if "-" not in text:
            return _Stamp(0, parse_clock(text), "")
        stamp = datetime.fromisoformat(text)
    except ValueError:
        expected = "a clock time such as 08:00:05, or a time stamp such as 2026-11-22T08:00:05"
        raise ValueError(f"got {show(text)}, expected {expected}") from None
    seconds = (stamp.hour * 60 + stamp.minute) * 60 + stamp.second + stamp.microsecond / 1e6
    return _Stamp(stamp.toordinal(), seconds, stamp.tzname() or "")


def _since_midnight(instants: list[_Stamp]) -> list[float]:
    """Seconds since the midnight before the first day, by one clock; time goes on past 24:00."""
    first = min(stamp.day for stamp in instants)
    if first == 0 and any(stamp.day for stamp in instants):
        raise refuse("mixes clock times with time stamps, expected either", "replay")
    if len(offsets := sorted({stamp.offset for stamp in instants})) > 1:
        found = ", ".join(offset or "none told" for offset in offsets)
        raise refuse(f"mixes UTC offsets ({found}), expected one; write every arrival by one clock", "replay")
    return [(stamp.day - first) * 86400.0 + stamp.seconds for stamp in instants]
