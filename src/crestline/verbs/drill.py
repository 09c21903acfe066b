"""``crestline drill``: rehearse a service live, forecast the same hour, and say whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crestline import report, runs
from crestline.errors import GuardStop, Interrupted
from crestline.live.adapters import DESK
from crestline.live.plan import PLAN, Plan
from crestline.notify import Channel, Notifier
from crestline.replicate import Day, replicate
from crestline.runs import REPORTS, RunFolder
from crestline.scenario import Scenario
from crestline.verbs.account import Header
from crestline.verbs.announce import announcement
from crestline.verbs.bell import ringing
from crestline.verbs.dry_run import check_drill, planned_arrivals
from crestline.verbs.enough_days import REPLICATIONS
from crestline.verbs.forecast import DEFAULT_SEED, write_days
from crestline.verbs.interrupt import interruptible
from crestline.verbs.judge import judge
from crestline.verbs.live_run import Progress, play_live
from crestline.verbs.pace import at_pace
from crestline.verbs.stopped import Stopped, how_stopped
from crestline.verbs.target import Target, own_desk, target_at
from crestline.verbs.unmeasured import LOAD_ONLY
from crestline.workload import Span, timeline, window

Say = Callable[[str], None]
SAME = "the same customers are played in simulated time"


@dataclass(frozen=True)
class Drill:
    """A finished drill: its run folder, and the account in it."""

    folder: RunFolder
    run: dict[str, Any]

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        return int(self.run["exit_code"])


def drill(
    scenario: Scenario,
    *,
    host: str | None = None,
    adapter: str = DESK,
    seed: int = DEFAULT_SEED,
    level: float | None = None,
    replications: int = REPLICATIONS,
    out: Path = REPORTS,
    workers: int = 1,
    agents: bool = True,
    executor: Executor | None = None,
    command: str = "",
    say: Say = lambda _: None,
    show_progress: Say = lambda _: None,
    show_live: Callable[[Progress], None] = lambda _: None,
    notify: Sequence[Channel] = (),
) -> Drill:
    """Rehearse a scenario's window against ``host``, or against a reference desk started for it.

    Customers are played by ``workers`` processes. Without ``agents`` nobody answers them: it is a load, and no
    forecast stands beside it. The forecast is played in this process, or in an ``executor``. Alerts that are raised
    while it is played are sent to the channels of ``notify``; without any nothing is sent.
    """
    scenario = at_pace(scenario, level)
    span = window(scenario)
    check_drill(scenario, host, adapter, planned_arrivals(scenario, seed, span))
    header = Header(
        "drill" if agents else "load", seed, command or f"crestline drill {scenario.name} --seed {seed}",
        host or "the reference desk", span.level, replications,
    )  # fmt: skip
    days: list[Day] = []
    with interruptible(), ExitStack() as stack:
        known = stack.enter_context(target_at(scenario, host, adapter, agents=agents)) if host else None
        folder = runs.create(out, scenario)
        for line in announcement(scenario, span, header.target, adapter, agents=agents, notify=notify):
            say(line)
        try:
            target = known or stack.enter_context(own_desk(scenario, folder))
            if agents:
                days += forecast_window(scenario, seed, span, replications, folder, executor, show_progress)
            Plan(folder.name, seed, target.digest, target.url, adapter, workers, agents).write(folder.path)
            show_progress("live      Locust is starting")
            say("live      the scenario is played by Locust; its log is locust.log in the run folder")
            with ringing(folder, scenario, Notifier(notify, folder.path), say) as ring:
                stopped = rehearse(folder, target, show_live, ring)
            say(f"judging   {stopped.why if stopped else SAME if agents else LOAD_ONLY}")
            run = finish(folder, header, days, None if stopped else target.url, stopped, executor, show_progress)
        except Interrupted as asked:
            say(f"stopping  {asked}: what is known so far is written down")
            run = finish(folder, header, days, None, Stopped(asked.exit_code, str(asked)), executor, show_progress)
    return Drill(folder, run)


def rehearse(
    folder: RunFolder, target: Target, show_live: Callable[[Progress], None], ring: Callable[[], None] = lambda: None
) -> Stopped | None:
    """Play the run live to its end, or until something stops it; alerts are told by ``ring``."""
    try:
        with closing(play_live(folder, target.url)) as seen:
            for progress in seen:
                show_live(progress)
                ring()
                target.check()
    except GuardStop as stop:
        return Stopped(stop.exit_code, str(stop))
    return how_stopped(folder)


def finish(
    folder: RunFolder,
    header: Header,
    days: list[Day],
    host: str | None,
    stopped: Stopped | None,
    executor: Executor | None,
    say: Say,
) -> dict[str, Any]:
    """Judge what was recorded, whole or in part, and write the report; ``host`` is asked for its log."""
    if not folder.has(PLAN):
        Plan(folder.name, header.seed).write(folder.path)
    run = judge(folder, header, days, host=host, executor=executor, say=say, stopped=stopped)
    report.write(folder)
    return run


def forecast_window(
    scenario: Scenario,
    seed: int,
    span: Span,
    replications: int,
    folder: RunFolder,
    executor: Executor | None,
    say: Say,
) -> list[Day]:
    """Play the same window many times in simulated time; every replication is an average day with other customers."""

    def tell(played: int) -> None:
        say(f"forecast  {played} of {replications} replications played")

    days = replicate(scenario, seed, span, replications, day_factor=False, executor=executor, progress=tell)
    write_days(folder, scenario, timeline(scenario, span), days)
    return days
