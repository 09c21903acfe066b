"""What happened after a fault, and when: detected, standby called and there, the stricken part back, queues back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from crestline.report import words
from crestline.report.record import Record
from crestline.scenario import Standby
from crestline.tables import Pools


class Milestone(NamedTuple):
    """One event after a fault."""

    name: str
    after_s: float  # since the fault took effect


def milestones(record: Record, fault: Mapping[str, Any]) -> list[Milestone]:
    """Everything that is known to have happened after a fault took effect, in order of time."""
    effective = fault.get("effective_s")
    if effective is None:
        return []
    found = [Milestone("detected", fault["detected_s"] - effective)] if fault.get("detected_s") is not None else []
    if fault.get("detected_by_target_s") is not None:
        found.append(Milestone("target's alarm", fault["detected_by_target_s"] - effective))
    technical, operational = fault.get("technical_recovery_s"), fault.get("operational_recovery_s")
    if technical:
        found.append(Milestone(words.BACK.get(fault["kind"], "healed"), technical))
    if operational is not None and fault.get("detected_s") is not None:
        found.append(Milestone("given up" if fault.get("over") else "queues back", operational))
    end = effective + max([operational or 0.0, *(m.after_s for m in found)])
    found += _alerts(record, effective, end)
    found += _standby(record, effective, end)
    return sorted(found, key=lambda m: m.after_s)


def _alerts(record: Record, effective: float, until: float) -> list[Milestone]:
    """When each level of alert was first raised after the fault."""
    rows = [row for row in record.run.get("alerts") or () if row["world"] == "measured"]
    after = [(row["level"], row["at_s"] - effective) for row in rows if effective <= row["at_s"] <= until]
    return [Milestone(f"alert {level}", at) for level, at in dict(reversed(after)).items()]


def _standby(record: Record, effective: float, until: float) -> list[Milestone]:
    """When standby agents came after the fault; called when they must have been, if that was after it as well."""
    standby = record.scenario.standby if record.scenario else None
    if record.main is None or standby is None:
        return []
    came = standby_came(record.main.pools, standby, effective, until)
    if came is None:
        return []
    called, there = came
    found = [Milestone("standby called", called)] if called is not None else []
    return [*found, Milestone("standby there", there)]


def standby_came(pools: Pools, standby: Standby, effective: float, until: float) -> tuple[float | None, float] | None:
    """When standby was called and there first after an instant; None where it did not come, or was called before."""
    pool = pools.of("standby")
    if not len(pool):
        return None
    before = np.concatenate(([0], pool.ready[:-1]))
    came = pool.time_s[(pool.ready > before) & (pool.time_s >= effective) & (pool.time_s <= until)]
    if not len(came):
        return None
    there = float(came[0]) - effective
    called = there - standby.call_in
    return (called if called >= 0 else None), there
