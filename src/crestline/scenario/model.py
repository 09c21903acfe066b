"""A scenario: one service, one day, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from crestline.scenario.agents import AgentGroup, Steps
from crestline.scenario.alerts import Alerts
from crestline.scenario.block import Block
from crestline.scenario.canary import Canary
from crestline.scenario.contacts import ContactType, Recontact, Vip
from crestline.scenario.demand import Demand
from crestline.scenario.faults import Fault
from crestline.scenario.handbook import Handbook
from crestline.scenario.incident import Incident
from crestline.scenario.load_shape import HOLD, Graduated, read_shape
from crestline.scenario.load_test import LoadTest
from crestline.scenario.objectives import ObjectiveLine
from crestline.scenario.plan import Plan
from crestline.scenario.quantities import Clock, Duration, Length, Name, Words
from crestline.scenario.recovery import Recovery
from crestline.scenario.satisfaction import Satisfaction
from crestline.scenario.shifts import Shift
from crestline.scenario.standby import Standby
from crestline.scenario.triage import Triage
from crestline.units import format_clock, parse_clock, parse_duration, spell_clock, spell_duration

DAY_S = 86400.0


class Day(Block):
    """The day that is played; past midnight its clock goes on, as 25:30."""

    start: Clock = Field(0.0, description='when it begins, such as "08:00"')
    length: Length = Field(DAY_S, description="how long it lasts, such as 16h")

    @property
    def end(self) -> float:
        """The clock at its end."""
        return self.start + self.length


class Scenario(Block):
    """What a scenario file says, checked. Durations are seconds, rates per second, clock times since midnight."""

    schema_: Literal[1] = Field(1, alias="schema", description="the version of this format: 1")
    name: Name = Field(description="a name of letters, digits, - and _")
    about: Words = Field("", description="what it is about, in a sentence")
    currency: Words = Field("EUR", description="the currency of costs")
    timezone: Words = Field("UTC", description="a label; clock times are counted from day.start")
    day: Day = Field(Day.model_validate({}), description="the day that is played")
    interval: Length = Field(1800.0, description="the length of the intervals of reports, such as 30min")
    settle: Duration = Field(0.0, description="start of the day that is left out of the measures")
    demand: Demand = Field(description="how many customers come, such as {rate: 600/h}")
    contacts: dict[Name, ContactType] = Field(description="the contact types: what customers come for")
    vip: Vip = Field(Vip.model_validate({}), description="customers who are served first")
    recontact: Recontact | None = Field(None, description="customers who come back")
    triage: Triage | None = Field(None, description="the AI bot; left out, contacts go straight to a queue")
    agents: dict[Name, AgentGroup] = Field(description="the groups of agents")
    standby: Standby | None = Field(None, description="agents who are called in when waits grow")
    satisfaction: Satisfaction = Field(
        Satisfaction.model_validate({}), description="how satisfied customers are with how long they waited"
    )
    objectives: tuple[ObjectiveLine, ...] = Field((), description="what must hold, such as frt p90 < 45s")
    faults: tuple[Fault, ...] = Field((), description="what breaks, and when")
    recovery: Recovery = Field(Recovery.model_validate({}), description="when the service counts as back")
    alerts: Alerts = Field(Alerts.model_validate({}), description="when the three alerts are raised")
    incident: Incident | None = Field(None, description="how complaints come in after a fault, and what damps them")
    handbook: Handbook = Field(Handbook.model_validate({}), description="who does what when the service is interrupted")
    canary: Canary = Field(Canary.model_validate({}), description="how a new version is rolled out")
    load_test: LoadTest = Field(default={}, validate_default=True, description="the window that a drill plays")
    plan: Plan = Field(Plan.model_validate({}), description="bounds on what crestline plan decides")
    shifts: dict[Name, Shift] = Field({}, description="shift patterns that crestline plan covers the need with")

    @field_validator("agents", mode="after")
    @classmethod
    def _first_shift_begins_with_the_day(
        cls, groups: dict[str, AgentGroup], info: ValidationInfo
    ) -> dict[str, AgentGroup]:
        day = info.data.get("day") or Day.model_validate({})
        return {name: _from_day_start(group, day) for name, group in groups.items()}

    @field_validator("load_test", mode="before")
    @classmethod
    def _window_is_the_day_unless_told(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, Mapping):
            return value
        day = info.data.get("day") or Day.model_validate({})
        begun = {"from": spell_clock(day.start), **value}
        rest = day.length if "from" not in value else _rest_of_day(day, begun["from"])
        return {"for": spell_duration(_length_of_steps(begun) or rest), **begun}

    @property
    def pools(self) -> tuple[str, ...]:
        """The names of the pools of a run, in the order of its table: groups, triage, standby."""
        return (*self.agents, *(["triage"] if self.triage else []), *(["standby"] if self.standby else []))

    def instant(self, clock_s: float) -> float:
        """Seconds since the day's start of a clock time."""
        return clock_s - self.day.start

    def clock(self, instant_s: float) -> str:
        """The clock time, as ``20:30``, of an instant since the day's start."""
        return format_clock(self.day.start + instant_s)


def _from_day_start(group: AgentGroup, day: Day) -> AgentGroup:
    """A single number is a step at the day's start."""
    if group.on_duty.at != (0.0,):
        return group
    steps = Steps.model_construct(at=(day.start,), persons=group.on_duty.persons)
    return group.model_copy(update={"on_duty": steps})


def _length_of_steps(load_test: Mapping[str, Any]) -> float | None:
    """The ramp and the steps after it, where it is told how long each of them lasts."""
    try:
        shape, ramp = read_shape(load_test.get("shape", HOLD)), parse_duration(load_test.get("ramp", "0s"))
    except ValueError:  # told at its own place
        return None
    return ramp + shape.length if isinstance(shape, Graduated) and shape.length else None


def _rest_of_day(day: Day, clock: object) -> float:
    try:
        rest = day.end - parse_clock(clock)
    except ValueError:  # told at its own place
        return day.length
    return rest if rest > 0 else day.length
