"""The window that a drill plays, how hard, and how fast."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from crestline.scenario.block import Block
from crestline.scenario.quantities import Clock, Duration, Factor, Length, Level, Rate, Words


class LoadTest(Block):
    """A drill: ``level`` times the whole demand curve in one window of the day. No window: the whole day."""

    model_config = ConfigDict(json_schema_extra={"required": []})

    level: Level = Field(2.0, description="how many times the demand, such as 200%")
    from_: Clock = Field(alias="from", description='when the window begins, such as "19:30"')
    for_: Length = Field(alias="for", description="how long it lasts, such as 3h")
    ramp: Duration = Field(0.0, description="how long the level takes to rise from 0; measures start after it")
    time_scale: Factor = Field(60.0, description="scenario seconds per real second")
    max_rate: Rate = Field(2000.0, description="requests on the wire that are never exceeded, such as 2000/s")
    allowed_hosts: tuple[Words, ...] = Field((), description="targets that may be loaded besides this machine")
