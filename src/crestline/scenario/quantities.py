"""The quantities of a scenario as types: read from text with units, held as plain numbers, described for the schema."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from crestline.units import parse_clock, parse_duration, parse_level, parse_rate, parse_share, show


def _text(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


def _text_or_number(*examples: str, maximum: float | None = None) -> WithJsonSchema:
    number: dict[str, Any] = {"type": "number", "minimum": 0}
    if maximum is not None:
        number["maximum"] = maximum
    return WithJsonSchema({"anyOf": [{"type": "string", "pattern": "%$", "examples": list(examples)}, number]})


def _above_zero(value: float) -> float:
    if value <= 0:
        msg = "got 0, expected more than 0"
        raise ValueError(msg)
    return value


def _whole(least: int) -> Callable[[object], int]:
    def parse(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            msg = f"got {show(value)}, expected a whole number of {least} or more"
            raise ValueError(msg)
        return value

    return parse


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        msg = f"got {show(value)}, expected a number of 0 or more"
        raise ValueError(msg)
    return float(value)


def _factor(value: object) -> float:
    factor = parse_level(value)
    if factor <= 0:
        msg = f"got {show(value)}, expected a factor above 0, such as 5 or 500%"
        raise ValueError(msg)
    return factor


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        msg = f"got {show(value)}, expected true or false"
        raise ValueError(msg)  # noqa: TRY004 - pydantic collects ValueError
    return value


def _words(value: object) -> str:
    if not isinstance(value, str):
        msg = f"got {show(value)}, expected text"
        raise ValueError(msg)  # noqa: TRY004 - pydantic collects ValueError
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\w[\w.-]*", value):
        msg = f"got {show(value)}, expected a name of letters, digits, - and _"
        raise ValueError(msg)
    return value


_DURATION = _text(r"^(\s*[0-9.]+\s*(ms|s|m|min|h|d))+\s*$", "45s", "15min", "1h30m")

Duration = Annotated[float, BeforeValidator(parse_duration), _DURATION]
Length = Annotated[float, AfterValidator(_above_zero), BeforeValidator(parse_duration), _DURATION]
Rate = Annotated[float, BeforeValidator(parse_rate), _text(r"^\s*[0-9.]+\s*/\s*(s|m|min|h|d)\s*$", "120/h", "2/s")]
Share = Annotated[float, BeforeValidator(parse_share), _text_or_number("35%", maximum=1)]
SomeShare = Annotated[
    float, AfterValidator(_above_zero), BeforeValidator(parse_share), _text_or_number("35%", maximum=1)
]
Level = Annotated[float, AfterValidator(_above_zero), BeforeValidator(parse_level), _text_or_number("200%")]
Spread = Annotated[float, BeforeValidator(parse_level), _text_or_number("110%")]
Factor = Annotated[float, BeforeValidator(_factor), _text_or_number("500%")]
Clock = Annotated[float, BeforeValidator(parse_clock), _text(r"^\d{1,4}:[0-5]\d(:[0-5]\d)?$", "20:30", "25:30")]
Count = Annotated[int, BeforeValidator(_whole(0)), WithJsonSchema({"type": "integer", "minimum": 0})]
Positive = Annotated[int, BeforeValidator(_whole(1)), WithJsonSchema({"type": "integer", "minimum": 1})]
Money = Annotated[float, BeforeValidator(_number), WithJsonSchema({"type": "number", "minimum": 0})]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Words = Annotated[str, BeforeValidator(_words)]
Name = Annotated[str, BeforeValidator(_name), _text(r"^\w[\w.-]*$", "refund")]
