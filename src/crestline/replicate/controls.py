"""Control variates: what is random in a day, moves its measures, and whose mean is known exactly.

A day may be busier than usual by its day factor f, of mean 1 and variance cv^2, and agents may be offered more or less
work than the day factor alone says, over the whole day and within its surges, where it tells most, above all early in
them, since what is left then is there until the end. All this is known before the day is played, and so are the means
of f, of f^2 and of the work. How far the days of a forecast lie from
those means explains part of how far their measures lie from what they are on average, and that part is taken off: see
``estimates``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crestline.scenario import ContactType, Replay, Scenario
from crestline.tables import Workload
from crestline.workload import Span
from crestline.workload import day_factor as factor_of_day
from crestline.workload.arrivals import demand_curve, expected_by_contact

Windows = list[tuple[float, float]]  # from when to when


class Work(NamedTuple):
    """Handle time in seconds that the first contacts of some customers offer to agents."""

    whole_s: float = 0.0
    surges_s: float = 0.0  # of those planned within surges
    early_s: float = 0.0  # of those planned within the first halves of surges

    def plus(self, more: Work) -> Work:
        """That of further customers, too."""
        return Work(*map(sum, zip(self, more, strict=True)))


def controls(
    scenario: Scenario, seed: int, span: Span, replication: int, work: Work, *, day_factor: bool = True
) -> tuple[float, ...]:
    """How far a replication is from the average one, by several quantities of mean 0; those that tell most come first.

    They are f and f^2 where days differ, the work beyond what f says, that within surges where there are any, where
    days differ its product with f - 1 (the busier a day is, the more does further work weigh), and that early in
    surges. ``work`` is what its customers offer: ``offered_work`` of all its chunks.
    """
    cv = scenario.demand.day_factor_cv if day_factor else 0.0
    factor = factor_of_day(scenario, seed, replication) if cv > 0 else 1.0
    expected = expected_work(scenario, span)
    known = [factor - 1, factor**2 - 1 - cv**2] if cv > 0 else []
    if expected.whole_s > 0:
        known.append(work.whole_s / expected.whole_s - factor)
    if expected.surges_s > 0:
        known.append(work.surges_s / expected.surges_s - factor)
        known += [known[-1] * (factor - 1)] if cv > 0 else []
    if expected.early_s > 0:
        known.append(work.early_s / expected.early_s - factor)
    return tuple(known)


def offered_work(scenario: Scenario, workload: Workload, span: Span) -> Work:
    """Handle time of the first contacts due in the span that triage does not resolve."""
    first = workload.first_rows
    planned_s = workload.start_s + np.cumsum(workload.gap_s[first])
    offered_s = workload.handle_s[first] * ~workload.resolves[first]
    upto_s = np.concatenate(([0.0], np.cumsum(offered_s)))

    def within(windows: Windows) -> float:
        first, last = np.searchsorted(planned_s, np.reshape(windows, (-1, 2)).T)
        return float((upto_s[last] - upto_s[first]).sum())

    inside = surges(scenario, span)
    whole_s = upto_s[np.searchsorted(planned_s, span.end_s)]  # some may be due later
    return Work(float(whole_s), within(inside), within(first_halves(inside)))


def expected_work(scenario: Scenario, span: Span) -> Work:
    """Its mean on a day of factor 1; on a day of factor f it is f times that."""
    each_s = {name: _offered_s(scenario, kind) for name, kind in scenario.contacts.items()}
    whole_s = sum(many * each_s[name] for name, many in expected_by_contact(scenario, span).items())
    curve, inside = demand_curve(scenario, span), surges(scenario, span)
    mean_s = sum(kind.share * each_s[name] for name, kind in scenario.contacts.items())
    surges_s, early_s = (sum(curve.between(*w) for w in windows) * mean_s for windows in (inside, first_halves(inside)))
    return Work(whole_s, surges_s, early_s)


def _offered_s(scenario: Scenario, kind: ContactType) -> float:
    """What one contact of a type offers to agents on average."""
    resolved = kind.bot_resolves if scenario.triage and kind.bot == "triage" else 0.0
    return (1 - resolved) * kind.handle_time.mean_s


def surges(scenario: Scenario, span: Span) -> Windows:
    """From when to when demand surges within the span, by time; surges that overlap are one.

    None of a recorded day, where it is not known exactly how many of those who come again do so within a surge.
    """
    if isinstance(scenario.demand.rate, Replay):
        return []
    joined: Windows = []
    for surge in sorted(scenario.demand.surges, key=lambda surge: surge.at):
        start_s = max(scenario.instant(surge.at), span.start_s)
        end_s = min(scenario.instant(surge.at) + surge.for_, span.end_s)
        if joined and start_s <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end_s)
        elif start_s < end_s:
            joined.append((start_s, end_s))
    return joined


def first_halves(windows: Windows) -> Windows:
    """The first half of each."""
    return [(start_s, (start_s + end_s) / 2) for start_s, end_s in windows]
