"""One quantity with its uncertainty, as every measure, estimate and report carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from crestline.scenario import Objective


@dataclass(frozen=True)
class Value:
    """A quantity; ``value`` is None only where nothing was there to measure, or ``why`` says what was in the way.

    ``low`` and ``high`` are a 95 % interval, where there is one. ``over`` means that a percentile fell on a contact
    that was never answered, or that recovery was given up: the true value is larger. ``p5``, ``p95`` (where one day
    lies) and ``p_met`` (the share of days that hold an objective) belong to estimates over replications.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    over: bool = False
    p5: float | None = None
    p95: float | None = None
    p_met: float | None = None
    why: str = ""

    def plain(self) -> dict[str, Any]:
        """The value as ``run.json`` holds it: what a single measurement never has is left out."""
        always = {"value": self.value, "low": self.low, "high": self.high}
        more = {k: v for k, v in asdict(self).items() if k not in (*always, "why")}
        return always | {k: v for k, v in more.items() if v is not None and v is not False}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Value:
        """The value that ``plain`` wrote."""
        return cls(**plain)


NOTHING = Value(None)


def holds(value: Value, objective: Objective) -> bool:
    """Whether a value meets an objective; what was never answered, or is not there, does not."""
    return value.value is not None and not value.over and objective.holds(value.value)
