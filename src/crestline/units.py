"""Quantities as people write them: durations, rates, shares, levels and clock times; parsed, printed and spelled.

``parse_*`` reads a quantity and raises ``ValueError`` with what it got and what it expected. ``format_*`` prints for
people and rounds. ``spell_*`` writes for files: what it writes parses back to exactly the same number.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal

LARGEST = 1e12  # of anything: 30,000 years in seconds
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_TERM = re.compile(rf"\s*({_NUMBER})\s*(ms|min|s|m|h|d)(?![a-z])")
_DURATION = re.compile(rf"(?:\s*{_NUMBER}\s*(?:ms|min|s|m|h|d))+\s*")
_RATE = re.compile(rf"\s*({_NUMBER})\s*/\s*(s|m|min|h|d)\s*")
_BYTES = {"B": 1.0, "kB": 1e3, "MB": 1e6}
_BYTE_RATE = re.compile(rf"\s*({_NUMBER})\s*(B|kB|MB)\s*/\s*s\s*")
_PERCENT = re.compile(rf"\s*({_NUMBER})\s*%\s*")
_CLOCK = re.compile(r"\s*(\d{1,4}):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?\s*")


def show(value: object) -> str:
    """A value as an error message shows it: text in quotes, numbers bare, containers by name."""
    if isinstance(value, str | bool | int | float):
        return json.dumps(value, ensure_ascii=False)
    if value is None:
        return "nothing"
    if isinstance(value, dict | list | tuple):
        return "a mapping" if isinstance(value, dict) else "a list"
    return str(value)


def _refuse(value: object, expected: str) -> ValueError:
    return ValueError(f"got {show(value)}, expected {expected}")


def _sensible(number: float, value: object, expected: str) -> float:
    """The number, unless it is so large that sums with it would be infinite or lose their seconds."""
    if not number <= LARGEST:
        raise _refuse(value, f"{expected}, and not beyond all measure")
    return float(number)


def parse_duration(value: object) -> float:
    """Seconds of a duration such as ``45s``, ``15min``, ``1h30m``, ``500ms`` or ``2d``; a bare number is refused."""
    expected = "a duration with its unit, such as 45s, 15min or 1h30m"
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise _refuse(value, expected)
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in _TERM.findall(value))
    return _sensible(seconds, value, expected)


def parse_rate(value: object) -> float:
    """Events per second of a rate such as ``120/h``, ``30/min`` or ``2/s``."""
    expected = "a rate with its unit, such as 120/h or 2/s"
    match = _RATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _refuse(value, expected)
    return _sensible(float(match[1]) / _SECONDS[match[2]], value, expected)


def parse_byte_rate(value: object) -> float:
    """Bytes per second of a rate such as ``20kB/s``, ``1MB/s`` or ``500B/s``; 1 kB is 1,000 bytes."""
    match = _BYTE_RATE.fullmatch(value) if isinstance(value, str) else None
    expected = "a rate of bytes, such as 20kB/s"
    if match is None:
        raise _refuse(value, expected)
    return _sensible(float(match[1]) * _BYTES[match[2]], value, expected)


def _ratio(value: object, expected: str) -> float:
    match = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if match:
        return _sensible(float(match[1]) / 100, value, expected)
    if isinstance(value, bool | str) or not isinstance(value, int | float) or not value >= 0:
        raise _refuse(value, expected)
    return _sensible(value, value, expected)


def parse_share(value: object) -> float:
    """A share of a whole, 0 to 1, of text such as ``35%`` or a number such as 0.35."""
    expected = "a share from 0% to 100%, such as 35% or 0.35"
    share = _ratio(value, expected)
    if share > 1:
        raise _refuse(value, expected)
    return share


def parse_level(value: object) -> float:
    """A factor of 0 or more, of text such as ``200%`` or a number such as 2.0."""
    return _ratio(value, "a level such as 200% or 2.0")


def parse_clock(value: object) -> float:
    """Seconds since midnight of a clock time such as ``20:30`` or ``20:30:15``; it goes on past 24:00, as ``25:30``."""
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _refuse(value, 'a clock time such as "20:30"')
    return int(match[1]) * 3600.0 + int(match[2]) * 60.0 + float(match[3] or 0)


def _trim(number: float, places: int) -> str:
    text = f"{number:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_duration(seconds: float) -> str:
    """A duration for people: ``2 min 31 s``, ``31.2 s``, ``0.3 s``, ``1.6 ms``, ``1 h 5 min``; ``never`` for infinity.

    >>> format_duration(151.2)
    '2 min 31 s'
    """
    if math.isnan(seconds):
        return "-"
    if seconds < 0:
        return f"-{format_duration(-seconds)}"
    if math.isinf(seconds):
        return "never"
    if 0 < seconds < 0.05:
        return f"{_trim(seconds * 1000, 1)} ms"
    if seconds < 59.95:
        return f"{_trim(seconds, 1)} s"
    if seconds < 3599.5:
        return _join(divmod(round(seconds), 60), ("min", "s"))
    return _join(divmod(round(seconds / 60), 60), ("h", "min"))


def _join(amounts: tuple[int, int], names: tuple[str, str]) -> str:
    return " ".join(f"{amount} {name}" for amount, name in zip(amounts, names, strict=True) if amount)


def format_share(share: float) -> str:
    """A share for people: ``4.1 %``, ``35 %``."""
    return "-" if math.isnan(share) else f"{_trim(share * 100, 1)} %"


def format_level(level: float) -> str:
    """A level for people: ``200 %``."""
    return format_share(level)


def format_rate(per_s: float) -> str:
    """A rate for people, by the hour: ``3,000/h``."""
    per_h = per_s * 3600
    return f"{_trim(per_h, 0 if per_h >= 100 else 2)}/h"


def format_clock(seconds: float) -> str:
    """A clock time for people: ``20:30``, or ``20:30:15`` when it is not a whole minute."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}" + (f":{rest:02d}" if rest else "")


