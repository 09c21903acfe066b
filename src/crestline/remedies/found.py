"""What was found: the cheapest changes that pass, or the two that do so together, or what comes closest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from crestline.bottleneck import Row
from crestline.measures import Value
from crestline.remedies.bot import bot_families, pool_families
from crestline.remedies.changes import Change, Family
from crestline.remedies.paired import difference
from crestline.remedies.queues import queue_families
from crestline.remedies.search import Looked, closest, look_at, prove
from crestline.remedies.staff import fewer_agents, more_agents
from crestline.remedies.standard import Standard
from crestline.remedies.standby import standby_families
from crestline.remedies.trials import Trials, Tried
from crestline.remedies.windows import windows
from crestline.replicate import Day
from crestline.scenario import Objective, Scenario, changed
from crestline.workload import Span


@dataclass(frozen=True)
class Remedy:
    """A change, or two together, and what they would bring to the objective that is tightest with them.

    ``effect`` is the difference to now, of the same customers; ``cost`` what it costs on a day, standby's hours
    included, None where the scenario has no price for it.
    """

    change: Change
    key: str
    forecast: Value
    limit: float
    passes: bool
    cost: float | None
    effect: Value


def families(scenario: Scenario, days: Sequence[Day], rows: Sequence[Row], missed: Sequence[Objective]) -> list[Family]:
    """What a planner could decide on to meet what is missed; every change stands for itself."""
    made = [
        *more_agents(scenario, windows(scenario, days, rows, missed)),
        *(fewer_agents(scenario) if any(map(_wants_fewer, missed)) else ()),
        *standby_families(scenario),
        *bot_families(scenario),
        *pool_families(scenario),
        *(queue_families(scenario) if any(day.measures["rejected"].value for day in days) else ()),
    ]
    return [family for family in made if family.changes]


def _wants_fewer(objective: Objective) -> bool:
    """Whether fewer agents, and nothing else of theirs, would help."""
    return objective.measure == "cost_per_contact" or (objective.measure == "occupancy" and objective.at_least)


def find_remedies(
    scenario: Scenario,
    seed: int,
    span: Span,
    days: Sequence[Day],
    rows: Sequence[Row],
    standard: Standard,
    *,
    day_factor: bool = True,
    executor: Executor | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Remedy]:
    """The cheapest single changes that turn every missed objective into met and keep the others, three at most.

    Where none does, the two that do so together; where there are none either, the one that comes closest. ``days``
    are those of the run and ``rows`` its intervals; days that are too large to be played a few dozen times more give
    no remedies.
    """
    if not standard.missed:
        return []
    trials = Trials(scenario, seed, span, days, standard, day_factor, executor, progress)
    looked = look_at(families(scenario, days, rows, [*standard.missed, *standard.unsure]), trials)
    found = prove(looked, trials) or _second_best(looked, trials, rows)
    return [_remedy(tried, trials) for tried in found]


def _second_best(looked: Looked, trials: Trials, rows: Sequence[Row]) -> list[Tried]:
    """The cheapest second step on top of the change that comes closest, or that change alone."""
    nearest = closest(looked, trials)
    if nearest is None:
        return []
    stepped = changed(trials.scenario, nearest.change.sets)
    others = families(stepped, trials.before, rows, [*trials.standard.missed, *trials.standard.unsure])
    on_top = [_on_top(nearest.change, family) for family in others]
    pairs = prove(look_at([family for family in on_top if family.changes], trials), trials)
    return pairs[:1] or [nearest]


def _on_top(first: Change, family: Family) -> Family:
    return Family(family.kind, tuple(first.and_then(c) for c in family.changes if not c.keys & first.keys))


def _remedy(tried: Tried, trials: Trials) -> Remedy:
    objective = tried.tightest
    key = objective.key
    before = [day.measures[key] for day in trials.before]
    return Remedy(
        change=tried.change,
        key=key,
        forecast=tried.estimates[key],
        limit=objective.limit,
        passes=tried.passes,
        cost=tried.cost,
        effect=difference(before, [day.measures[key] for day in tried.days]),
    )
