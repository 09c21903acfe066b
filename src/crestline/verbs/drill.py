"""``crestline drill``: rehearse a service live, forecast the same hour, and say whether it holds."""

from __future__ import annotations

import signal
import types
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crestline import report, runs
from crestline.errors import TargetError
from crestline.live import guards
from crestline.live.adapters import DESK
from crestline.live.ledger import LOAD
from crestline.live.plan import Plan
from crestline.replicate import Day, replicate
from crestline.runs import RunFolder
from crestline.scenario import Scenario, changed, live_time_scale
from crestline.verbs.account import Header
from crestline.verbs.announce import announcement
from crestline.verbs.forecast import write_days
from crestline.verbs.judge import judge
from crestline.verbs.live_run import play_live, show
from crestline.verbs.target import Target, check_target, own_desk
from crestline.workload import Span, timeline, window

DEFAULT_SEED = 20261122
REPLICATIONS = 20
REPORTS = Path("reports")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Drill:
    """A finished drill: its run folder, and the account in it."""

    folder: RunFolder
    run: dict[str, Any]

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        return int(self.run["exit_code"])


class Interrupted(BaseException):
    """Somebody asked the drill to end; ``exit_code`` is 128 + the signal."""

    def __init__(self, number: int) -> None:
        self.exit_code = 128 + number
        super().__init__(f"interrupted by {signal.Signals(number).name}")


def drill(
    scenario: Scenario,
    *,
    host: str | None = None,
    adapter: str = DESK,
    seed: int = DEFAULT_SEED,
    level: float | None = None,
    replications: int = REPLICATIONS,
    out: Path = REPORTS,
    executor: Executor | None = None,
    command: str = "",
    say: Say = lambda _: None,
    show_progress: Say = lambda _: None,
) -> Drill:
    """Rehearse a scenario's window against ``host``, or against a reference desk started for it.

    The forecast is played in this process, or in an ``executor`` such as ``replicate.processes()``.
    """
    scenario = at_pace(scenario, level)
    span = window(scenario)
    if host:
        check_target(scenario, host, adapter)
    folder = runs.create(out, scenario)
    header = Header(
        "drill", seed, command or f"crestline drill {scenario.name} --seed {seed}", host or "the reference desk",
        span.level, replications,
    )  # fmt: skip
    for line in announcement(scenario, span, header.target):
        say(line)
    with ExitStack() as stack, interruptible():
        interrupt: BaseException | None = None
        days: list[Day] = []
        target = Target(host, "") if host else stack.enter_context(own_desk(scenario, folder))
        try:
            say(f"forecast  {replications} times the same window in simulated time")
            days = forecast_window(scenario, seed, span, replications, folder, executor)
            Plan(folder.name, seed, target.digest, target.url, adapter).write(folder.path)
            say("live      the scenario is played by Locust; its log is locust.log in the run folder")
            for seen in play_live(folder, target.url):
                show_progress(show(seen, scenario, span.start_s))
        except (KeyboardInterrupt, Interrupted) as stopped:
            interrupt = stopped
            say("stopping: what is known so far is written down")
        run = finish(folder, header, days, target.url, interrupt, executor, show_progress)
    return Drill(folder, run)


def is_this_machine(host: str) -> bool:
    """Whether a drill against ``host`` loads nothing but this machine."""
    try:
        guards.check_host(host, ())
    except TargetError:
        return False
    return True


def finish(
    folder: RunFolder,
    header: Header,
    days: list[Day],
    host: str,
    interrupt: BaseException | None,
    executor: Executor | None,
    say: Say,
) -> dict[str, Any]:
    """Judge what was recorded, whole or in part, and write the report."""
    if not (folder.path / "plan.json").exists():
        Plan(folder.name, header.seed).write(folder.path)
    code = stop_code(folder, interrupt)
    run = judge(folder, header, days, host=None if interrupt else host, executor=executor, say=say, stopped=code)
    report.write(folder)
    return run


def stop_code(folder: RunFolder, interrupt: BaseException | None) -> int | None:
    """The exit code of a run that did not come to its end; None for one that did."""
    if interrupt is not None:
        return getattr(interrupt, "exit_code", 130)
    if folder.has(LOAD) and folder.read_json(LOAD).get("finished"):
        return None
    return 5


def at_pace(scenario: Scenario, level: float | None) -> Scenario:
    """The scenario at the asked level, as fast as it can be played live."""
    if level is not None:
        scenario = changed(scenario, [f"load_test.level={level}"])
    pace = live_time_scale(scenario)
    return (
        scenario if pace == scenario.load_test.time_scale else changed(scenario, [f"load_test.time_scale={pace:.6g}"])
    )


def forecast_window(
    scenario: Scenario, seed: int, span: Span, replications: int, folder: RunFolder, executor: Executor | None
) -> list[Day]:
    """Play the same window many times in simulated time; every replication is an average day with other customers."""
    days = replicate(scenario, seed, span, replications, day_factor=False, executor=executor)
    write_days(folder, scenario, timeline(scenario, span), days)
    return days


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM end the drill as Ctrl-C does, with everything cleaned up."""

    def stop(number: int, _: types.FrameType | None) -> None:
        raise Interrupted(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
