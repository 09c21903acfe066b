"""The account of a run: everything that ``run.json`` says, put together in one place."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from crestline import __version__
from crestline.engine import COMPILED, default_engine
from crestline.measures import FIXED, Recovery, Value, unit
from crestline.measures.steps import climbs
from crestline.remedies import Remedy, Worth
from crestline.scenario import Scenario
from crestline.steps import Step, last_level_held
from crestline.tables import Timeline
from crestline.verdict import Gate, Judged, Verdict

Values = Mapping[str, Value]
LIBRARIES = ("locust", "simpy", "numpy")
OF_ENGINE = {COMPILED: ("numba",)}  # libraries that only one engine needs


@dataclass(frozen=True)
class Worlds:
    """The measures of a run in every world in which it was played."""

    measured: Values | None = None
    same_rows: Values | None = None
    forecast: Values | None = None


@dataclass(frozen=True)
class Header:
    """What a run is and how to have it again."""

    kind: str
    seed: int
    command: str
    target: str
    level: float
    replications: int
    started_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    engine: str = field(default_factory=default_engine)


@dataclass(frozen=True)
class Live:
    """What only a live run has."""

    load: Mapping[str, Any] | None = None
    gates: Sequence[Gate] = ()
    agreement: Mapping[str, Any] | None = None
    integrity: Mapping[str, Any] | None = None
    not_measured: Mapping[str, str] = field(default_factory=dict)  # what a live run could not see, and why


def account(
    header: Header,
    scenario: Scenario,
    line: Timeline,
    worlds: Worlds,
    judged: Sequence[Judged],
    verdict: Verdict,
    recoveries: Sequence[Recovery],
    *,
    live: Live | None = None,
    intervals: Sequence[Mapping[str, Any]] = (),
    findings: Sequence[str] = (),
    remedies: Sequence[Remedy] = (),
) -> dict[str, Any]:
    """The content of ``run.json``; numbers that are not finite become null."""
    live = live or Live()
    said: dict[str, Any] = {
        "schema": 1,
        "kind": header.kind,
        "name": scenario.name,
        "about": scenario.about,
        "scenario": scenario.name,
        "seed": header.seed,
        "started_at": header.started_at,
        "versions": {"python": platform.python_version(), "crestline": __version__}
        | {name: version(name) for name in (*LIBRARIES, *OF_ENGINE.get(header.engine, ()))},
        "engine": header.engine,
        "machine": f"{platform.system()} {platform.machine()}",
        "command": header.command,
        "target": header.target,
        "level": header.level,
        "replications": header.replications,
        "currency": scenario.currency,
        "day_start": scenario.day.start,
        "span": _span(line, header.level),
        "verdict": verdict.result,
        "exit_code": verdict.exit_code,
        "why": verdict.why,
        "objectives": [_objective(row) for row in judged],
        "measures": _measures(worlds, judged),
        "load": live.load,
        "gates": [asdict(gate) for gate in live.gates],
        "agreement": live.agreement,
        "faults": [asdict(recovery) for recovery in recoveries],
        "integrity": live.integrity,
        "not_measured": dict(live.not_measured),
        "intervals": list(intervals),
        "findings": list(findings),
        "next": [_step(one) for one in remedies],
    }
    finite: dict[str, Any] = finite_only(said)
    return finite


def account_of_steps(steps: Sequence[Step], scenario: Scenario) -> dict[str, Any]:
    """What ``run.json`` says beside it of a window that is judged in parts; nothing of any other."""
    if not steps:
        return {}
    held = {"last_level_held": last_level_held(steps)} if climbs([step.part for step in steps]) else {}
    said: dict[str, Any] = finite_only(held | {"steps": [_in_part(step, scenario) for step in steps]})
    return said


def _in_part(step: Step, scenario: Scenario) -> dict[str, Any]:
    return step.part._asdict() | {
        "start": scenario.clock(step.part.start_s),
        "end": scenario.clock(step.part.end_s),
        "objectives": [_objective(row) for row in step.judged],
        "result": step.result,
    }


def account_of_worth(worths: Sequence[Worth]) -> dict[str, Any]:
    """What ``run.json`` says beside it of mitigations: what a day would lose without each."""
    said = [
        {
            "name": one.mitigation.name,
            "about": one.mitigation.about,
            "recovery_s": _plain(one.recovery_s),
            "customers": _plain(one.customers),
            "cost": _plain(one.cost),
            "lost_cost": _plain(one.lost_cost),
            "net": _plain(one.net),
            "over": one.over,
        }
        for one in worths
    ]
    made: dict[str, Any] = finite_only({"mitigations": said})
    return made


def finite_only(content: Any) -> Any:
    """The same content with null for every number that is not finite, as JSON wants it."""
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, Mapping):
        return {key: finite_only(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [finite_only(value) for value in content]
    return content


def _span(line: Timeline, level: float) -> dict[str, float]:
    return {
        "start_s": line.start_s,
        "measured_from_s": line.measured_from_s,
        "end_s": line.end_s,
        "stop_s": line.stop_s,
        "level": level,
    }


def _objective(row: Judged) -> dict[str, Any]:
    worlds = {world: _plain(getattr(row, world)) for world in ("measured", "same_rows", "forecast")}
    return asdict(row) | worlds


def _measures(worlds: Worlds, judged: Sequence[Judged]) -> dict[str, Any]:
    keys = [*FIXED, *(row.measure for row in judged if row.measure not in FIXED)]
    named = {"measured": worlds.measured, "same_rows": worlds.same_rows, "forecast": worlds.forecast}
    return {
        key: {world: _plain(values.get(key)) if values else None for world, values in named.items()}
        | {"unit": unit(key)}
        for key in keys
    }


def _plain(value: Value | None) -> dict[str, Any] | None:
    return None if value is None or value.value is None else value.plain()


def _step(one: Remedy) -> dict[str, Any]:
    return {
        "change": one.change.words,
        "set": one.change.sets[0] if len(one.change.sets) == 1 else list(one.change.sets),
        "measure": one.key,
        "forecast": _plain(one.forecast),
        "limit": one.limit,
        "passes": one.passes,
        "cost": one.cost,
        "effect": _plain(one.effect),
    }