def spell_duration(seconds: float) -> str:
    """A duration for files, exact: ``45s``, ``15min``, ``2h``, ``31.25s``."""
    for unit in ("h", "min"):
        amount = seconds / _SECONDS[unit]
        if amount >= 1 and amount.is_integer() and amount * _SECONDS[unit] == seconds:
            return f"{amount:.0f}{unit}"
    return f"{_plain(seconds)}s"


def spell_rate(per_s: float) -> str:
    """A rate for files, exact: ``120/h``, or per second where that is a whole number or the hour would round."""
    by_hour = f"{_plain(float(f'{per_s * 3600:.12g}'))}/h"
    whole = per_s.is_integer() and per_s > 0
    return by_hour if parse_rate(by_hour) == per_s and not whole else f"{_plain(per_s)}/s"


def spell_byte_rate(per_s: float) -> str:
    """A rate of bytes for files, exact: ``20kB/s``."""
    unit = next((unit for unit in ("MB", "kB") if per_s >= _BYTES[unit] and (per_s / _BYTES[unit]).is_integer()), "B")
    return f"{_plain(per_s / _BYTES[unit])}{unit}/s"


def spell_share(share: float) -> str | float:
    """A share or level for files, exact: ``35%``, or the bare number where percent would round."""
    percent = f"{_plain(float(f'{share * 100:.12g}'))}%"
    return percent if parse_level(percent) == share else share


def spell_clock(seconds: float) -> str:
    """A clock time for files, exact: ``20:30``, ``20:30:15``."""
    minutes, rest = divmod(seconds, 60)
    hours, minute = divmod(int(minutes), 60)
    whole, dot, fraction = format(Decimal(repr(rest)), "f").partition(".")
    tail = f"{whole:0>2}" + (f"{dot}{fraction}" if fraction.strip("0") else "")
    return f"{hours:02d}:{minute:02d}" + (f":{tail}" if rest else "")


def _plain(number: float) -> str:
    return f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else repr(number)
