"""``crestline plan``: the fewest agents per interval and group with which every interval holds, and their shifts."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crestline import report, runs, staffing, verdict
from crestline.engine import default_engine
from crestline.errors import UsageError
from crestline.executors import Threads
from crestline.measures import Recovery, Value
from crestline.replicate import Day, estimate, play_day, replicate
from crestline.scenario import Scenario
from crestline.staffing import Days, Planned
from crestline.verbs import plan_account, plan_findings, planned
from crestline.verbs.account import Header, Worlds, account
from crestline.verbs.forecast import DEFAULT_SEED, write_days
from crestline.verbs.means import mean_recoveries, mean_rows
from crestline.workload import Span, timeline
from crestline.workload import day as whole_day

DAYS = 30
USUAL_DAYS, STRUCK_DAYS = 20, 40  # by which the day as a whole is judged: cost, means; and recovery
CSV = ("day", "interval_start", "interval_end", "group", "skills", "required_agents", "need", "offered_erlang")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """The roster that was found, as a scenario that has it, and the account as ``run.json`` has it."""

    scenario: Scenario  # with the roster as its ``on_duty``
    run: dict[str, Any]
    days: tuple[Day, ...] = field(repr=False)  # usual days of the roster
    span: Span
    engine: str

    @property
    def verdict(self) -> str:
        """``met`` where a roster was found and holds on fresh days, ``missed`` where an objective cannot be met."""
        return str(self.run["verdict"])

    @property
    def cells(self) -> list[dict[str, Any]]:
        """A row for every interval and group: from when, how many are needed, how many to have on duty."""
        return list(self.run["plan"]["cells"])


def plan(
    scenario: Scenario,
    *,
    days: int = DAYS,
    seed: int = DEFAULT_SEED,
    level: float = 1.0,
    engine: str | None = None,
    executor: Executor | None = None,
    command: str = "",
    say: Say = lambda _: None,
) -> Plan:
    """Plan the staff of a scenario's day, with ``level`` times its demand.

    Every share and percentile asked for has to hold in every interval with the lower bound of its 95 % interval over
    ``days`` days without faults and without standby. The roster is then proven on fresh days, and judged once as a
    whole, with faults and standby. Days are played in threads, or in an ``executor`` of threads.
    """
    refuse_few(days)
    refuse_nothing(scenario)
    engine = engine or default_engine()
    calm = staffing.usual(scenario)
    span = whole_day(calm, level)
    with with_threads(executor) as places:
        grid = staffing.grid(scenario, span)
        sampled = Days(calm, grid, span, seed, days, engine=engine, executor=places)
        made = staffing.plan_staff(sampled, scenario, say)
        say("the roster as a whole, with faults and standby")
        staffed = grid.staffed(scenario, made.persons)
        whole = _play_whole(staffed, made, level, places)
        judged = planned.judge(made, whole.values)
    gate = planned.gate(made)
    header = Header("plan", seed, command or again(scenario, seed, days, level), "", level, days, engine=engine)
    run = account(
        header,
        scenario,
        timeline(calm, span),
        Worlds(forecast=whole.values | {row.measure: row.forecast for row in judged if row.forecast}),
        judged,
        planned.conclude(made, judged, gate),
        whole.recoveries,
        live=planned.trust(gate),
        intervals=mean_rows([day.intervals for day in whole.days]),
        findings=plan_findings.findings(made),
    )
    return Plan(staffed, run | {"plan": plan_account.account(made)}, whole.days, span, engine)


@dataclass(frozen=True)
class _Whole:
    """The roster over whole days: usual ones, and those on which the scenario's faults strike."""

    days: tuple[Day, ...]
    values: dict[str, Value]
    recoveries: list[Recovery]


