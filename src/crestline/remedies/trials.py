"""Changes tried out: the days of the run played again with a change, by the same customers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from crestline.engine import COMPILED, default_engine
from crestline.measures import Value
from crestline.remedies.changes import Change
from crestline.remedies.cost import cost_on_a_day
from crestline.remedies.paired import FEWEST, moved
from crestline.remedies.standard import Standard, Standing, Values
from crestline.replicate import Customers, Day, estimate, replicate
from crestline.scenario import Objective, Scenario, changed
from crestline.workload import Span

FEW, FEW_CONTACTS = 6, 100_000  # days of a first look, or as many as have so many contacts
MOST_LOOKED_AT, MOST_PLAYED = 20_000_000, 60_000_000  # contacts in one search: seconds of the compiled engine
MOST_PROVEN = 5_000_000  # contacts in one proof
BY_REFERENCE = 50  # times fewer where there is only the reference


@dataclass(frozen=True)
class Tried:
    """A change, what it makes of the days, and how every objective then stands."""

    change: Change
    days: Sequence[Day]
    estimates: Values
    missed: dict[Objective, Standing]
    unsure: dict[Objective, Standing]
    kept: dict[Objective, Standing]
    cost: float | None  # on a day; None without a price

    @property
    def repairs(self) -> bool:
        """Whether it meets what was not met."""
        return all(standing.is_met for standing in (*self.missed.values(), *self.unsure.values()))

    @property
    def passes(self) -> bool:
        """Whether it does so, and breaks nothing else."""
        return self.repairs and all(standing.is_met for standing in self.kept.values())

    @property
    def met(self) -> set[Objective]:
        """Every objective that is met with it."""
        standings = self.missed | self.unsure | self.kept
        return {objective for objective, standing in standings.items() if standing.is_met}

    @property
    def shortfall(self) -> float:
        """By how much everything falls short together, as shares of the limits."""
        return together((*self.missed.values(), *self.unsure.values(), *self.kept.values()))

    @property
    def tightest(self) -> Objective:
        """What was missed and clears its limit by least, or whatever falls short by most."""
        asked = self.missed if self.repairs else self.missed | self.unsure
        return max(asked, key=lambda objective: (not asked[objective].is_met, asked[objective].shortfall))


def together(standings: Iterable[Standing]) -> float:
    """By how much objectives fall short together."""
    return sum(max(0.0, standing.shortfall) for standing in standings)


@dataclass
class Trials:
    """Plays changes on the customers of a run's days; remembers what it has played.

    Common random numbers make a few days enough to see where a change leads: a first ``look`` moves the estimates of
    the run by what the change does to those days. What passes is played on all of them: ``prove`` is the verdict.
    The fastest engine plays, whichever played the run: all give the same days.
    """

    scenario: Scenario
    seed: int
    span: Span
    before: Sequence[Day]  # of the run, without a change
    standard: Standard
    day_factor: bool = True
    executor: Executor | None = None
    progress: Callable[[str], None] = lambda _: None
    contacts: float = 0.0  # played so far
    customers: Customers = field(default_factory=Customers)
    seen: dict[tuple[tuple[str, ...], int], Tried] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.estimates = estimate(self.before, self.standard.objectives)
        self.each = sum(day.contacts for day in self.before) / max(len(self.before), 1)
        slower = 1 if default_engine() == COMPILED else BY_REFERENCE
        self.most_looked_at, self.most_played = MOST_LOOKED_AT / slower, MOST_PLAYED / slower

    @property
    def few(self) -> int:
        """How many days a first look has: all of them where they are small."""
        return min(max(FEW, int(FEW_CONTACTS / max(self.each, 1.0))), len(self.before))

    @property
    def affordable(self) -> bool:
        """Whether there is room for another look."""
        return len(self.before) >= FEWEST and self.contacts + self.few * self.each <= self.most_looked_at

    def look(self, change: Change) -> Tried:
        """What a change brings, by a few days."""
        return self._try(change, self.few)

    def prove(self, change: Change) -> Tried:
        """What it brings by all days of the run; by the first of them where they are very many."""
        count = min(len(self.before), int(MOST_PROVEN / max(self.each, 1.0)))
        affordable = self.contacts + count * self.each <= self.most_played
        return self._try(change, count if count > self.few and affordable else self.few)

    def shortfall_before(self) -> float:
        """By how much everything falls short without a change."""
        first = self.before[0].measures
        return together(self.standard.standing(o, self.estimates, first) for o in self.standard.objectives)

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
            day_factor=self.day_factor, executor=self.executor, customers=self.customers,
        )  # fmt: skip

    def _tried(self, change: Change, count: int) -> Tried:
        other = changed(self.scenario, change.sets)
        days = self._play(other, count)
        standard, first = self.standard, days[0].measures
        proven = len(days) > self.few or len(days) == len(self.before)
        made = estimate(days, standard.objectives) if proven else self._moved(days)
        missed, unsure, kept = (
            {objective: standard.standing(objective, made, first) for objective in asked}
            for asked in (standard.missed, standard.unsure, standard.kept)
        )
        cost = cost_on_a_day(change, self.scenario, other, self.span, self.before, days)
        return Tried(change, days, made, missed, unsure, kept, cost)

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
