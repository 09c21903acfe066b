"""How many days a forecast plays: as many as were asked for, or as many as a precision takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crestline.errors import UsageError
from crestline.replicate import Day, Goal, Reach
from crestline.scenario import Scenario
from crestline.units import format_share

REPLICATIONS = 20
AT_MOST = 10_000  # where a precision is asked for


@dataclass(frozen=True)
class Enough:
    """How many days are played at most, and the precision with which they are enough, where one is asked for."""

    most: int
    goal: Goal | None = None

    @classmethod
    def of(cls, scenario: Scenario, replications: int | None, precision: float | None, at_most: int) -> Enough:
        """What the command asks for: the one or the other."""
        if precision is None:
            return cls(REPLICATIONS if replications is None else replications)
        if replications is not None:
            msg = "--replications and --precision: give one of them, since either decides how many days are played"
            raise UsageError(msg)
        if not precision > 0:
            msg = f"--precision: got {format_share(precision)}, expected more than 0 %, such as 1%"
            raise UsageError(msg)
        return cls(at_most, Goal(scenario, precision, at_most))

    def reached(self, days: list[Day]) -> bool:
        """Whether no more days are needed."""
        return self.goal is not None and self.goal.look(days)

    def share(self, days: int) -> float:
        """How much of the work is done, as far as one can say."""
        if self.goal is None or not self.goal.reach:
            return days / self.most if self.goal is None else 0.0
        return min(1.0, days / max(self.goal.expected_days, 1))

    def said(self, days: int) -> str:
        """How far it is, in words."""
        if self.goal is None:
            return f"{days} of {self.most} days"
        played = "1 day" if days == 1 else f"{days} days"
        return f"{played}: {spelled(self.goal.worst)}" if self.goal.reach else played

    def count(self) -> str:
        """How many days there were to be, in words."""
        return f"of {self.most} days" if self.goal is None else "days, before the precision was reached"


def spelled(reach: Reach) -> str:
    """An objective's precision against the one that is wanted."""
    half, wanted = (_share(each / abs(reach.objective.limit)) for each in (reach.half, reach.wanted))
    return f"{reach.objective.text} known to ±{half} of its limit, wanted ±{wanted}"


def _share(number: float) -> str:
    return f"{100 * number:.2g} %"


def account_of(goal: Goal) -> dict[str, Any]:
    """What ``run.json`` says of a precision that was asked for."""
    slowest = goal.longest or goal.worst
    return {
        "wanted": goal.share,
        "reached": goal.is_reached,
        "days": goal.days,
        "slowest": slowest.objective.key,
        "objectives": [{"measure": r.objective.key, "half_width": r.half, "wanted": r.wanted} for r in goal.reach],
    }


def sentence(goal: Goal) -> str:
    """Whether the precision was reached, after how many days, and what took longest."""
    share = format_share(goal.share)
    if not goal.is_reached:
        return f"precision {share} was not reached in {goal.days:,} days: {spelled(goal.worst)}"
    slowest = next(r for r in goal.reach if r.objective == (goal.longest or goal.worst).objective)
    return f"precision {share} was reached after {goal.days:,} days; what took longest: {spelled(slowest)}"
