"""When the service counts as back after a fault."""

from __future__ import annotations

from pydantic import Field

from crestline.scenario.block import Block
from crestline.scenario.quantities import Length


class Recovery(Block):
    """What recovery is judged by; the defaults fit a service that answers within 45 s."""

    limit: Length = Field(45.0, description="the wait that most contacts stay under when it is steady")
    sustain: Length = Field(300.0, description="how long it must stay steady to count as back")
    bucket: Length = Field(30.0, description="how often it is looked at; also the control tick of standby and pools")
    give_up: Length = Field(3600.0, description="how long recovery is awaited, counted from the fault's effect")
