"""What to do: single changes to a scenario, each played on the same customers, and what each would bring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from crestline.measures.values import Value, holds
from crestline.replicate import Day, estimate, replicate
from crestline.scenario import AgentGroup, Objective, Scenario, changed
from crestline.units import format_duration, format_share, spell_clock, spell_duration, spell_share
from crestline.workload import Span

REPLICATIONS = 6
SHOWN = 2
MORE = (1.1, 1.25, 1.5, 2.0, 3.0)  # times the persons on duty


@dataclass(frozen=True)
class Change:
    """One change, in words and as ``--set`` takes it; ``cost`` orders changes, cheapest first."""

    words: str
    set: str
    cost: float


@dataclass(frozen=True)
class Remedy:
    """A change and what it would bring to one objective."""

    change: Change
    key: str
    forecast: Value
    limit: float
    passes: bool


Family = list[Change]  # changes of one kind, the weakest and cheapest first


def families(scenario: Scenario) -> list[Family]:
    """What a planner could decide on, by kind; every change stands for itself."""
    single = [*_standby_changes(scenario), *_triage_changes(scenario)]
    staff = [_staff_changes(name, group) for name, group in scenario.agents.items()]
    return [[change] for change in single] + [family for family in staff if family]


def _standby_changes(scenario: Scenario) -> list[Change]:
    standby = scenario.standby
    if standby is None:
        return []
    sooner = spell_duration(standby.call_in / 2)
    hourly = scenario.agents[standby.group].cost_per_hour or 1.0
    return [
        Change(
            f"standby there {format_duration(standby.call_in / 2)} after the call instead of "
            f"{format_duration(standby.call_in)}",
            f"standby.call_in={sooner}",
            0.0,
        ),
        Change(
            f"{standby.agents * 2} standby agents instead of {standby.agents}",
            f"standby.agents={standby.agents * 2}",
            standby.agents * hourly / 2,
        ),
    ]


def _triage_changes(scenario: Scenario) -> list[Change]:
    triage = scenario.triage
    if triage is None:
        return []
    pool, more = triage.pool, min(triage.pool.workers * 2, triage.pool.at_most)
    made = []
    if more > pool.workers:
        words = f"{more} bot workers to begin with instead of {pool.workers}"
        made.append(Change(words, f"triage.pool.workers={more}", 0.5))
    for name, kind in scenario.contacts.items():
        if kind.bot != "skip" and kind.bot_resolves <= 0.9:
            better = round(kind.bot_resolves + 0.1, 4)
            made.append(
                Change(
                    f"the bot resolves {format_share(better)} of {name} instead of {format_share(kind.bot_resolves)}",
                    f"contacts.{name}.bot_resolves={spell_share(better)}",
                    1.0,
                )
            )
    return made


def _staff_changes(name: str, group: AgentGroup) -> list[Change]:
    peak = max(group.on_duty.persons)
    made = []
    for factor in MORE:
        persons = [max(count + 1, round(count * factor)) if count else 0 for count in group.on_duty.persons]
        added = max(persons) - peak
        steps = ", ".join(f'"{spell_clock(at)}": {n}' for at, n in zip(group.on_duty.at, persons, strict=True))
        value = str(persons[0]) if len(persons) == 1 else f"{{{steps}}}"
        cost = 2.0 + added * (group.cost_per_hour or 1.0)
        made.append(Change(f"+{added} {name} agents", f"agents.{name}.on_duty={value}", cost))
    return list(dict.fromkeys(made))


def find_remedies(
    scenario: Scenario,
    seed: int,
    span: Span,
    missed: Sequence[Objective],
    *,
    day_factor: bool = True,
    executor: Executor | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Remedy]:
    """The cheapest changes that would turn every missed objective into met; if none does, the one that helps most."""
    if not missed:
        return []

    def play(change: Change) -> Remedy:
        progress(f"what would help: {change.words}")
        other = changed(scenario, [change.set])
        days = replicate(other, seed, span, REPLICATIONS, day_factor=day_factor, executor=executor)
        return _effect(change, days, missed)

    found = [_weakest_that_passes(family, play) for family in families(scenario)]
    passing = sorted((r for r in found if r.passes), key=lambda r: r.change.cost)
    return passing[:SHOWN] or sorted(found, key=_distance)[:1]


def _weakest_that_passes(family: Family, play: Callable[[Change], Remedy]) -> Remedy:
    """By bisection, since more of the same helps no less; the strongest where none passes."""
    best = play(family[-1])
    low, high = 0, len(family) - 1
    while best.passes and low < high:
        middle = (low + high) // 2
        tried = play(family[middle])
        if tried.passes:
            best, high = tried, middle
        else:
            low = middle + 1
    return best


def _effect(change: Change, days: Sequence[Day], missed: Sequence[Objective]) -> Remedy:
    """What the change brings to the objective that it leaves furthest from its limit."""
    values = estimate(days, missed)
    seen = [Remedy(change, o.key, values[o.key], o.limit, holds(values[o.key], o)) for o in missed]
    return max(seen, key=lambda remedy: -_distance(remedy) if remedy.passes else _distance(remedy) + 1e9)


def _distance(remedy: Remedy) -> float:
    """How far from its limit, as a share of it."""
    if remedy.forecast.value is None or remedy.limit == 0:
        return float("inf")
    return abs(remedy.forecast.value / remedy.limit - 1)
