"""What a report is made of: everything that a run folder holds, read once."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from crestline.errors import ScenarioError
from crestline.runs import SCENARIO, RunFolder, Table
from crestline.scenario import Scenario
from crestline.tables import Floats, Outcomes, Pools, Timeline
from crestline.units import format_clock
from crestline.workload.timelines import DRAIN_S

_UNREADABLE = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError)


class World(NamedTuple):
    """One execution: what became of the contacts, and who was ready and busy when."""

    name: str
    outcomes: Outcomes
    pools: Pools


class Days(NamedTuple):
    """Curves of the simulated days of a forecast, one row a day."""

    shares: Floats
    frt_curve: Floats
    bucket_s: Floats
    backlog: Floats


@dataclass(frozen=True)
class Record:
    """A run folder, read. What the folder lacks is None, and what could not be read is noted."""

    folder: RunFolder
    run: dict[str, Any]
    scenario: Scenario | None
    measured: World | None
    same_rows: World | None
    days: Days | None
    unreadable: tuple[str, ...] = ()

    @property
    def main(self) -> World | None:
        """The execution that the report is about: what was measured, else one simulated day."""
        return self.measured or self.same_rows

    @property
    def window(self) -> tuple[float, float] | None:
        """From when to when contacts count, as instants; None where nothing says so.

        Of a load that climbs it is the step that the run's measures are about: the last one that is asked to hold.
        """
        span = self.run.get("span") or {}
        steps = [step for step in self.run.get("steps") or () if step["asked"]]
        if steps and "last_level_held" in self.run:
            span = steps[-1]
        if span.get("measured_from_s") is None or span.get("end_s") is None:
            return None
        return float(span["measured_from_s"]), float(span["end_s"])

    @property
    def currency(self) -> str:
        """The currency of costs."""
        return str(self.run.get("currency") or "")

    @property
    def day_start(self) -> float:
        """The clock at instant 0, in seconds since midnight."""
        return float(self.run.get("day_start") or 0.0)

    def clock(self, instant_s: float) -> str:
        """The clock time of an instant."""
        return format_clock(self.day_start + instant_s)

    @property
    def timeline(self) -> Timeline | None:
        """When the play started, was measured and stopped; shifts and faults are read off the tables."""
        span = self.run.get("span") or {}
        names = ("start_s", "measured_from_s", "end_s", "stop_s")
        if any(span.get(name) is None for name in names):
            return None
        start, measured_from, end, stop = (float(span[name]) for name in names)
        return Timeline(start, measured_from, end, stop, DRAIN_S, staffing=(), faults=())

    def in_scope(self, outcomes: Outcomes) -> Outcomes:
        """The contacts that the measures cover."""
        if self.window is None:
            return outcomes
        first, last = self.window
        return outcomes.take((outcomes.planned_s >= first) & (outcomes.planned_s < last))


def read(folder: RunFolder) -> Record:
    """Read a run folder; only ``run.json`` has to be there."""
    run, unreadable = folder.read_run(), list[str]()
    return Record(
        folder=folder,
        run=run,
        scenario=_scenario(folder, unreadable),
        measured=_world(folder, ("measured", "outcomes", "pools"), unreadable),
        same_rows=_world(folder, ("same_rows", "same_rows", "same_pools"), unreadable),
        days=_days(folder, unreadable),
        unreadable=tuple(unreadable),
    )


def _scenario(folder: RunFolder, unreadable: list[str]) -> Scenario | None:
    if not folder.has(SCENARIO):
        return None
    try:
        return folder.scenario()
    except (ScenarioError, OSError):
        unreadable.append(SCENARIO)
        return None


def _world(folder: RunFolder, names: tuple[str, str, str], unreadable: list[str]) -> World | None:
    world, outcomes, pools = names
    found = _table(folder, outcomes, Outcomes, unreadable)
    if found is None:
        return None
    return World(world, found, _table(folder, pools, Pools, unreadable) or _no_pools())


def _table(folder: RunFolder, name: str, kind: type[Table], unreadable: list[str]) -> Table | None:
    if not _is_there(folder, f"{name}.npz", unreadable):
        return None
    try:
        return folder.read_table(name, kind)
    except _UNREADABLE:
        unreadable.append(f"{name}.npz")
        return None


def _is_there(folder: RunFolder, name: str, unreadable: list[str]) -> bool:
    """Whether a file of arrays is there and whole; one that was cut off in writing is noted."""
    if not folder.has(name):
        return False
    if not zipfile.is_zipfile(folder.path / name):
        unreadable.append(name)
        return False
    return True


def _no_pools() -> Pools:
    none = np.zeros(0, np.int64)
    return Pools(none.astype(np.float64), none, none, none, none)


def _days(folder: RunFolder, unreadable: list[str]) -> Days | None:
    if not _is_there(folder, "forecast.npz", unreadable):
        return None
    try:
        with np.load(folder.path / "forecast.npz") as stored:
            days = Days(*(np.asarray(stored[name], np.float64) for name in Days._fields))
    except _UNREADABLE:
        unreadable.append("forecast.npz")
        return None
    return days if len(days.frt_curve) else None