def _play_whole(staffed: Scenario, made: Planned, level: float, executor: Executor) -> _Whole:
    """Measures of usual days; recovery of average days, as in a drill, with faults and standby."""
    seed, engine = made.verified.seed, made.days.engine

    def played(scenario: Scenario, count: int, *, day_factor: bool) -> list[Day]:
        span = whole_day(scenario, level)
        return replicate(scenario, seed, span, count, day_factor=day_factor, engine=engine, executor=executor)

    days = played(staffing.usual(staffed), USUAL_DAYS, day_factor=True)
    values = estimate(days, staffed.objectives)
    if not staffed.faults:
        return _Whole(tuple(days), values, [])
    struck = played(staffed, STRUCK_DAYS, day_factor=False)
    back = planned.usual_recovery(struck, estimate(struck, staffed.objectives)[verdict.RECOVERY])
    return _Whole(tuple(days), values | {verdict.RECOVERY: back}, mean_recoveries(struck))


def write(made: Plan, out: Path) -> Path:
    """Leave the plan in a run folder of its own, with its report; ``scenario.yaml`` there has the roster."""
    folder = runs.create(out, made.scenario)
    first = play_day(staffing.usual(made.scenario), made.run["plan"]["verified"]["seed"], made.span, engine=made.engine)
    folder.write_table("same_rows", first.outcomes)
    folder.write_table("same_pools", first.pools)
    write_days(folder, made.scenario, first.timeline, made.days)
    (folder.path / "roster.csv").write_text(roster_csv(made), encoding="utf-8")
    folder.write_run(made.run)
    report.write(folder)
    return folder.path


def roster_csv(made: Plan) -> str:
    """The need as workforce tools read it: a row for every interval and group, ISO clock times, days from 0."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(CSV)
    for cell in made.cells:
        start = made.scenario.day.start + cell["start_s"]
        day, begin = _iso(start)
        skills = "+".join(made.scenario.agents[cell["group"]].skills)
        need = "" if cell["need"] is None else f"{cell['need']:.2f}"
        amounts = (cell["agents"], need, f"{cell['offered_erlang']:.2f}")
        rows.writerow((day, begin, _iso(start + cell["length_s"])[1], cell["group"], skills, *amounts))
    return out.getvalue()


def refuse_csv(path: Path | None) -> None:
    """Refuse a file that could not be written in the end, before anything is planned."""
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        reason = "it is a folder" if path.is_dir() else "there is no such folder"
        msg = f"--csv {path}: cannot be written ({reason})"
        raise UsageError(msg)


def write_csv(made: Plan, path: Path) -> None:
    """Write the need to a file."""
    try:
        path.write_text(roster_csv(made), encoding="utf-8")
    except OSError as error:
        msg = f"--csv {path}: cannot be written ({error.strerror})"
        raise UsageError(msg) from error


def again(scenario: Scenario, seed: int, days: int, level: float) -> str:
    """The command that gives the same plan again."""
    words = ["crestline", "plan", scenario.name, "--seed", str(seed), "--days", str(days)]
    return shlex.join([*words, *(["--level", f"{level:.0%}"] if level != 1 else [])])


def _iso(clock_s: float) -> tuple[int, str]:
    """The day and the time of day, ``(1, "01:30:00")`` for 25:30."""
    day, rest = divmod(round(clock_s), 86400)
    return day, f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"


def refuse_few(days: int) -> None:
    """Refuse to plan by a single day."""
    if days < 2:
        msg = f"--days {days}: expected at least 2; one day alone cannot tell how much days differ"
        raise UsageError(msg)


def refuse_nothing(scenario: Scenario) -> None:
    """Refuse a scenario that asks for nothing that an interval could hold."""
    if not staffing.objectives_of_intervals(scenario):
        msg = f"{scenario.name}: no objective can be judged interval by interval; add one such as abandonment < 5%"
        raise UsageError(msg)


def with_threads(executor: Executor | None) -> AbstractContextManager[Executor]:
    """The executor that is given, or a thread for every core."""
    return Threads() if executor is None else nullcontext(executor)
