"""Changes tried out: the days of the run played again with a change, by the same customers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np

from crestline.measures import NOTHING, Value
from crestline.measures.values import holds
from crestline.remedies.changes import Change
from crestline.remedies.cost import cost_on_a_day
from crestline.remedies.standard import Standard, Standing, Values
from crestline.replicate import Customers, Day, estimate, replicate, t_quantile
from crestline.scenario import Objective, Scenario, changed
from crestline.tables import Floats
from crestline.workload import Span

FEW = 6  # days of a first look
FEWEST = 2
MOST_CONTACTS = 25_000_000  # played in one search: seconds of the compiled engine


@dataclass(frozen=True)
class Tried:
    """A change, what it makes of the days, and how every objective then stands."""

    change: Change
    days: Sequence[Day]
    estimates: Values
    missed: dict[Objective, Standing]
    kept: dict[Objective, Standing]
    cost: float | None  # on a day; None without a price

    @property
    def repairs(self) -> bool:
        """Whether it meets what was missed."""
        return all(standing.is_met for standing in self.missed.values())

    @property
    def passes(self) -> bool:
        """Whether it does so, and breaks nothing else."""
        return self.repairs and all(standing.is_met for standing in self.kept.values())

    @property
    def shortfall(self) -> float:
        """By how much everything falls short together, as shares of the limits."""
        return sum(max(0.0, standing.shortfall) for standing in (*self.missed.values(), *self.kept.values()))

    @property
    def tightest(self) -> Objective:
        """What was missed and falls short by most, or clears its limit by least."""
        return max(
            self.missed, key=lambda objective: (not self.missed[objective].is_met, self.missed[objective].shortfall)
        )


@dataclass
class Trials:
    """Plays changes on the customers of a run's days; remembers what it has played.

    Common random numbers make a few days enough to see where a change leads: a first ``look`` moves the estimates of
    the run by what the change does to those days. What passes is played on all of them: ``prove`` is the verdict.
    """

    scenario: Scenario
    seed: int
    span: Span
    before: Sequence[Day]  # of the run, without a change
    standard: Standard
    day_factor: bool = True
    engine: str | None = None
    executor: Executor | None = None
    progress: Callable[[str], None] = lambda _: None
    contacts: float = 0.0  # played so far
    customers: Customers = field(default_factory=Customers)
    seen: dict[tuple[tuple[str, ...], int], Tried] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.estimates = estimate(self.before, self.standard.objectives)
        self.each = sum(day.contacts for day in self.before) / max(len(self.before), 1)

    @property
    def few(self) -> int:
        """How many days a first look has."""
        return min(FEW, len(self.before))

    @property
    def affordable(self) -> bool:
        """Whether there is room for another look."""
        return len(self.before) >= FEWEST and self._affords(self.few)

    def _affords(self, days: int) -> bool:
        return self.contacts + days * self.each <= MOST_CONTACTS

    def look(self, change: Change) -> Tried:
        """What a change brings, by a few days."""
        return self._try(change, self.few)

    def prove(self, change: Change) -> Tried:
        """What it brings by all days of the run; by a few where all are beyond all measure."""
        every = len(self.before)
        return self._try(change, every if self._affords(every) else self.few)

    def unchanged(self) -> dict[Objective, Standing]:
        """How what was missed stands as it is."""
        first = self.before[0].measures
        return {o: self.standard.standing(o, self.estimates, first) for o in self.standard.missed}

    def _try(self, change: Change, count: int) -> Tried:
        key = (change.sets, count)
        if key not in self.seen:
            self.progress(f"what would help: {change.words}")
            self.seen[key] = self._tried(change, count)
        return self.seen[key]

    def _play(self, scenario: Scenario, count: int) -> list[Day]:
        self.contacts += count * self.each
        return replicate(
            scenario, self.seed, self.span, count,
            day_factor=self.day_factor, engine=self.engine, executor=self.executor, customers=self.customers,
        )  # fmt: skip

    def _tried(self, change: Change, count: int) -> Tried:
        other = changed(self.scenario, change.sets)
        days = self._play(other, count)
        standard, first = self.standard, days[0].measures
        every = len(days) == len(self.before)
        made = estimate(days, standard.objectives) if every else self._moved(days)
        missed = {o: standard.standing(o, made, first) for o in standard.missed}
        kept = {o: standard.standing(o, made, first) for o in standard.kept}
        cost = cost_on_a_day(change, self.scenario, other, self.span, self.before, days)
        return Tried(change, days, made, missed, kept, cost)

    def _moved(self, days: Sequence[Day]) -> dict[str, Value]:
        """The estimates of the run, moved by what happened to these days."""
        return {
            objective.key: moved(
                self.estimates[objective.key],
                [day.measures[objective.key] for day in self.before[: len(days)]],
                [day.measures[objective.key] for day in days],
                objective,
                len(self.before),
            )
            for objective in self.standard.objectives
        }


def moved(estimated: Value, before: Sequence[Value], after: Sequence[Value], objective: Objective, count: int) -> Value:
    """An estimate over ``count`` days, moved by what became of a few of them; its width goes with theirs.

    Where not the same days have a value as before, what they have alone.
    """
    numbers = np.array([v.value for v in after if v.value is not None])
    if len(numbers) < FEWEST:
        return NOTHING
    pairs = _pairs(before, after)
    value, spread = float(numbers.mean()), float(numbers.std(ddof=1))
    half = t_quantile(count - 1) * spread / math.sqrt(count)
    if len(pairs) == len(numbers) and estimated.value is not None:
        value = max(0.0, estimated.value + float((pairs[:, 1] - pairs[:, 0]).mean()))
        old = float(pairs[:, 0].std(ddof=1))
        half = (estimated.high - estimated.value) * spread / old if estimated.high is not None and old > 0 else half
    held = sum(holds(each, objective) for each in after) / len(after)
    return Value(value, max(0.0, value - half), value + half, over=any(v.over for v in after), p_met=held)


def difference(before: Sequence[Value], after: Sequence[Value]) -> Value:
    """The mean of what a change does to days, with its 95 % interval: paired, so that what days differ by cancels."""
    pairs = _pairs(before, after)
    if not len(pairs):
        return NOTHING
    change = pairs[:, 1] - pairs[:, 0]
    mean = float(change.mean())
    if len(pairs) < FEWEST:
        return Value(mean)
    half = t_quantile(len(pairs) - 1) * float(change.std(ddof=1)) / math.sqrt(len(pairs))
    return Value(mean, mean - half, mean + half)


def _pairs(before: Sequence[Value], after: Sequence[Value]) -> Floats:
    """Days x (before, after), those that have both."""
    both = [(b.value, a.value) for b, a in zip(before, after, strict=False) if None not in (b.value, a.value)]
    return np.array(both, np.float64).reshape(-1, 2)
