"""How the level of a load test runs over its window: held, climbing in steps, as a spike, or soaking."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    field_validator,
)

from crestline.scenario.block import Block, nearest, refusal, refuse, spelled
from crestline.scenario.quantities import Clock, Length, Level, Positive, Share
from crestline.units import format_level, show, spell_share

_LEVELS: TypeAdapter[tuple[float, ...]] = TypeAdapter(tuple[Level, ...])


class Loaded(NamedTuple):
    """What a shape fills: the window by the clock, the end of its ramp, and the level that is asked for."""

    start: float
    measured_from: float
    end: float
    level: float


class ClockPart(NamedTuple):
    """A part of the window that is judged for itself, by the clock; the settling at its start is left out."""

    level: float
    start: float
    measured_from: float
    end: float
    asked: bool  # whether its level is no higher than the one at which the objectives have to hold


Course = tuple[tuple[float, float], ...]
"""From which clock time on which level of demand is played."""


class LoadShape(Block):
    """How the level runs over the window; in a file its kind is a word, or the one key of a mapping."""

    kind: ClassVar[str]

    def course(self, load: Loaded) -> Course:
        """The levels of the window, the first from its start."""
        return ((load.start, load.level),)

    def parts(self, _: Loaded) -> tuple[ClockPart, ...]:
        """The parts that are judged one by one; none where the window is judged as a whole."""
        return ()


class Hold(LoadShape):
    """After the ramp the level stays: ``hold``."""

    kind = "hold"


class Climb(Block):
    """Levels from one to another: ``{from: 50%, to: 200%, by: 50%}``."""

    from_: Level = Field(alias="from", description="the lowest level, such as 50%")
    to: Level = Field(description="the highest level, such as 200%")
    by: Level = Field(description="how much higher each step is, such as 50%")


def _levels(value: object) -> tuple[float, ...]:
    if not isinstance(value, Mapping):
        return _LEVELS.validate_python(value)
    climb = Climb.model_validate(value)
    steps = (climb.to - climb.from_) / climb.by
    if steps < 0 or abs(steps - round(steps)) > 1e-6:
        words = f"{format_level(climb.to)} is not reached from {format_level(climb.from_)}"
        raise refuse(f"{words} in steps of {format_level(climb.by)}", "to")
    return tuple(round(climb.from_ + number * climb.by, 9) for number in range(round(steps) + 1))


_AS_LEVELS = PlainSerializer(lambda levels: [spell_share(level) for level in levels], when_used="json")
_LEVELS_SCHEMA = {
    "anyOf": [
        {"type": "array", "items": TypeAdapter(Level).json_schema(), "minItems": 2},
        Climb.model_json_schema(by_alias=True),
    ]
}


class Graduated(LoadShape):
    """The level climbs step by step: ``{steps: {levels: [50%, 100%, 150%, 200%], each: 10min}}``."""

    kind = "steps"
    levels: Annotated[tuple[float, ...], BeforeValidator(_levels), _AS_LEVELS, WithJsonSchema(_LEVELS_SCHEMA)] = Field(
        description="levels that rise, such as [50%, 100%, 150%], or {from: 50%, to: 150%, by: 50%}"
    )
    each: Length | None = Field(None, description="how long each step lasts, such as 10min; else they share the window")
    settle: Share = Field(0.2, description="the share of each step, at its start, that is left out of its measures")

    @field_validator("levels", mode="after")
    @classmethod
    def _rise(cls, levels: tuple[float, ...]) -> tuple[float, ...]:
        if len(levels) < 2:
            raise refuse(f"holds {len(levels)} level{'s' * (len(levels) != 1)}, expected at least two")
        for low, high in pairwise(levels):
            if high <= low:
                raise refuse(f"{format_level(high)} follows {format_level(low)}, expected levels that rise")
        return levels

    @field_validator("settle", mode="after")
    @classmethod
    def _measures_something(cls, settle: float) -> float:
        if settle >= 1:
            raise refuse("leaves nothing to measure, expected less than 100%")
        return settle

    @property
    def length(self) -> float | None:
        """How long all steps last, where that is told."""
        return None if self.each is None else self.each * len(self.levels)

    def course(self, load: Loaded) -> Course:
        """The first level from the window's start, each other from the start of its step."""
        (_, first), *others = zip(self._starts(load), self.levels, strict=True)
        return ((load.start, first), *others)

    def parts(self, load: Loaded) -> tuple[ClockPart, ...]:
        """Every step; those up to the load test's level are asked to hold."""
        edges = (*self._starts(load), load.end)
        return tuple(
            ClockPart(level, start, start + self.settle * (end - start), end, level <= load.level)
            for level, (start, end) in zip(self.levels, pairwise(edges), strict=True)
        )

    def _starts(self, load: Loaded) -> list[float]:
        return _cut(load, len(self.levels))


