"""The window that a drill plays, how hard, and how fast."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from crestline.scenario.block import Block, refuse
from crestline.scenario.load_shape import HOLD, ClockPart, Course, Loaded, Shape
from crestline.scenario.mark import TRACE, Mark
from crestline.scenario.quantities import Clock, Duration, Factor, Length, Level, Positive, Rate, Share, Words
from crestline.scenario.transport import HeaderName, HeaderValue, ProxyAddress, Tls, without_literal_secrets


class ErrorBudget(Block):
    """How many contacts may fail before the run is stopped; what a fault explains does not count."""

    share: Share = Field(0.5, description="the share of the latest ended contacts that may fail, such as 50%")
    of: Positive = Field(100, description="how many of the latest ended contacts are looked at")
    grace: Duration = Field(60.0, description="at the start and after each fault: how long failures do not count")


class LoadTest(Block):
    """A drill: ``level`` times the whole demand curve in one window of the day. No window: the whole day."""

    model_config = ConfigDict(json_schema_extra={"required": []})

    level: Level = Field(2.0, description="how many times the demand, such as 200%")
    from_: Clock = Field(alias="from", description='when the window begins, such as "19:30"')
    for_: Length = Field(alias="for", description="how long it lasts, such as 3h")
    ramp: Duration = Field(0.0, description="how long the level takes to rise from 0; measures start after it")
    shape: Shape = Field(HOLD, description="how the level runs: hold, steps, spike or soak")
    time_scale: Factor = Field(60.0, description="scenario seconds per real second")
    max_rate: Rate = Field(2000.0, description="requests on the wire that are never exceeded, such as 2000/s")
    allowed_hosts: tuple[Words, ...] = Field((), description="targets that may be loaded besides this machine")
    connections: Literal["shared", "fresh"] = Field(
        "shared", description="whether customers share connections that are kept alive, or each connects anew"
    )
    deadline: Length | None = Field(None, description="real time after which a live run is stopped, such as 20min")
    error_budget: ErrorBudget = Field(
        ErrorBudget.model_validate({}), description="how many contacts may fail before the run is stopped"
    )
    headers: Annotated[dict[HeaderName, HeaderValue], AfterValidator(without_literal_secrets)] = Field(
        {}, description="sent with every request; secrets as ${NAME}, taken from the environment"
    )
    proxy: ProxyAddress | None = Field(None, description="the way to targets that are not this machine")
    tls: Tls = Field(Tls.model_validate({}), description="who vouches for a target with https, and for the drill")
    mark: Mark = Field(Mark.model_validate({}), description="how the target knows a run's requests and customers")

    @model_validator(mode="after")
    def _header_of_the_mark_is_its_own(self) -> LoadTest:
        for name in self.headers:
            if name.lower() in (self.mark.header.lower(), TRACE):
                told = (
                    "says which contact a request is of" if name.lower() == TRACE else "is the mark's (load_test.mark)"
                )
                raise refuse(f"this header {told}; leave it out", "headers", name)
        return self

    @property
    def course(self) -> Course:
        """From which clock time on which level is played."""
        return self.shape.course(self._loaded)

    @property
    def parts(self) -> tuple[ClockPart, ...]:
        """The parts of the window that are judged one by one."""
        return self.shape.parts(self._loaded)

    @property
    def _loaded(self) -> Loaded:
        return Loaded(self.from_, self.from_ + self.ramp, self.from_ + self.for_, self.level)
