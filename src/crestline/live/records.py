"""A live run's files, read back as tables: the one place where real time becomes scenario seconds.

It needs neither Locust nor gevent, and works on the folder of a run that is still on, or was killed: a last line
that is not whole is left out.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from crestline.live import ledger
from crestline.scenario import Scenario
from crestline.tables import OUTCOME_COLUMNS, Floats, Outcome, Outcomes, Pools, Timeline

INSTANTS = ("planned", "sent", "bot_reply", "queued", "claimed", "served", "passed", "ended")


@dataclass(frozen=True)
class FaultSeen:
    """One fault of the timeline as it was seen, in scenario seconds; NaN: not seen."""

    index: int
    kind: str
    planned_s: float
    effective_s: float
    healed_s: float
    error: str = ""


class Probe(NamedTuple):
    """What the probe saw, a row a look: when (scenario seconds), whether it was answered, how long it took (real)."""

    time_s: Floats
    ok: NDArray[np.bool_]
    service_real_s: Floats
    pools_whole: NDArray[np.bool_]  # every pool had as many members ready as it ought to have


class Sizes(NamedTuple):
    """What the probe saw of one pool of the target; members, slots and contacts."""

    time_s: Floats
    planned: Floats
    ready: Floats
    slots: Floats
    busy: Floats
    waiting: Floats


@dataclass(frozen=True)
class Records:
    """The files of one live run."""

    folder: Path
    scenario: Scenario
    timeline: Timeline

    def seconds(self, real: Iterable[float | None]) -> Floats:
        """Real seconds since zero as scenario seconds since ``day.start``; None as NaN."""
        since = np.array([np.nan if r is None else r for r in real], dtype=np.float64)
        return self.timeline.start_s + since * self.scenario.load_test.time_scale

    def outcomes(self) -> Outcomes:
        """What became of every contact, by row."""
        lines = sorted(self._contacts(), key=lambda line: line["row"])
        columns: dict[str, NDArray[Any]] = {}
        for name, column in OUTCOME_COLUMNS.items():
            short = name.removesuffix("_s")
            if short in INSTANTS:
                columns[name] = self.seconds(line[short] for line in lines)
            else:
                columns[name] = np.array([line[name] for line in lines], dtype=column.dtype)
        return Outcomes(**columns, contacts=tuple(self.scenario.contacts), groups=tuple(self.scenario.agents))

    def pools(self) -> Pools:
        """Who was ready and busy when, and who waited; triage as the probe saw it."""
        names = (*self.scenario.agents, *(["triage"] if self.scenario.triage else []))
        names += ("standby",) if self.scenario.standby else ()
        changes = [*self._staff(), *self._waits(), *self._triage()]
        changes.sort(key=lambda change: change.time_s)
        now = {name: {"ready": 0, "busy": 0, "waiting": 0} for name in names}
        rows = []
        for change in changes:
            pool = now[change.pool]
            pool[change.what] = change.number if change.is_level else pool[change.what] + change.number
            rows.append((change.time_s, names.index(change.pool), pool["ready"], pool["busy"], pool["waiting"]))
        table = np.array(rows, dtype=np.float64).reshape(-1, 5)
        pool_index, ready, busy, waiting = table[:, 1:].T.astype(np.int64)
        return Pools(table[:, 0], pool_index, ready, busy, waiting, names)

    def faults_seen(self) -> list[tuple[float, float] | None]:
        """For each fault of the scenario when it was effective and healed; None where it was not seen to strike."""
        seen: list[tuple[float, float] | None] = [None] * len(self.scenario.faults)
        for fault in self.faults():
            if np.isfinite(fault.effective_s):
                lasts = self.scenario.faults[fault.index].for_
                healed = fault.healed_s if np.isfinite(fault.healed_s) else fault.effective_s + lasts
                seen[fault.index] = (fault.effective_s, healed)
        return seen

    def faults(self) -> list[FaultSeen]:
        """Every fault of the timeline, by its index there."""
        last = {line["index"]: line for line in self._lines(ledger.FAULTS)}
        return [self._fault(last[index]) for index in sorted(last)]

    def probe(self) -> Probe:
        """What the probe saw of the target as a whole."""
        looks: dict[float, tuple[bool, float, bool]] = {}
        for row in self._rows(ledger.PROBE):
            _, _, whole = looks.get(float(row["at"]), (True, 0.0, True))
            ok = row["ok"] == "1"
            is_whole = ok and whole and int(row["ready"]) >= int(row["planned"])
            looks[float(row["at"])] = (ok, float(row["service"]), is_whole)
        seen = sorted(looks.items())
        columns = list(zip(*(look for _, look in seen), strict=True)) or [(), (), ()]
        ok_column, service, pools_whole = columns
        return Probe(
            self.seconds(at for at, _ in seen),
            np.array(ok_column, dtype=np.bool_),
            np.array(service, dtype=np.float64),
            np.array(pools_whole, dtype=np.bool_),
        )

    def sizes(self, pool: str) -> Sizes:
        """What the probe saw of one pool of the target."""
        rows = sorted((r for r in self._rows(ledger.PROBE) if r["pool"] == pool), key=lambda r: float(r["at"]))
        columns = [np.array([float(r[name]) for r in rows]) for name in ledger.PROBE_COLUMNS[4:]]
        return Sizes(self.seconds(float(r["at"]) for r in rows), *columns)

    def progress(self) -> dict[str, Any] | None:
        """The latest line of progress, with instants and times in scenario seconds."""
        lines = list(self._lines(ledger.PROGRESS))
        if not lines:
            return None
        line = lines[-1]
        scale = self.scenario.load_test.time_scale
        at, frt = line.pop("at"), line.pop("frt_p90")
        return line | {"at_s": float(self.seconds([at])[0]), "frt_p90_s": None if frt is None else frt * scale}

    def load(self) -> dict[str, Any] | None:
        """The figures of the load; None when the run has not come to its end."""
        path = self.folder / ledger.LOAD
        try:
            figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return figures

    def _contacts(self) -> Iterator[dict[str, Any]]:
        """Contacts that have ended, and those that were under way when last asked."""
        ended = list(self._lines(ledger.CONTACTS))
        rows = {line["row"] for line in ended}
        yield from ended
        yield from (line for line in self._lines(ledger.UNDER_WAY) if line["row"] not in rows)

    def _fault(self, line: dict[str, Any]) -> FaultSeen:
        planned, effective, healed = self.seconds(map(line.get, ("planned", "effective", "healed"))).tolist()
        return FaultSeen(line["index"], line["kind"], planned, effective, healed, line.get("error", ""))

    def _staff(self) -> Iterator[_Change]:
        """Slots: ready are those logged in, up to as many as the group is to have; busy from claim to done."""
        wanted: dict[str, int] = {s.group: s.slots[0] for s in self.timeline.staffing}
        present: dict[str, int] = dict.fromkeys(wanted, 0)
        busy: set[str] = set()
        rows = sorted(self._rows(ledger.SLOTS), key=lambda row: float(row["at"]))
        for row, time_s in zip(rows, self.seconds(float(row["at"]) for row in rows).tolist(), strict=True):
            at = max(time_s, self.timeline.start_s)
            group, what = row["group"], row["what"]
            if what == "standby":
                yield _Change(at, "standby", "ready", int(row["slots"]), is_level=True)
            elif what == "claim":
                busy.add(row["slot"])
                yield _Change(at, group, "busy", 1)
            elif row["slot"] in busy:
                busy.remove(row["slot"])
                yield _Change(at, group, "busy", -1)
            if what in ("login", "logout", "step"):
                wanted[group] = int(row["slots"]) if what == "step" else wanted[group]
                present[group] += {"login": 1, "logout": -1, "step": 0}[what]
                yield _Change(at, group, "ready", min(present[group], wanted[group]), is_level=True)

    def _waits(self) -> Iterator[_Change]:
        """Contacts in a queue count as waiting for the group that has the skill earliest in its list."""
        end = self.timeline.stop_s + self.timeline.drain_s
        homes = [_home(self.scenario, skill) for skill in self.scenario.contacts]
        for line in self._contacts():
            queued, claimed, passed, served, ended = self.seconds(
                line[name] for name in ("queued", "claimed", "passed", "served", "ended")
            ).tolist()
            if queued == queued:
                yield from _stay(homes[line["skill"]], queued, _first(claimed, ended, end))
            if passed == passed:
                yield from _stay(homes[line["contact"]], passed, _first(served, ended, end))

    def _triage(self) -> Iterator[_Change]:
        seen = self.sizes("triage") if self.scenario.triage else None
        if seen is None:
            return
        for name, column in (("ready", seen.slots), ("busy", seen.busy), ("waiting", seen.waiting)):
            before = -1
            for time_s, number in zip(seen.time_s.tolist(), column.astype(int).tolist(), strict=True):
                if number != before:
                    yield _Change(time_s, "triage", name, number, is_level=True)
                before = number

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        for text in self._whole_lines(name):
            yield json.loads(text)

    def _rows(self, name: str) -> Iterator[dict[str, str]]:
        return csv.DictReader(self._whole_lines(name))

    def _whole_lines(self, name: str) -> Iterator[str]:
        path = self.folder / name
        if not path.exists():
            return
        with path.open(encoding="utf-8") as file:
            for line in file:
                if line.endswith("\n"):
                    yield line


class _Change(NamedTuple):
    """A pool's ``ready``, ``busy`` or ``waiting`` changes by a number, or to it."""

    time_s: float
    pool: str
    what: str
    number: int
    is_level: bool = False


def _stay(pool: str, since: float, until: float) -> Iterator[_Change]:
    yield _Change(since, pool, "waiting", 1)
    yield _Change(max(since, until), pool, "waiting", -1)


def _first(*instants: float) -> float:
    """The first instant that happened."""
    return next(instant for instant in instants if instant == instant)


def _home(scenario: Scenario, skill: str) -> str:
    serving: Sequence[tuple[int, int, str]] = [
        (group.skills.index(skill), index, name)
        for index, (name, group) in enumerate(scenario.agents.items())
        if skill in group.skills
    ]
    return min(serving)[2]


def count_outcomes(outcomes: Outcomes) -> dict[str, int]:
    """How many contacts ended in each way."""
    return {outcome.word: int((outcomes.outcome == outcome).sum()) for outcome in Outcome}
