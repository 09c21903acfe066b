"""``crestline forecast``: play the scenario's day many times, and say what one day may be like."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from crestline import report, runs, verdict
from crestline.bottleneck import bottlenecks
from crestline.engine import default_engine
from crestline.errors import Interrupted
from crestline.measures import Value
from crestline.measures.curves import SHARES
from crestline.measures.recovery import INCONCLUSIVE, MISSED
from crestline.remedies import AsForecast, Worth, find_remedies, worth
from crestline.remedies.speaking import speaking_sentences
from crestline.replicate import Day, buckets, estimate, played_days
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.tables import Timeline
from crestline.units import spell_share
from crestline.verbs.account import Header, Live, Worlds, account, account_of_worth
from crestline.verbs.alerted import account_of_alerts
from crestline.verbs.enough_days import AT_MOST, REPLICATIONS, Enough, account_of, sentence
from crestline.verbs.means import mean_recoveries, mean_rows
from crestline.verbs.replays import Replays
from crestline.verbs.stopped import Stopped
from crestline.verdict import Gate, Judged, Verdict
from crestline.workload import Span, timeline
from crestline.workload import day as whole_day

FEWEST = 2  # days that say something together
DRAWN = 1_000  # days that figures and intervals are made of; of further ones measures are kept alone
DEFAULT_SEED = 20261122
FINISHED = "run finished"


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


class Step(NamedTuple):
    """How far a forecast is: the share of it that is done, and in words."""

    share: float
    words: str


Show = Callable[[Step], None]
Found = TypeVar("Found")


def forecast(
    scenario: Scenario,
    *,
    replications: int | None = None,
    precision: float | None = None,
    at_most: int = AT_MOST,
    seed: int = DEFAULT_SEED,
    engine: str | None = None,
    level: float = 1.0,
    executor: Executor | None = None,
    command: str = "",
    progress: Show = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> Forecast:
    """Forecast a scenario's whole day, with ``level`` times its demand: 20 days, or ``replications``.

    With a ``precision`` of 0.01 days are played until the 95 % half-width of every objective's measure is 1 % of its
    limit, ``at_most`` so many. Every replication has customers and a day factor of its own; equal seeds give equal
    forecasts. Days are played in threads of this process by the compiled engine, or in an ``executor``.
    """
    engine = engine or default_engine()
    enough = Enough.of(scenario, replications, precision, at_most)
    span = whole_day(scenario, level)
    days, stopped = _play(scenario, seed, span, enough, engine, executor, progress)
    values = estimate(days, scenario.objectives)
    judged = verdict.judge_forecast(scenario.objectives, values, faults=bool(scenario.faults))
    missed = not stopped and any(row.result == MISSED for row in judged)
    gates = [Gate(FINISHED, float(len(days)), float(enough.most), ok=False)] if stopped else []
    rows = mean_rows([day.intervals for day in days[:DRAWN]])
    standard = AsForecast(scenario.objectives, judged, bool(scenario.faults))
    look = partial(find_remedies, scenario, seed, span, days, rows, standard, executor=executor)
    remedies, gave_up = _unless_asked_to_end(lambda: look(progress=say) if missed else [])
    worths: list[Worth] = []
    if not (stopped or gave_up or precision):
        weigh = partial(worth, scenario, seed, span, days, executor=executor, progress=say)
        worths, gave_up = _unless_asked_to_end(weigh)
    run = account(
        Header(
            "forecast", seed, command or again(scenario, seed, level, how_many(replications, precision)), "", level,
            len(days),
            engine=engine,
        ),
        scenario,
        timeline(scenario, span),
        Worlds(forecast=values),
        judged,
        _verdict(judged, stopped, gave_up),
        mean_recoveries(days),
        live=Live(gates=gates),
        intervals=rows,
        findings=[
            *([stopped.why] if stopped else []),
            *([sentence(enough.goal)] if enough.goal and not stopped else []),
            *_oddities(scenario, days),
            *verdict.findings(scenario.objectives, judged),
            *(bottlenecks(rows) if missed else ()),
        ],
        remedies=remedies,
    )  # fmt: skip
    run |= account_of_worth(worths) | account_of_alerts(scenario, days)
    run["findings"] += speaking_sentences(scenario, span, worths)
    run |= {"precision": account_of(enough.goal)} if enough.goal else {}
    return Forecast(values, Replays(scenario, seed, span, len(days), engine), tuple(days), run)


def _play(
    scenario: Scenario, seed: int, span: Span, enough: Enough, engine: str, executor: Executor | None, progress: Show
) -> tuple[list[Day], Stopped | None]:
    """Days until there are enough, or until somebody asks the work to end."""
    days: list[Day] = []
    try:
        with closing(played_days(scenario, seed, span, enough.most, engine=engine, executor=executor)) as played:
            for day in played:
                days.append(day if len(days) < DRAWN else measures_alone(day))
                is_enough = enough.reached(days)
                progress(Step(enough.share(len(days)), enough.said(len(days))))
                if is_enough:
                    break
    except Interrupted as asked:
        if len(days) < FEWEST:
            raise
        return days, Stopped(asked.exit_code, f"stopped after {len(days)} {enough.count()}: {asked}")
    return days, None


def _unless_asked_to_end(find: Callable[[], list[Found]]) -> tuple[list[Found], Interrupted | None]:
    """What is found; nothing where somebody does not want to wait for it."""
    try:
        return find(), None
    except Interrupted as asked:
        return [], asked


def _verdict(judged: Sequence[Judged], stopped: Stopped | None, gave_up: Interrupted | None) -> Verdict:
    """What the days come to; who asks the work to end is told so by the exit code."""
    if stopped:
        return Verdict(INCONCLUSIVE, stopped.exit_code, stopped.why)
    concluded = verdict.conclude(judged)
    if gave_up:
        return Verdict(concluded.result, gave_up.exit_code, f"{concluded.why}; {gave_up}")
    return concluded


def _oddities(scenario: Scenario, days: Sequence[Day]) -> list[str]:
    """On how many days an objective's measure could not be told, or was beyond what could be seen."""
    found = []
    for objective in scenario.objectives:
        values = [day.measures[objective.key] for day in days]
        unknown, over = (sum(v.value is None for v in values), sum(v.over for v in values))
        if 0 < unknown < len(days):
            found.append(f"{objective.text}: could not be judged on {unknown} of {len(days)} days")
        if over:
            found.append(f"{objective.text}: beyond what could be seen on {over} of {len(days)} days")
    return found


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
    days = days[:DRAWN]
    np.savez_compressed(
        folder.path / "forecast.npz",
        shares=SHARES,
        frt_curve=np.array([day.frt_curve for day in days]),
        bucket_s=buckets(scenario, line),
        backlog=np.array([day.backlog for day in days]),
    )


def measures_alone(day: Day) -> Day:
    """A day without its curves and intervals, which take most of its room."""
    return replace(day, frt_curve=day.frt_curve[:0], backlog=day.backlog[:0], intervals=[])


def again(scenario: Scenario, seed: int, level: float, days: Sequence[str]) -> str:
    """The command that gives the same forecast again."""
    words = ["crestline", "forecast", scenario.name, "--seed", str(seed), *days]
    return shlex.join([*words, *(["--level", f"{level:.0%}"] if level != 1 else [])])


def how_many(replications: int | None, precision: float | None) -> list[str]:
    """The words of a command that say how many days are played."""
    if precision is not None:
        return ["--precision", str(spell_share(precision))]
    return ["--replications", str(REPLICATIONS if replications is None else replications)]
