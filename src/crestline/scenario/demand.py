"""How many customers come, and when: a rate over the day, times its surges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import numpy as np
from pydantic import (
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from crestline.scenario.block import Block, refuse
from crestline.scenario.files import read_rows
from crestline.scenario.quantities import Clock, Duration, Factor, Length, Rate, Spread, Words
from crestline.scenario.replay import REPLAY_SCHEMA, Replay
from crestline.tables import Floats
from crestline.units import parse_clock, parse_rate, show, spell_clock, spell_rate

T = TypeVar("T", int, float)
_RATE = TypeAdapter(Rate).json_schema()
_SCHEMA = {
    "anyOf": [
        _RATE,
        {"type": "object", "patternProperties": {r"^\d{1,4}:[0-5]\d": _RATE}, "additionalProperties": False},
        {"type": "object", "properties": {"csv": {"type": "string"}}, "required": ["csv"]},
        {"type": "object", "properties": {"replay": REPLAY_SCHEMA}, "required": ["replay"]},
    ]
}
_POINTS: TypeAdapter[dict[float, float]] = TypeAdapter(dict[Clock, Rate])


class RateCurve(Block):
    """Arrivals per second over the clock: points joined by straight lines, flat before the first and after the last."""

    at: tuple[float, ...]
    per_s: tuple[float, ...]

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, RateCurve):
            return value
        if not isinstance(value, Mapping):
            return {"at": (0.0,), "per_s": (parse_rate(value),)}
        if set(value) == {"csv"}:
            return _columns(_from_csv(value["csv"], info))
        return _columns(read_steps(_POINTS, value, "a rate such as 600/h, or points such as {08:00: 200/h}"))

    @model_serializer(when_used="json")
    def _spell(self) -> str | dict[str, str]:
        if self.at == (0.0,):
            return spell_rate(self.per_s[0])
        return {spell_clock(at): spell_rate(per_s) for at, per_s in zip(self.at, self.per_s, strict=True)}


class Surge(Block):
    """A time when demand is a multiple of the usual; it rises and falls within ``ramp``, both inside ``for``."""

    name: Words = Field("surge", description="what it is called in reports")
    at: Clock = Field(description='when it begins, such as "20:00"')
    for_: Length = Field(alias="for", description="how long it lasts, such as 2h")
    factor: Factor = Field(description="how many times the usual demand, such as 5")
    ramp: Duration = Field(0.0, description="how long it takes to rise, and to fall")

    @model_validator(mode="after")
    def _ramps_fit(self) -> Surge:
        if 2 * self.ramp > self.for_:
            raise refuse("rises and falls inside `for`, expected at most half of it", "ramp")
        return self

    def factor_at(self, clock_s: Floats) -> Floats:
        """By how much demand is multiplied at these clock times."""
        end = self.at + self.for_
        if self.ramp == 0:
            return np.where((clock_s >= self.at) & (clock_s < end), self.factor, 1.0)
        corners = (self.at, self.at + self.ramp, end - self.ramp, end)
        return np.interp(clock_s, corners, (1.0, self.factor, self.factor, 1.0))


def _told_as(value: object) -> str:
    """Whether arrivals are told one by one, or as a rate."""
    replayed = isinstance(value, Replay) or (isinstance(value, Mapping) and "replay" in value)
    return "replayed" if replayed else "rated"


_Rate = Annotated[
    Annotated[RateCurve, Tag("rated")] | Annotated[Replay, Tag("replayed")],
    Discriminator(_told_as),
    WithJsonSchema(_SCHEMA),
]


class Demand(Block):
    """Arrivals of first contacts."""

    rate: _Rate = Field(description="arrivals per time, such as 600/h")
    day_factor_cv: Spread = Field(0.0, description="how much whole days differ, such as 15%")
    surges: tuple[Surge, ...] = Field((), description="times of multiplied demand")

    @model_validator(mode="after")
    def _recorded_days_do_not_differ(self) -> Demand:
        if isinstance(self.rate, Replay) and self.day_factor_cv:
            raise refuse("days differ by it, but a recorded day is that one day; leave it out", "day_factor_cv")
        return self

    def per_s(self, clock_s: Floats) -> Floats:
        """Arrivals per second at these clock times, surges included."""
        rate: Floats = np.interp(clock_s, self.rate.at, self.rate.per_s)
        for surge in self.surges:
            rate = rate * surge.factor_at(clock_s)
        return rate


def read_steps(adapter: TypeAdapter[dict[float, T]], value: object, expected: str) -> list[tuple[float, T]]:
    """Values over the clock in order of time."""
    if not isinstance(value, Mapping) or not value:
        msg = f"got {show(value)}, expected {expected}"
        raise ValueError(msg)
    points = adapter.validate_python(dict(value))
    if len(points) < len(value):
        raise refuse("a clock time stands twice, expected each once")
    return sorted(points.items())


def _columns(points: list[tuple[float, float]]) -> dict[str, tuple[float, ...]]:
    return {"at": tuple(at for at, _ in points), "per_s": tuple(per_s for _, per_s in points)}


def _from_csv(name: object, info: ValidationInfo) -> list[tuple[float, float]]:
    """Points from a CSV file with the columns ``at`` (08:00) and ``rate`` (200/h)."""
    rows = read_rows(name, info)
    if not rows or not {"at", "rate"} <= set(rows[0]):
        raise refuse("expected a CSV file with the columns at (08:00) and rate (200/h)", "csv")
    points: dict[float, float] = {}
    for line, row in enumerate(rows, start=2):
        try:
            points[parse_clock(row["at"])] = parse_rate(row["rate"])
        except ValueError as error:
            raise refuse(f"line {line}: {error}", "csv") from None
    return sorted(points.items())