class Spike(LoadShape):
    """A short burst of the load test's level over a lower base: ``{spike: {at: "20:30", for: 5min, base: 80%}}``."""

    kind = "spike"
    at: Clock = Field(description='when the burst begins, such as "20:30"')
    for_: Length = Field(alias="for", description="how long it lasts, such as 5min")
    base: Level = Field(1.0, description="the level before and after it, such as 100%")

    def course(self, load: Loaded) -> Course:
        """Base, burst, base."""
        return ((load.start, self.base), (self.at, load.level), (self.at + self.for_, self.base))

    def parts(self, load: Loaded) -> tuple[ClockPart, ...]:
        """What is before the burst, the burst, and what is after it, as far as there is any."""
        end = self.at + self.for_
        edges = ((self.base, load.measured_from, self.at), (load.level, self.at, end), (self.base, end, load.end))
        return tuple(ClockPart(level, start, start, to, asked=True) for level, start, to in edges if to > start)


class Soak(LoadShape):
    """The level stays for long, and each part of the window is judged, so that drift shows: ``soak``."""

    kind = "soak"
    parts_: Positive = Field(4, alias="parts", description="in how many equal parts the window is judged")

    def parts(self, load: Loaded) -> tuple[ClockPart, ...]:
        """Parts of equal length at the level that is asked for."""
        edges = (*_cut(load, self.parts_), load.end)
        return tuple(ClockPart(load.level, start, start, end, asked=True) for start, end in pairwise(edges))


def _cut(load: Loaded, many: int) -> list[float]:
    """Where so many equal parts of the measured window begin."""
    length = (load.end - load.measured_from) / many
    return [load.measured_from + number * length for number in range(many)]


SHAPES: dict[str, type[LoadShape]] = {shape.kind: shape for shape in (Hold, Graduated, Spike, Soak)}


def read_shape(value: object) -> LoadShape:
    """A shape as it is written in a file."""
    if isinstance(value, LoadShape):
        return value
    if isinstance(value, Mapping) and len(value) == 1:
        kind, content = next(iter(value.items()))
    else:
        kind, content = value, {}
    if not isinstance(kind, str):
        msg = f"got {show(value)}, expected {' or '.join(SHAPES)}, such as {{steps: {{levels: [50%, 100%, 150%]}}}}"
        raise ValueError(msg)  # noqa: TRY004 - pydantic collects ValueError
    if kind not in SHAPES:
        place = (kind,) if isinstance(value, Mapping) else ()
        raise refuse(f"{'unknown key' if place else f'got {show(kind)}'}; {nearest(kind, SHAPES)}", *place)
    try:
        return SHAPES[kind].model_validate(content)
    except ValidationError as error:
        raise refusal((e["type"], e["msg"], (kind, *e["loc"])) for e in error.errors()) from None


def spell_shape(shape: LoadShape) -> str | dict[str, Any]:
    """A shape as it is written in a file."""
    return {shape.kind: spelled(shape)} if type(shape).model_fields else shape.kind


def _schema() -> dict[str, Any]:
    named = {kind: shape.model_json_schema(by_alias=True) for kind, shape in SHAPES.items() if shape.model_fields}
    words = {"enum": ["hold", "soak"]}
    mappings = [
        {"type": "object", "properties": {kind: schema}, "required": [kind], "additionalProperties": False}
        for kind, schema in named.items()
    ]
    return {"anyOf": [words, *mappings]}


HOLD = Hold()
Shape = Annotated[
    LoadShape, PlainValidator(read_shape), PlainSerializer(spell_shape, when_used="json"), WithJsonSchema(_schema())
]
