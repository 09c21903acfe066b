"""The quantities of a scenario as types: read from text with units, held as plain numbers, described for the schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from crestline.units import (
    LARGEST,
    parse_byte_rate,
    parse_clock,
    parse_duration,
    parse_level,
    parse_rate,
    parse_share,
    show,
    spell_byte_rate,
    spell_clock,
    spell_duration,
    spell_rate,
    spell_share,
)


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
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST:
            msg = f"got {show(value)}, expected a whole number of {least} or more"
            raise ValueError(msg)
        return value

    return parse


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST:
        msg = f"got {show(value)}, expected a number of 0 or more"
        raise ValueError(msg)
    return float(value)


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


def _quantity(parse: Callable[[object], float], spell: Callable[[float], object], schema: WithJsonSchema) -> Any:
    return BeforeValidator(parse), PlainSerializer(spell, when_used="json"), schema


_CLOCK = _quantity(parse_clock, spell_clock, _text(r"^\d{1,4}:[0-5]\d(:[0-5]\d)?$", "20:30", "25:30"))
_DURATION = _quantity(parse_duration, spell_duration, _text(r"^(\s*[0-9.]+\s*(ms|s|m|min|h|d))+\s*$", "45s", "1h30m"))
_RATE = _quantity(parse_rate, spell_rate, _text(r"^\s*[0-9.]+\s*/\s*(s|m|min|h|d)\s*$", "120/h", "2/s"))
_BYTES = _quantity(parse_byte_rate, spell_byte_rate, _text(r"^\s*[0-9.]+\s*(B|kB|MB)\s*/\s*s\s*$", "20kB/s", "1MB/s"))
_SHARE = _quantity(parse_share, spell_share, _text_or_number("35%", maximum=1))
_LEVEL = _quantity(parse_level, spell_share, _text_or_number("200%"))

Duration = Annotated[float, *_DURATION]
Length = Annotated[float, AfterValidator(_above_zero), *_DURATION]
Rate = Annotated[float, *_RATE]
ByteRate = Annotated[float, AfterValidator(_above_zero), *_BYTES]
Share = Annotated[float, *_SHARE]
SomeShare = Annotated[float, AfterValidator(_above_zero), *_SHARE]
Level = Annotated[float, AfterValidator(_above_zero), *_LEVEL]
Spread = Annotated[float, *_LEVEL]
Factor = Annotated[float, AfterValidator(_above_zero), BeforeValidator(parse_level), _text_or_number("500%")]
Clock = Annotated[float, *_CLOCK]
Count = Annotated[int, BeforeValidator(_whole(0)), WithJsonSchema({"type": "integer", "minimum": 0})]
Positive = Annotated[int, BeforeValidator(_whole(1)), WithJsonSchema({"type": "integer", "minimum": 1})]
Money = Annotated[float, BeforeValidator(_number), WithJsonSchema({"type": "number", "minimum": 0})]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Words = Annotated[str, BeforeValidator(_words)]
Name = Annotated[str, BeforeValidator(_name), _text(r"^\w[\w.-]*$", "refund")]
