"""``crestline report``: build a run's report anew from its folder, or show one of its contacts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crestline import report, runs
from crestline.errors import INCONCLUSIVE
from crestline.executors import executor_for
from crestline.live.plan import PLAN, Plan
from crestline.replicate import Day, replicate
from crestline.report.contact import contact
from crestline.report.record import read
from crestline.runs import RUN, RunFolder
from crestline.verbs import canary
from crestline.verbs.account import Header
from crestline.verbs.enough_days import REPLICATIONS
from crestline.verbs.forecast import write_days
from crestline.verbs.judge import judge
from crestline.verbs.stopped import how_stopped
from crestline.workload import timeline, window


@dataclass(frozen=True)
class Rebuilt:
    """A report that was built anew, and the run that it tells of."""

    run: dict[str, Any]
    folder: Path
    page: Path

    @property
    def exit_code(self) -> int:
        """The run's own exit code; a run that never came to a verdict is inconclusive."""
        code = self.run.get("exit_code")
        return INCONCLUSIVE if code is None else int(code)


def rebuild(path: Path, *, self_contained: bool = False) -> Rebuilt:
    """Build everything that a run folder says; ``self_contained`` adds the page as one file."""
    folder = runs.open_run(path)
    run = folder.read_run() if folder.has(RUN) or not folder.has(PLAN) else judge_by_itself(folder)
    if run["kind"] == "canary":
        return Rebuilt(run, folder.path, canary.tell(folder, run, self_contained=self_contained))
    page = report.write(folder, self_contained=self_contained)
    return Rebuilt(run, folder.path, page)


def show_contact(path: Path, row: int) -> str:
    """One contact of a run, step by step in both worlds, as text."""
    return contact(read(runs.open_run(path)), row)


def judge_by_itself(folder: RunFolder) -> dict[str, Any]:
    """Forecast and judge a live run that nobody has judged yet, such as one that was started with ``locust``."""
    scenario, plan = folder.scenario(), Plan.read(folder.path)
    span = window(scenario)
    level = f"{span.level:.0%}"
    again = f"locust --headless --scenario {scenario.name} --level {level} --seed {plan.seed}"
    header = Header("load", plan.seed, again, plan.host, span.level, REPLICATIONS)
    with executor_for(header.engine) as players:
        days: list[Day] = []
        if plan.agents:
            days += replicate(scenario, plan.seed, span, REPLICATIONS, day_factor=False, executor=players)
            write_days(folder, scenario, timeline(scenario, span), days)
        stopped = how_stopped(folder)
        return judge(folder, header, days, host=None if stopped else plan.host, executor=players, stopped=stopped)
