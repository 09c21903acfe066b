"""When the three alerts are raised (DOMAIN row 17); they are shown and recorded, and decide nothing."""

from __future__ import annotations

from pydantic import Field

from crestline.scenario.block import Block
from crestline.scenario.quantities import Length, Share, SomeShare, Spread


class Alerts(Block):
    """The limits beyond which an alert is raised."""

    answer: Length = Field(30.0, description="level 1: an answer that takes longer is a slow one, such as 30s")
    slow: SomeShare = Field(0.10, description="level 1, standby agents: the share of answers that may be slow")
    satisfaction: Share = Field(0.85, description="level 2, review: the least share of satisfied customers")
    complaints: Spread = Field(0.50, description="level 3, executive: the rise on the interval before, beyond chance")
