"""What a mitigation is worth: the same days without it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from crestline.measures import NOTHING, Value
from crestline.mitigations import Mitigation, mitigations, without
from crestline.remedies.paired import difference
from crestline.replicate import Day, replicate
from crestline.scenario import Scenario
from crestline.workload import Span

HOUR_S = 3600.0
DAYS, CONTACTS = 20, 1_000_000  # that are played again beside a run at most: a second of the compiled engine


@dataclass(frozen=True)
class Worth:
    """What a service would lose without a mitigation, per day as a mean with its 95 % interval.

    ``recovery_s`` is by how much recovery would take longer, ``customers`` how many more contacts would end without
    help, ``cost`` what agents would cost more (less than nothing: what is spent on it). ``lost_cost`` is what lost
    customers would cost more, and ``net`` both together: nothing where the scenario has no price for lost customers.
    """

    mitigation: Mitigation
    recovery_s: Value
    customers: Value
    cost: Value
    lost_cost: Value
    net: Value
    over: bool  # without it, some day would not have recovered by ``recovery.give_up``


def worth(
    scenario: Scenario,
    seed: int,
    span: Span,
    days: Sequence[Day],
    *,
    day_factor: bool = True,
    executor: Executor | None = None,
    progress: Callable[[str], None] = lambda _: None,
    only: Collection[str] | None = None,
) -> list[Worth]:
    """Play the first of the days once more without each mitigation; nothing where so many would take long.

    ``only`` names those that are looked at, where not all are.
    """
    days = days[:DAYS]
    if not days or sum(day.contacts for day in days) > CONTACTS:
        return []
    hours = (span.end_s - span.measured_from_s) / HOUR_S
    found = []
    for one in mitigations(scenario):
        if only is not None and one.name not in only:
            continue
        progress(f"what {one.name} is worth")
        bare = without(scenario, [one.name])
        others = replicate(bare, seed, span, len(days), day_factor=day_factor, executor=executor)
        found.append(_worth(one, days, others, hours))
    return found


def _worth(one: Mitigation, days: Sequence[Day], others: Sequence[Day], hours: float) -> Worth:
    def lost(of: Callable[[Day], Value]) -> Value:
        return difference([of(day) for day in days], [of(day) for day in others])

    recovery = lost(lambda day: day.measures.get("recovery_s", NOTHING))
    over = any(recovery.over for day in others for recovery in day.recoveries)
    return Worth(
        one,
        recovery_s=recovery,
        customers=lost(_without_help),
        cost=lost(lambda day: Value(_cost(day, hours))),
        lost_cost=lost(lambda day: Value(day.lost_cost)),
        net=lost(lambda day: _net(day, hours)),
        over=over,
    )


def _without_help(day: Day) -> Value:
    """Contacts that ended otherwise than resolved."""
    resolved = day.measures["resolution_rate"].value
    return NOTHING if resolved is None else Value(day.contacts * (1.0 - resolved))


def _net(day: Day, hours: float) -> Value:
    """What agents and lost customers cost together."""
    agents = _cost(day, hours)
    return NOTHING if agents is None or day.lost_cost is None else Value(agents + day.lost_cost)


def _cost(day: Day, hours: float) -> float | None:
    """What agents cost in all."""
    each, per_h = (day.measures[key].value for key in ("cost_per_contact", "throughput_per_h"))
    return None if each is None or per_h is None else each * per_h * hours
