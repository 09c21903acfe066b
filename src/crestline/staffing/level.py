"""How far demand may rise before an objective breaks with the roster as it is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from crestline.scenario import Objective, Scenario
from crestline.staffing.days import Days, without_faults
from crestline.staffing.roster import grid
from crestline.staffing.standing import Standing
from crestline.workload import day

STEP = 1.25  # from level to level until both sides are known
FINEST = 1.005  # two levels closer than this are taken for one
FARTHEST = 64.0
Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Break:
    """The objective that is first to break, and where."""

    objective: Objective
    interval: int
    start_s: float
    share: float
    bound: float
    said: str  # the share with its bound, in words


@dataclass(frozen=True, eq=False)
class Breaking:
    """The highest level that holds, the lowest that does not, and what breaks there; None where there is no such."""

    holds: float | None
    breaks: float | None
    first: Break | None


def breaking_level(
    scenario: Scenario,
    seed: int,
    days: int,
    *,
    engine: str,
    executor: Executor,
    start: float = 1.0,
    say: Say = lambda _: None,
) -> Breaking:
    """Bisection of the level with the same customers at every level, without faults but with standby.

    Another level stretches the customers of a day instead of drawing others. An interval holds as in a plan: with
    the bound of every objective over the days.
    """
    calm = without_faults(scenario)

    def broken(level: float) -> Break | None:
        span = day(calm, level)
        made = grid(calm, span)
        standing = Days(calm, made, span, seed, days, engine=engine, executor=executor).standing_as_is()
        found = _first(standing, made.edges_s.tolist())
        say(f"at {level:.1%} of demand {f'{found.objective.text} breaks' if found else 'everything holds'}")
        return found

    return _bisect(broken, start)


def _bisect(broken: Callable[[float], Break | None], start: float) -> Breaking:
    low, high, first = None, None, None
    level = start
    while low is None or high is None or high / low > FINEST:
        found = broken(level)
        if found is None:
            low = level
        else:
            high, first = level, found
        if low is not None and high is not None:
            level = float(np.sqrt(low * high))
        elif not start / FARTHEST < (level := level * STEP if high is None else level / STEP) < start * FARTHEST:
            break
    return Breaking(low, high, first)


def _first(standing: Standing, edges_s: list[float]) -> Break | None:
    """The objective that fails by most."""
    if standing.holds().all():
        return None
    objective, interval = np.unravel_index(int(standing.margin.argmin()), standing.margin.shape)
    share, bound = standing.share[objective, interval], standing.bound[objective, interval]
    kind = standing.objectives[objective]
    said = standing.said(int(objective), int(interval))
    return Break(kind, int(interval), edges_s[interval], float(share), float(bound), said)
