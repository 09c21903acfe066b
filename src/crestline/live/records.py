"""A live run's files, read back as tables: the one place where real time becomes scenario seconds.

It needs neither Locust nor gevent, and works on the folder of a run that is still on, or was killed: a last line
that is not whole is left out.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from crestline.live import ledger
from crestline.live.marks import traceparent
from crestline.live.plan import PLAN, Plan
from crestline.live.pools import Move, sizes, staff, table, waits
from crestline.measures import Probe
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
    verified: str = ""  # how it was seen to take effect
    undone: str = ""  # how it was seen to be over


class AlertSeen(NamedTuple):
    """One alert as it was raised while the run played, in scenario seconds; NaN: still raised as the run broke off."""

    level: int
    at_s: float  # the control tick that raised it
    told_s: float  # when it was known
    over_s: float  # the control tick on which it was over
    value: float  # as it was raised
    text: str


class Sizes(NamedTuple):
    """What the probe saw of one pool of the target; members, slots and contacts."""

    time_s: Floats
    planned: Floats
    ready: Floats
    slots: Floats
    busy: Floats
    waiting: Floats


class Made(NamedTuple):
    """What a run has opened at the target: its ids there, and how many more of which no id came back."""

    ids: tuple[str, ...]
    unanswered: int


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
        contacts, groups, traces = (
            tuple(self.scenario.contacts),
            tuple(self.scenario.agents),
            self._traces(columns["row"]),
        )
        return Outcomes(**columns, contacts=contacts, groups=groups, traceparent=traces)

    def made_at_target(self) -> Made:
        """The conversations of the run, by the ids that the target gave them."""
        ids = [(line.get("id") or "", line["outcome"]) for line in self._contacts()]
        unanswered = sum(not name and outcome == Outcome.FAILED for name, outcome in ids)
        return Made(tuple(name for name, _ in ids if name), unanswered)

    def _traces(self, rows: NDArray[Any]) -> NDArray[np.bytes_] | None:
        """What the requests of every contact carried; None where nobody knows what the run was called."""
        if not (self.folder / PLAN).exists():
            return None
        run = Plan.read(self.folder).run
        return np.array([traceparent(run, row) for row in rows.tolist()], dtype=np.bytes_)

    def pools(self) -> Pools:
        """Who was ready and busy when, and who waited; triage as the probe saw it."""
        skills = [int(line["skill"]) for line in sorted(self._contacts(), key=lambda line: line["row"])]
        changes = [*staff(self._moves(), self.timeline), *waits(self.outcomes(), skills, self.scenario, self.timeline)]
        if self.scenario.triage:
            seen = self.sizes("triage")
            changes += sizes("triage", seen.time_s, {"ready": seen.slots, "busy": seen.busy, "waiting": seen.waiting})
        return table(changes, self.scenario)

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

    def alerts(self) -> list[AlertSeen]:
        """Every alert that was raised while the run played, by time."""
        seen: list[AlertSeen] = []
        for line in self._lines(ledger.ALERTS):
            at, told = self.seconds((line["at"], line["told"])).tolist()
            if line["state"] == "raised":
                seen.append(AlertSeen(line["level"], at, told, np.nan, line["value"], line["text"]))
            else:
                last = max(i for i, alert in enumerate(seen) if alert.level == line["level"])
                seen[last] = seen[last]._replace(over_s=at)
        return seen

    def alarms(self) -> list[float]:
        """When the target raised an alarm of its own, in order."""
        return sorted(self.seconds(line["at"] for line in self._lines(ledger.ALARMS)).tolist())

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

    def load(self) -> dict[str, Any] | None:
        """The figures of the load; None when the run has not come to its end."""
        path = self.folder / ledger.LOAD
        try:
            figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return figures

    def _moves(self) -> list[Move]:
        """What the slots did, in order of time."""
        rows = sorted(self._rows(ledger.SLOTS), key=lambda row: float(row["at"]))
        instants = self.seconds(float(row["at"]) for row in rows).tolist()
        return [
            Move(at, row["group"], row["slot"], row["what"], int(row["slots"]))
            for at, row in zip(instants, rows, strict=True)
        ]

    def _contacts(self) -> Iterator[dict[str, Any]]:
        """Contacts that have ended, and those that were under way when last asked."""
        ended = list(self._lines(ledger.CONTACTS))
        rows = {line["row"] for line in ended}
        yield from ended
        yield from (line for line in self._lines(ledger.UNDER_WAY) if line["row"] not in rows)

    def _fault(self, line: dict[str, Any]) -> FaultSeen:
        planned, effective, healed = self.seconds(map(line.get, ("planned", "effective", "healed"))).tolist()
        told = (line.get(name) or "" for name in ("error", "verified", "undone"))
        return FaultSeen(line["index"], line["kind"], planned, effective, healed, *told)

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
