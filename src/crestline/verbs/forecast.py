"""``crestline forecast``: play the scenario's day many times, and say what one day may be like."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crestline import report, runs, verdict
from crestline.bottleneck import bottlenecks
from crestline.measures import Recovery, Value
from crestline.measures.curves import SHARES
from crestline.measures.recovery import MISSED
from crestline.remedies import find_remedies
from crestline.replicate import Day, Played, buckets, estimate, play_day, replicate
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.tables import Outcomes, Timeline
from crestline.verbs.account import Header, Worlds, account
from crestline.workload import Span, timeline
from crestline.workload import day as whole_day

REPLICATIONS = 20
DEFAULT_SEED = 20261122


class Replays(Sequence[Outcomes]):
    """The outcomes of every replication, played again when asked for."""

    def __init__(self, scenario: Scenario, seed: int, span: Span, count: int) -> None:
        self._scenario, self._seed, self._span, self._count = scenario, seed, span, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(self._count))]
        if not -self._count <= number < self._count:
            raise IndexError(number)
        return self.play(number % self._count).outcomes

    def play(self, number: int) -> Played:
        """One replication with its pools and timeline."""
        return play_day(self._scenario, self._seed, self._span, number)


@dataclass(frozen=True)
class Forecast:
    """What many days were like: estimates by measure, the days themselves, and the account as ``run.json`` has it."""

    measures: dict[str, Value]
    outcomes: Replays
    days: tuple[Day, ...]
    run: dict[str, Any]

    @property
    def verdict(self) -> str:
        """``met``, ``missed`` or ``inconclusive``."""
        return str(self.run["verdict"])


def forecast(
    scenario: Scenario,
    *,
    replications: int = REPLICATIONS,
    seed: int = DEFAULT_SEED,
    engine: str = "simpy",
    level: float = 1.0,
    executor: Executor | None = None,
    command: str = "",
    progress: Callable[[int], None] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Forecast:
    """Forecast a scenario's whole day, ``replications`` times, with ``level`` times its demand.

    Every replication has customers and a day factor of its own; equal seeds give equal forecasts. Days are played in
    this process, or in an ``executor`` such as ``replicate.processes()`` (a process per core).
    """
    span = whole_day(scenario, level)
    days = replicate(scenario, seed, span, replications, engine=engine, executor=executor, progress=progress)
    values = estimate(days, scenario.objectives)
    judged = verdict.judge_forecast(scenario.objectives, values, faults=bool(scenario.faults))
    missed = [o for o, row in zip(scenario.objectives, judged, strict=True) if row.result == MISSED]
    remedies = find_remedies(scenario, seed, span, missed, executor=executor, progress=say)
    rows = mean_rows([day.intervals for day in days])
    run = account(
        Header("forecast", seed, command or again(scenario, seed, replications, level), "", level, replications),
        scenario,
        timeline(scenario, span),
        Worlds(forecast=values),
        judged,
        verdict.conclude(judged),
        mean_recoveries(days),
        intervals=rows,
        findings=[*verdict.findings(scenario.objectives, judged), *(bottlenecks(rows) if missed else ())],
        remedies=remedies,
    )
    return Forecast(values, Replays(scenario, seed, span, replications), tuple(days), run)


def write(made: Forecast, scenario: Scenario, out: Path) -> Path:
    """Leave the forecast in a run folder of its own, with its report; the first replication stands for the rows."""
    folder = runs.create(out, scenario)
    first = made.outcomes.play(0)
    folder.write_table("same_rows", first.outcomes)
    folder.write_table("same_pools", first.pools)
    write_days(folder, scenario, first.timeline, made.days)
    folder.write_run(made.run)
    report.write(folder)
    return folder.path


def write_days(folder: RunFolder, scenario: Scenario, line: Timeline, days: Sequence[Day]) -> None:
    """Leave what figures need of the forecast days in a run folder."""
    np.savez_compressed(
        folder.path / "forecast.npz",
        shares=SHARES,
        frt_curve=np.array([day.frt_curve for day in days]),
        bucket_s=buckets(scenario, line),
        backlog=np.array([day.backlog for day in days]),
    )


def again(scenario: Scenario, seed: int, replications: int, level: float) -> str:
    """The command that gives the same forecast again."""
    words = ["crestline", "forecast", scenario.name, "--seed", str(seed), "--replications", str(replications)]
    return shlex.join([*words, *(["--level", f"{level:.0%}"] if level != 1 else [])])


def mean_recoveries(days: Sequence[Day]) -> list[Recovery]:
    """Every fault with the mean of its times over the days; the result is that of most days."""
    made = []
    for same in zip(*(day.recoveries for day in days), strict=True):
        times = ("detected_s", "technical_recovery_s", "operational_recovery_s")
        means = {name: _mean_of_most([getattr(r, name) for r in same]) for name in times}
        results = [r.result for r in same]
        usual = max(set(results), key=results.count)
        why = f"{usual} on {results.count(usual)} of {len(results)} days"
        first = same[0]
        made.append(
            Recovery(
                kind=first.kind,
                planned_s=first.planned_s,
                effective_s=first.effective_s,
                healed_s=first.healed_s,
                over=2 * sum(r.over for r in same) > len(same),
                result=usual,
                why=why,
                resolution_s=first.resolution_s,
                rto_s=first.rto_s,
                **means,
            )
        )
    return made


def mean_rows(days: Sequence[Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Interval by interval the mean of every number over the days; words stay as they are."""
    return [
        {key: value if isinstance(value, str) else _mean([row[key] for row in same]) for key, value in same[0].items()}
        for same in zip(*days, strict=True)
    ]


def _mean_of_most(values: Sequence[float | None]) -> float | None:
    """The mean, or None where most days have none."""
    return None if 2 * values.count(None) > len(values) else _mean(values)


def _mean(values: Sequence[float | None]) -> float | None:
    seen = [value for value in values if value is not None]
    return sum(seen) / len(seen) if seen else None
