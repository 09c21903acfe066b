"""All measures of one run: what its contacts tell, and what its pools add.

Measures cover the contacts planned from the ramp's end to the window's end, recontacts included.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crestline.measures import keys
from crestline.measures.capacity import Staff
from crestline.measures.contacts import Contacts
from crestline.measures.recovery import Recovery, worst
from crestline.measures.tally import Parts, Tally
from crestline.measures.values import NOTHING, Value
from crestline.scenario import Objective, Scenario
from crestline.tables import Outcomes, Pools, Timeline


def measure(
    outcomes: Outcomes,
    pools: Pools,
    scenario: Scenario,
    timeline: Timeline,
    *,
    intervals: bool = True,
    recoveries: Sequence[Recovery] = (),
    request_errors: int | None = None,
    resolution_s: float = 0.0,
) -> dict[str, Value]:
    """Every measure of the fixed list, and every one that an objective asks for, by key.

    ``recoveries`` is what ``recover`` found, ``request_errors`` how many requests failed and were tried again (live
    runs). A wait up to ``resolution_s`` counts as none: 0 in simulation, what the wire costs in a live run.
    """
    tally = Tally(scenario, timeline, resolution_s=resolution_s)
    staff = Staff(scenario, tally.edges_s)
    tally.add(Contacts.of(outcomes, timeline))
    staff.add(pools)
    made = summary(tally, staff, scenario, recoveries=recoveries, intervals=intervals)
    if request_errors is not None:
        made["request_errors"] = Value(float(request_errors))
    return made


def summary(
    tally: Tally,
    staff: Staff,
    scenario: Scenario,
    *,
    recoveries: Sequence[Recovery] = (),
    intervals: bool = False,
) -> dict[str, Value]:
    """The same from the folds."""
    run = _Run(tally, staff, intervals)
    whole = {name: run.whole(name) for name in keys.FIXED} | {"recovery_s": worst(recoveries)}
    return whole | {o.key: whole[o.key] if o.key in whole else run.asked(o) for o in scenario.objectives}


class _Run:
    """One run, measured as a whole, for some of its contacts, or interval by interval."""

    def __init__(self, tally: Tally, staff: Staff, intervals: bool) -> None:
        self._tally, self._staff, self._intervals = tally, staff, intervals

    def whole(self, name: str) -> Value:
        """A measure of the whole run."""
        return self._values(name, self._tally.whole(), each_interval=False)[0]

    def asked(self, objective: Objective) -> Value:
        """The measure that an objective is about; of intervals the worst, where there were contacts."""
        key = keys.split(objective.key)
        if not key.each_interval:
            return self._values(key.name, self._tally.whole(key.subject), each_interval=False)[0]
        values = self._values(key.name, self._tally.intervals(key.subject), each_interval=True)
        return _worst_of([v for v in values if v.value is not None], at_least=objective.at_least)

    def _values(self, name: str, parts: Parts, *, each_interval: bool) -> list[Value]:
        values = parts.values(name, intervals=self._intervals)
        if values is not None:
            return values
        if name == "occupancy":
            return self._staff.occupancy(each_interval=each_interval)
        resolved = parts.counts("resolved")
        if name == "throughput_per_h":
            edges = self._tally.edges_s
            lengths = np.diff(edges if each_interval else edges[[0, -1]]).tolist()
            return [Value(n / length * 3600) for n, length in zip(resolved, lengths, strict=True)]
        costs = self._staff.costs(each_interval=each_interval) if name == "cost_per_contact" else None
        if costs is None:
            return [NOTHING] * len(resolved)
        return [Value(cost / n) if n else NOTHING for cost, n in zip(costs, resolved, strict=True)]


def _worst_of(values: list[Value], *, at_least: bool) -> Value:
    if at_least:
        return min(values, key=lambda v: v.value or 0.0, default=NOTHING)
    return max(values, key=lambda v: (v.over, v.value or 0.0), default=NOTHING)
