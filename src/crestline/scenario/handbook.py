"""What only the service itself knows of its handbook: who does what, and how they are reached."""

from __future__ import annotations

from pydantic import Field

from crestline.scenario.block import Block
from crestline.scenario.quantities import Name, Words


class Role(Block):
    """Who fills a role; left empty, the contact sheet has a line to write on."""

    who: Words = Field("", description="a name or a team")
    phone: Words = Field("", description="how they are reached at any hour")
    deputy: Words = Field("", description="who stands in, and how they are reached")


class Escalation(Block):
    """Questions that tell a complaint that needs a person of its own (DOMAIN row 20)."""

    questions: tuple[Words, ...] = Field((), description="asked one after the other; yes to all of them escalates")
    then: Words = Field("", description="what such a customer gets")


class Handbook(Block):
    """The part of the service-interruption handbook that a scenario cannot tell. Nothing secret belongs here."""

    roles: dict[Name, Role] = Field({}, description="roles by name: lead, technology, floor, voice, relief, press")
    escalation: Escalation = Field(Escalation.model_validate({}), description="which complaints are escalated, and how")
