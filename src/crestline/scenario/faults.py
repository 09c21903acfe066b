"""What breaks, when and for how long."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crestline.scenario.block import Block
from crestline.scenario.hooks import ChaosHook, CommandHook, HttpHook, WireFault
from crestline.scenario.quantities import Clock, Duration, Length, Name, Share, SomeShare

_AT = Field(description='when it strikes, such as "20:30"')
_FOR = Field(alias="for", description="how long it lasts, such as 5min")


class TriageOutage(Block):
    """Every worker of the bot is killed and held down; those it held come back after ``notice``."""

    kind: Literal["triage-outage"] = "triage-outage"
    at: Clock = _AT
    for_: Length = _FOR
    notice: Duration = Field(5.0, description="how long until contacts it held are given back")


class AgentsLeave(Block):
    """A share of a group's agents is away; they finish what they hold."""

    kind: Literal["agents-leave"] = "agents-leave"
    at: Clock = _AT
    for_: Length = _FOR
    group: Name = Field(description="the group of agents")
    share: SomeShare = Field(description="the share of those present, such as 40%")


class PlatformOutage(Block):
    """Nobody gets in: contacts that begin while it lasts fail."""

    kind: Literal["platform-outage"] = "platform-outage"
    at: Clock = _AT
    for_: Length = _FOR
    recontact: Share | None = Field(None, description="the share of failed contacts that come back during it")


Fault = Annotated[
    TriageOutage | AgentsLeave | PlatformOutage | WireFault | CommandHook | HttpHook | ChaosHook,
    Field(discriminator="kind"),
]
