"""What a fault does to the wire while it is in force: plain figures, decided once per request or per piece."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, NamedTuple

SEVERED, HELD = frozenset({"reset", "refuse"}), "hang"
LATE = frozenset({"latency", "jitter"})
DELAYING = LATE | {"bandwidth"}
"""What comes later. On a long line what is under way when it gets short is not there sooner; a slow one lets go."""


class Condition(NamedTuple):
    """One fault of the wire; times in real seconds, ``rate`` in bytes per real second."""

    how: str
    delay: float = 0.0
    jitter: float = 0.0
    share: float = 1.0
    rate: float = 0.0
    status: int = 503
    paths: tuple[str, ...] = ()

    @classmethod
    def told(cls, fields: Mapping[str, Any]) -> Condition:
        """The condition that stands in an order."""
        return cls(**{**fields, "paths": tuple(fields.get("paths", ()))})

    def strikes(self, dice: random.Random) -> bool:
        """Whether it meets the next request, where only a share is met."""
        return self.share >= 1 or dice.random() < self.share

    def meets(self, path: str) -> bool:
        """Whether requests to a path are meant: all of them, or those that begin with one of ``paths``."""
        return not self.paths or path.startswith(self.paths)


class Delays:
    """When pieces of answers are due, by the stamp of their arrival.

    Latency is added to the stamp, so that pieces that come together leave together. With a bandwidth one line is
    shared by all connections, and a piece is due when those before it and itself have passed.
    """

    def __init__(self, condition: Condition, dice: random.Random) -> None:
        self.condition, self._dice, self._free = condition, dice, 0.0

    def due(self, now: float, length: int) -> float:
        """When a piece that arrived ``now`` goes on."""
        how = self.condition
        if how.how == "bandwidth":
            self._free = max(now, self._free) + length / how.rate
            return self._free
        spread = self._dice.uniform(-how.jitter, how.jitter) if how.jitter else 0.0
        return now + max(0.0, how.delay + spread)
