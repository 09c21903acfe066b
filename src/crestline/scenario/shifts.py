"""Shift patterns: when people may begin, how long they stay, and when they pause."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter, WithJsonSchema, model_validator

from crestline.scenario.block import Block, refuse
from crestline.scenario.quantities import Clock, Duration, Length, Money, Name
from crestline.units import format_duration, show

_CLOCK = TypeAdapter(Clock).json_schema()
_SCHEMA = {"anyOf": [_CLOCK, {"type": "array", "items": _CLOCK, "minItems": 1}]}


def _one_or_more(value: Any) -> Any:
    if isinstance(value, Sequence) and not isinstance(value, str):
        if not value:
            msg = 'got an empty list, expected at least one clock time such as "08:00"'
            raise ValueError(msg)
        return value
    return (value,)


class Break(Block):
    """A pause in a shift: nobody is on duty in it."""

    after: Duration = Field(description="how long after the shift's start it begins, such as 4h")
    for_: Length = Field(alias="for", description="how long it lasts, such as 30min")


class Shift(Block):
    """One pattern: everybody who works it begins at one of its starts and stays for its length."""

    start: Annotated[tuple[Clock, ...], BeforeValidator(_one_or_more), WithJsonSchema(_SCHEMA)] = Field(
        description='when it may begin: one clock time, or a list such as ["08:00", "08:30"]'
    )
    length: Length = Field(description="from begin to end, breaks included, such as 8h")
    breaks: tuple[Break, ...] = Field((), description="when those who work it pause, such as [{after: 4h, for: 30min}]")
    groups: tuple[Name, ...] | None = Field(None, description="the groups of agents who work it; left out: every group")
    paid: Length | None = Field(None, description="the time that is paid; left out: the length without its breaks")
    cost: Money | None = Field(
        None, description="what it costs for one person; left out: the paid time at cost_per_hour of the group"
    )

    @property
    def paid_s(self) -> float:
        """The seconds that are paid."""
        return self.length - sum(pause.for_ for pause in self.breaks) if self.paid is None else self.paid

    @model_validator(mode="after")
    def _starts_differ(self) -> Shift:
        for index, clock in enumerate(self.start):
            if clock in self.start[:index]:
                raise refuse("stands twice; keep one", "start", index)
        return self

    @model_validator(mode="after")
    def _breaks_lie_inside(self) -> Shift:
        for index, pause in enumerate(self.breaks):
            if pause.after + pause.for_ >= self.length:
                words = f"ends {format_duration(pause.after + pause.for_)} after the start"
                raise refuse(f"{words}, expected less than the shift ({format_duration(self.length)})", "breaks", index)
        for index, (first, second) in enumerate(pairwise(self.breaks), start=1):
            if second.after < first.after + first.for_:
                words = f"begins {format_duration(second.after)} after the start, before the one above it is over"
                raise refuse(words, "breaks", index)
        return self

    @model_validator(mode="after")
    def _groups_are_named(self) -> Shift:
        if self.groups is not None and not self.groups:
            raise refuse(f"got {show(list(self.groups))}, expected at least one group; left out: every group", "groups")
        return self

    def on_duty(self, start: float) -> list[tuple[float, float]]:
        """From when to when somebody who begins at ``start`` is on duty: between the breaks."""
        pauses = [(start + pause.after, start + pause.after + pause.for_) for pause in self.breaks]
        begins = [start, *(end for _, end in pauses)]
        ends = [*(begin for begin, _ in pauses), start + self.length]
        return list(zip(begins, ends, strict=True))

    def is_for(self, group: str) -> bool:
        """Whether a group works this shift."""
        return self.groups is None or group in self.groups
