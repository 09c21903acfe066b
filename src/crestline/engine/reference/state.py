"""What is out of the ordinary just now, as every part of the model sees it."""

from __future__ import annotations

from crestline.engine.reference.clock import Clock
from crestline.tables import AS_USUAL


class State:
    """The condition that is on, and what follows from it at this instant."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.condition = clock, AS_USUAL

    @property
    def is_still(self) -> bool:
        """Whether the target takes nothing and gives nothing just now."""
        return self.condition.serves_at_s > self.clock.now

    def handle_factor(self, group: int) -> float:
        """How many times as long as usual a group takes for what it claims now."""
        return self.condition.handle_factors[group] if self.condition.handle_factors else 1.0
