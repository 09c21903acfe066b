"""Agents who are called in when waits grow."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema, model_serializer, model_validator

from crestline.scenario.block import Block
from crestline.scenario.quantities import Duration, Name, Positive
from crestline.units import parse_duration, show


class CallWhen(Block):
    """The rule by which standby is called: ``longest_wait > 30s``."""

    text: str
    limit: float

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, CallWhen):
            return value
        match = re.fullmatch(r"\s*longest_wait\s*>\s*(\S.*?)\s*", value) if isinstance(value, str) else None
        if match is None:
            msg = f"got {show(value)}, expected a rule such as longest_wait > 30s"
            raise ValueError(msg)
        return {"text": f"longest_wait > {match[1]}", "limit": parse_duration(match[1])}

    @model_serializer(when_used="json")
    def _spell(self) -> str:
        return self.text


class Standby(Block):
    """Agents who join a group some time after they are called, and leave when it has been calm."""

    group: Name = Field(description="the group of agents they join")
    agents: Positive = Field(description="how many persons come")
    call_when: Annotated[CallWhen, WithJsonSchema({"type": "string", "examples": ["longest_wait > 30s"]})] = Field(
        description="the rule that calls them, such as longest_wait > 30s"
    )
    call_in: Duration = Field(description="how long until they are there, such as 10min")
    release_after: Duration = Field(description="how long it must be calm before they leave, such as 20min")
