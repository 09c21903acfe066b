"""More agents of a group, for a part of the day or all of it; fewer, where it is slack that is missed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from crestline.remedies.changes import Change, Family, Kind
from crestline.remedies.windows import Window, whole_day
from crestline.scenario import AgentGroup, Scenario, Steps
from crestline.units import spell_clock

MOST = 2  # times the persons of today, on top of them
FEWEST_TRIED = 10  # persons on top, of however small a group


def more_agents(scenario: Scenario, windows: Sequence[Window]) -> list[Family]:
    """For every window and group a family of one, two, three ... agents more."""
    return [
        _family(scenario, name, [(f"+{n} {_called(name)} {window}", _raised(group, window, n, scenario)) for n in more])
        for window in windows
        for name, group in scenario.agents.items()
        for more in [range(1, max(FEWEST_TRIED, MOST * _peak(group)) + 1)]
    ]


def fewer_agents(scenario: Scenario) -> list[Family]:
    """For every group a family of fewer agents all day, in proportion to those on duty; nobody is left alone."""
    return [
        _family(scenario, name, [(f"{n} {_called(name)} fewer", _lowered(group, n)) for n in range(1, _peak(group))])
        for name, group in scenario.agents.items()
    ]


def _called(name: str) -> str:
    return name if name.endswith("agents") else f"{name} agents"


def _peak(group: AgentGroup) -> int:
    return max(group.on_duty.persons, default=0)


def _family(scenario: Scenario, name: str, changes: Sequence[tuple[str, Steps]]) -> Family:
    group = scenario.agents[name]
    today = _hours(scenario, group.on_duty)
    everybody = sum(_hours(scenario, each.on_duty) for each in scenario.agents.values())
    made = {}
    for words, steps in changes:
        hours = _hours(scenario, steps) - today
        cost = hours * group.cost_per_hour if group.cost_per_hour else None
        key = f"agents.{name}.on_duty={_spelled(steps, scenario.day.start)}"
        made[key] = Change(Kind.AGENTS, words, (key,), abs(hours) / max(everybody, 1.0), cost)
    return Family(Kind.AGENTS, tuple(made.values()))


def _raised(group: AgentGroup, window: Window, more: int, scenario: Scenario) -> Steps:
    """So many persons more in the window; all day, where anybody is on duty."""
    edges = () if window.is_day else (edge for span in window.spans for edge in span if edge < scenario.day.end)
    return _changed(group.on_duty, edges, lambda at, n: n + more if _adds(window, at, n) else n)


def _adds(window: Window, at: float, persons: int) -> bool:
    return persons > 0 if window.is_day else window.holds(at)


def _lowered(group: AgentGroup, fewer: int) -> Steps:
    kept = 1 - fewer / _peak(group)
    return _changed(group.on_duty, (), lambda _, n: max(min(n, 1), round(n * kept)))


def _changed(steps: Steps, edges: Iterable[float], persons: Callable[[float, int], int]) -> Steps:
    """The same steps and more of them, with other numbers of persons; a step that changes nothing is left out."""
    at: list[float] = []
    numbers: list[int] = []
    for clock in sorted({*steps.at, *edges}):
        n = persons(clock, _on_duty(steps, clock))
        if n != (numbers[-1] if numbers else 0):
            at.append(clock)
            numbers.append(n)
    return Steps.model_construct(at=tuple(at), persons=tuple(numbers))


def _on_duty(steps: Steps, clock_s: float) -> int:
    return next((n for at, n in zip(reversed(steps.at), reversed(steps.persons), strict=True) if at <= clock_s), 0)


def _hours(scenario: Scenario, steps: Steps) -> float:
    """Person-hours on duty in a day."""
    ((start, end),) = whole_day(scenario).spans
    edges = sorted({start, end, *(at for at in steps.at if start < at < end)})
    return sum(_on_duty(steps, a) * (b - a) for a, b in pairwise(edges)) / 3600


def _spelled(steps: Steps, day_start: float) -> str:
    if steps.at == (day_start,):
        return str(steps.persons[0])
    each = (f'"{spell_clock(at)}": {n}' for at, n in zip(steps.at, steps.persons, strict=True))
    return f"{{{', '.join(each)}}}"
