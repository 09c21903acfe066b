"""What breaks, when and for how long."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crestline.scenario.block import Block
from crestline.scenario.hooks import ChaosHook, CommandHook, HttpHook, WireFault
from crestline.scenario.quantities import Clock, Duration, Factor, Length, Name, Share, SomeShare

_AT = Field(description='when it strikes, such as "20:30"')
_FOR = Field(alias="for", description="how long it lasts, such as 5min")


class TriageOutage(Block):
    """Every worker of the bot is killed and held down; those it held come back after ``notice``."""

    kind: Literal["triage-outage"] = "triage-outage"
    at: Clock = _AT
    for_: Length = _FOR
    notice: Duration = Field(5.0, description="how long until contacts it held are given back")


class TriageBrownout(Block):
    """The bot answers slowly, or its processes are stopped and go on later: what is due meanwhile comes then."""

    kind: Literal["triage-brownout"] = "triage-brownout"
    at: Clock = _AT
    for_: Length = _FOR
    how: Literal["slow", "stop"] = Field("slow", description="slow: takes factor times as long; stop: stands still")
    factor: Factor = Field(5.0, description="how many times as long a reply takes that begins meanwhile, such as 5")


class TriageWorse(Block):
    """A bad release of the bot: it resolves less of what it would have, and hands more on to the wrong skill."""

    kind: Literal["triage-worse"] = "triage-worse"
    at: Clock = _AT
    for_: Length = _FOR
    resolves: Share = Field(description="the share of its usual resolution that remains, such as 80%")
    accuracy: Share | None = Field(None, description="how often it then hands on to the right skill; else as usual")


class WebWorkerKill(Block):
    """The process that answers customers and agents is killed again and again, and started anew each time."""

    kind: Literal["web-worker-kill"] = "web-worker-kill"
    at: Clock = _AT
    for_: Length = _FOR
    every: Length = Field(description="how long between two kills, such as 2min")


class StorageStall(Block):
    """The target cannot write: it takes nothing and gives nothing until it can."""

    kind: Literal["storage-stall"] = "storage-stall"
    at: Clock = _AT
    for_: Length = _FOR


class SlowAgents(Block):
    """Agents take longer for what they claim meanwhile, such as when their tools are slow."""

    kind: Literal["slow-agents"] = "slow-agents"
    at: Clock = _AT
    for_: Length = _FOR
    group: Name | None = Field(None, description="the group of agents; left out: all")
    factor: Factor = Field(description="how many times as long they take, such as 130%")


class PoolFreeze(Block):
    """Scale-out does not come: no worker of the bot is started meanwhile."""

    kind: Literal["pool-freeze"] = "pool-freeze"
    at: Clock = _AT
    for_: Length = _FOR


class DemandSpike(Block):
    """More customers come than planned, all at once."""

    kind: Literal["demand-spike"] = "demand-spike"
    at: Clock = _AT
    for_: Length = _FOR
    factor: Factor = Field(description="how many times as many, such as 3")
    contact: Name | None = Field(None, description="the contact type; left out: all")


class RetryStorm(Block):
    """Who gets no help meanwhile tries again at once."""

    kind: Literal["retry-storm"] = "retry-storm"
    at: Clock = _AT
    for_: Length = _FOR
    share: SomeShare = Field(0.9, description="the share of those without help that come back, such as 90%")
    delay: Length = Field(120.0, description="after how long, such as 2min")


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
    TriageOutage
    | TriageBrownout
    | TriageWorse
    | WebWorkerKill
    | StorageStall
    | PlatformOutage
    | AgentsLeave
    | SlowAgents
    | PoolFreeze
    | DemandSpike
    | RetryStorm
    | WireFault
    | CommandHook
    | HttpHook
    | ChaosHook,
    Field(discriminator="kind"),
]


def kind_of_effect(fault: Fault) -> str:
    """The kind of fault whose effect it has: its own, or the one that a hook stands for."""
    return getattr(fault, "as_", None) or fault.kind
