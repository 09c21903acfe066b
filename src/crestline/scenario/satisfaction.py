"""How satisfied customers are with how long they waited for an answer: a model, and reports say so."""

from __future__ import annotations

from pydantic import Field, model_validator

from crestline.scenario.block import Block, refuse
from crestline.scenario.quantities import Duration, Share


class Satisfaction(Block):
    """The share of satisfied customers as a line through two points; defaults from DOMAIN row 6."""

    near: Duration = Field(18.0, description="a quick answer, such as 18s")
    near_share: Share = Field(0.92, description="the share satisfied with it, such as 92%")
    far: Duration = Field(120.0, description="a slow answer, such as 2min")
    far_share: Share = Field(0.78, description="the share satisfied with it, such as 78%")

    @model_validator(mode="after")
    def _two_points(self) -> Satisfaction:
        if self.far <= self.near:
            raise refuse(f"got {self.far:g} s, expected longer than near ({self.near:g} s)", "far")
        return self

    @property
    def points(self) -> tuple[float, float, float, float]:
        """The two points as ``rules.is_satisfied`` takes them: seconds, share, seconds, share."""
        return (self.near, self.near_share, self.far, self.far_share)
