"""By what a change is judged: the verdict's own rule, of a forecast or of a drill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from crestline import verdict
from crestline.measures import Value
from crestline.measures.recovery import INCONCLUSIVE, MET, MISSED
from crestline.measures.values import holds
from crestline.scenario import Objective
from crestline.verdict import Judged

Values = Mapping[str, Value]

LIVE_ERROR = 0.03  # of a limit: by how much a live run may differ from the simulation of its rows
SURE = 0.9  # the share of days that hold an objective from which on the next drill may be counted on
NEVER = 10.0  # a shortfall beyond all others: never answered, or nothing there


class Standing(NamedTuple):
    """How an objective stands: whether it is met, and by what share of its limit it falls short."""

    is_met: bool
    shortfall: float


class Standard(Protocol):
    """What a run was judged by, and how it came out."""

    @property
    def objectives(self) -> Sequence[Objective]:
        """Everything that is asked."""

    @property
    def missed(self) -> Sequence[Objective]:
        """What was missed."""

    @property
    def unsure(self) -> Sequence[Objective]:
        """What was neither missed nor met, and has to be met as well."""

    @property
    def kept(self) -> Sequence[Objective]:
        """What was met and has to stay so."""

    def standing(self, objective: Objective, estimates: Values, first: Values) -> Standing:
        """How an objective stands by the estimates over days, and by the first of the days."""


@dataclass(frozen=True)
class _Outcome:
    """Objectives by what became of them; without those of which nothing is there to measure, whatever is changed."""

    objectives: Sequence[Objective]
    judged: Sequence[Judged]

    @property
    def missed(self) -> list[Objective]:
        return [o for o, row in self._pairs if row.result == MISSED]

    @property
    def unsure(self) -> list[Objective]:
        return [o for o, row in self._pairs if row.result == INCONCLUSIVE and _can_be_judged(o, row)]

    @property
    def kept(self) -> list[Objective]:
        return [o for o, row in self._pairs if row.result == MET]

    @property
    def _pairs(self) -> list[tuple[Objective, Judged]]:
        return list(zip(self.objectives, self.judged, strict=True))


def _can_be_judged(objective: Objective, row: Judged) -> bool:
    """Whether there is a value, or another roster would give one: recovery has none where it was not steady before."""
    seen = row.measured or row.forecast
    return objective.measure == "recovery" or (seen is not None and seen.value is not None)


@dataclass(frozen=True)
class AsForecast(_Outcome):
    """A forecast: an objective is met when the interval of its estimate clears the limit."""

    faults: bool

    def standing(self, objective: Objective, estimates: Values, first: Values) -> Standing:  # noqa: ARG002
        """By the verdict of a forecast."""
        (judged,) = verdict.judge_forecast([objective], estimates, faults=self.faults)
        return Standing(judged.result == MET, _short(objective, estimates[objective.key]))


@dataclass(frozen=True)
class AsDrill(_Outcome):
    """A drill: the value decides that the same customers come to.

    It is what simulated time makes of them with the change, moved by what the live run differed from it without, and
    has to clear the limit by what live runs differ by. As the next drill may have other customers, nine in ten days
    have to hold what was missed as well, and no fewer than before, up to nine in ten, what was met.
    """

    measured: Values
    simulated: Values  # the same customers without a change
    held: Mapping[str, float]  # the share of days that held an objective

    @classmethod
    def of(
        cls, objectives: Sequence[Objective], judged: Sequence[Judged], simulated: Values, estimates: Values
    ) -> AsDrill:
        """As this drill was judged; ``simulated`` is the first day of its forecast."""
        measured = {row.measure: row.measured or Value(None) for row in judged}
        held = {o.key: estimates[o.key].p_met or 0.0 for o in objectives}
        return cls(objectives, judged, measured, simulated, held)

    def standing(self, objective: Objective, estimates: Values, first: Values) -> Standing:
        """By the verdict of a drill, carefully."""
        key = objective.key
        expected = self._expected(key, first[key])
        was_missed = objective not in self.kept
        careful = _worse(expected, LIVE_ERROR * abs(objective.limit), objective) if was_missed else expected
        needed = SURE if was_missed else min(SURE, self.held[key])
        lacking = max(0.0, needed - (estimates[key].p_met or 0.0))
        return Standing(holds(careful, objective) and not lacking, max(_short(objective, careful), lacking))

    def _expected(self, key: str, simulated: Value) -> Value:
        """What the live run would measure."""
        before, live = self.simulated[key], self.measured[key]
        if None in (simulated.value, before.value, live.value) or simulated.over or before.over or live.over:
            return simulated
        assert simulated.value is not None and before.value is not None and live.value is not None  # noqa: S101, PT018
        return Value(max(0.0, simulated.value + live.value - before.value))


def _worse(value: Value, by: float, objective: Objective) -> Value:
    if value.value is None:
        return value
    return Value(value.value + (-by if objective.at_least else by), over=value.over)


def _short(objective: Objective, value: Value) -> float:
    """By what share of the limit the worse end of a value falls short of it; at most 0 where it does not."""
    worst = value.low if objective.at_least else value.high
    worst = value.value if worst is None else worst
    if worst is None:
        return 2 * NEVER
    beyond = (worst - objective.limit) / (abs(objective.limit) or 1.0)
    return min(-beyond if objective.at_least else beyond, NEVER) + (NEVER if value.over else 0.0)
