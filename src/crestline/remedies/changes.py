"""What could be decided: single changes of a scenario, in families that differ in strength alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a change is about."""

    AGENTS = "agents"
    STANDBY = "standby"
    BOT = "bot"
    POOL = "pool"
    QUEUE = "queue"


@dataclass(frozen=True)
class Change:
    """One change, in words and as ``--set`` takes it.

    ``cost`` is what it costs on a day by the scenario's prices: agents x hours x ``cost_per_hour``; None where the
    scenario has no price for it. ``reach`` is how far it goes beyond what there is today, as a share of it: 0.25 for
    15 minutes where there were 20, for 60 % left to agents where there were 80 %, for 10 workers where there were 8,
    for 100 hours of agents on top of 400.
    """

    kind: Kind
    words: str
    sets: tuple[str, ...]
    reach: float
    cost: float | None = None

    @property
    def keys(self) -> frozenset[str]:
        """What it sets."""
        return frozenset(text.partition("=")[0] for text in self.sets)

    @property
    def effort(self) -> tuple[bool, float]:
        """Orders changes of one kind: what costs something by that and first, everything else by how far it reaches."""
        return (False, self.cost) if self.cost is not None and self.cost > 0 else (True, self.reach)

    def and_then(self, other: Change) -> Change:
        """Both together, the other made last."""
        priced = None not in (self.cost, other.cost)
        return Change(
            other.kind,
            f"{self.words} and {other.words}",
            (*self.sets, *other.sets),
            self.reach + other.reach,
            (self.cost or 0.0) + (other.cost or 0.0) if priced else None,
        )


class Family(NamedTuple):
    """Changes of one kind, each stronger than the one before it; more of the same helps no less."""

    kind: Kind
    changes: tuple[Change, ...]

    def weaker_than(self, effort: tuple[bool, float] | None) -> Family:
        """Those that take less; all of them where there is nothing to compare with."""
        if effort is None:
            return self
        return Family(self.kind, tuple(change for change in self.changes if change.effort < effort))
