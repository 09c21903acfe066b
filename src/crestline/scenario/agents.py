"""The people: groups with skills, and how many of each are on duty when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, WithJsonSchema, model_serializer, model_validator

from crestline.scenario.block import Block
from crestline.scenario.demand import read_steps
from crestline.scenario.quantities import Clock, Count, Money, Name, Positive, SomeShare
from crestline.units import spell_clock

_STEPS: TypeAdapter[dict[float, int]] = TypeAdapter(dict[Clock, Count])
_WHOLE = TypeAdapter(Count).json_schema()
STEPS_SCHEMA = {
    "anyOf": [
        _WHOLE,
        {"type": "object", "patternProperties": {r"^\d{1,4}:[0-5]\d": _WHOLE}, "additionalProperties": False},
    ]
}
_COUNT: TypeAdapter[int] = TypeAdapter(Count)


class Steps(Block):
    """How many persons are on duty from each clock time on; nobody before the first."""

    at: tuple[float, ...]
    persons: tuple[int, ...]

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, Steps):
            return value
        if not isinstance(value, Mapping):
            return {"at": (0.0,), "persons": (_COUNT.validate_python(value),)}
        points = read_steps(_STEPS, value, "a whole number, or steps such as {08:00: 40}")
        return {"at": tuple(at for at, _ in points), "persons": tuple(persons for _, persons in points)}

    @model_serializer(when_used="json")
    def _spell(self) -> dict[str, int]:
        return {spell_clock(at): persons for at, persons in zip(self.at, self.persons, strict=True)}


class AgentGroup(Block):
    """Agents who share skills, shifts and cost."""

    skills: tuple[Name, ...] = Field(description="the contact types they serve, those they prefer first")
    on_duty: Annotated[Steps, WithJsonSchema(STEPS_SCHEMA)] = Field(
        description='persons on duty: one number, or steps such as {"08:00": 40, "16:00": 70}'
    )
    availability: SomeShare = Field(1.0, description="the share of persons on duty who are ready for contacts")
    chats: Positive = Field(1, description="how many contacts one agent holds at a time")
    cost_per_hour: Money = Field(0.0, description="what one person costs in an hour")
