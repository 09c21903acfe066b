"""Control variates: what is random in a day, moves its measures, and whose mean is known exactly.

A day may be busier than usual by its day factor f, of mean 1 and variance cv^2, and agents may be offered more or less
work than the day factor alone says. Both are known before the day is played, and so are the means of f, of f^2 and of
the work. How far the days of a forecast lie from those means explains part of how far their measures lie from what
they are on average, and that part is taken off: see ``estimates``.
"""

from __future__ import annotations

from crestline.scenario import Scenario
from crestline.tables import Workload
from crestline.workload import Span
from crestline.workload import day_factor as factor_of_day
from crestline.workload.arrivals import expected_arrivals


def controls(
    scenario: Scenario, seed: int, span: Span, replication: int, work_s: float, *, day_factor: bool = True
) -> tuple[float, ...]:
    """How far a replication is from the average one: f and f^2 where days differ, and the work; each of mean 0.

    ``work_s`` is what its customers offer: ``offered_work_s`` of all its chunks.
    """
    cv = scenario.demand.day_factor_cv if day_factor else 0.0
    factor = factor_of_day(scenario, seed, replication) if cv > 0 else 1.0
    of_demand = (factor - 1, factor**2 - 1 - cv**2) if cv > 0 else ()
    expected = expected_work_s(scenario, span)
    return (*of_demand, work_s / expected - factor) if expected > 0 else of_demand


def offered_work_s(workload: Workload, span: Span) -> float:
    """Handle time of the first contacts due in the span that triage does not resolve."""
    offered = (workload.attempt == 0) & ~workload.resolves
    if span.horizon_s > span.end_s:  # some may be due later
        offered[workload.first_rows[workload.first_planned_s >= span.end_s]] = False
    return float(workload.handle_s[offered].sum())


def expected_work_s(scenario: Scenario, span: Span) -> float:
    """Its mean on a day of factor 1; on a day of factor f it is f times that."""
    each = 0.0
    for kind in scenario.contacts.values():
        resolved = kind.bot_resolves if scenario.triage and kind.bot == "triage" else 0.0
        each += kind.share * (1 - resolved) * kind.handle_time.mean_s
    return expected_arrivals(scenario, span) * each
