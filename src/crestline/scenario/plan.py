"""What a staffing plan may decide: how few and how many of a group there are at any time."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, WithJsonSchema

from crestline.scenario.agents import STEPS_SCHEMA, Steps
from crestline.scenario.block import Block
from crestline.scenario.quantities import Name

Bound = Annotated[Steps, WithJsonSchema(STEPS_SCHEMA)]


class Plan(Block):
    """Bounds on the persons on duty of each group, as one number or as steps; before the first step there is none."""

    minimum: dict[Name, Bound] = Field(
        {}, description='the fewest persons of a group, such as {general: 5} or {general: {"08:00": 5, "20:00": 10}}'
    )
    maximum: dict[Name, Bound] = Field(
        {}, description="the most persons of a group, such as {general: 200}: desks, licences, contracts"
    )


def bounds_between(steps: Steps | None, from_s: float, to_s: float) -> list[int]:
    """Every bound that is in force between two clock times, in order of time."""
    if steps is None:
        return []
    at, persons = steps.at, steps.persons
    ends = (*at[1:], float("inf"))
    return [n for begin, end, n in zip(at, ends, persons, strict=True) if begin < to_s and end > from_s]
