"""Play a scenario many times and say what one day may be like: replications, and estimates over them."""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

import numpy as np

from crestline.engine import reference
from crestline.errors import UsageError
from crestline.measures import NOTHING, Recovery, Value, in_scope, measure, recover, recovered
from crestline.measures.curves import backlog, frt_curve
from crestline.measures.intervals_of_day import interval_rows
from crestline.measures.values import holds
from crestline.scenario import Objective, Scenario
from crestline.tables import Floats, Outcomes, Pools, Timeline, Workload
from crestline.workload import Span, sample, timeline

WATCH_S = 1.0
CANCEL_S = 0.1  # how long an executor has to strike off its list what nobody asks for any more
ASKED_TO_END = (signal.SIGINT, signal.SIGTERM)
ENGINES: dict[str, Callable[[Scenario, Workload, Timeline], tuple[Outcomes, Pools]]] = {"simpy": reference.play}


@dataclass(frozen=True)
class Played:
    """One play: what happened, along which timeline, and how it recovered."""

    outcomes: Outcomes
    pools: Pools
    timeline: Timeline
    recoveries: tuple[Recovery, ...]


@dataclass(frozen=True)
class Day:
    """What is kept of one replication."""

    measures: dict[str, Value]
    recoveries: tuple[Recovery, ...]
    frt_curve: Floats  # seconds within which each of curves.SHARES was answered
    backlog: Floats  # contacts waiting for an agent at every bucket of the span
    intervals: list[dict[str, float | None]]
    contacts: int


def play_day(
    scenario: Scenario,
    seed: int,
    span: Span,
    replication: int = 0,
    *,
    day_factor: bool = True,
    engine: str = "simpy",
) -> Played:
    """Play one replication; beyond the span's end, up to its horizon, while a fault is not recovered from."""
    workload = sample(scenario, seed, span, replication, day_factor=day_factor)
    scheduled = timeline(scenario, span)
    play = ENGINES[engine]
    outcomes, pools = play(scenario, workload, scheduled)
    if scheduled.faults and not recovered(outcomes, pools, scenario, scheduled):
        scheduled = timeline(scenario, span, stop_s=span.horizon_s)
        outcomes, pools = play(scenario, workload, scheduled)
    return Played(outcomes, pools, scheduled, tuple(recover(outcomes, pools, scenario, scheduled)))


def summarize(scenario: Scenario, played: Played) -> Day:
    """What is kept of a play."""
    line = played.timeline
    inside = played.outcomes.take(in_scope(played.outcomes, line))
    values = measure(played.outcomes, played.pools, scenario, line, intervals=False, recoveries=played.recoveries)
    return Day(
        measures=values,
        recoveries=played.recoveries,
        frt_curve=frt_curve(inside),
        backlog=backlog(played.outcomes, buckets(scenario, line)),
        intervals=interval_rows(played.outcomes, played.pools, scenario, line),
        contacts=len(inside),
    )


def buckets(scenario: Scenario, line: Timeline) -> Floats:
    """The control ticks from the start to the end of the span."""
    return np.arange(line.start_s, line.end_s + 1e-9, scenario.recovery.bucket)


def replicate(
    scenario: Scenario,
    seed: int,
    span: Span,
    replications: int,
    *,
    day_factor: bool = True,
    engine: str = "simpy",
    executor: Executor | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Day]:
    """Play ``replications`` days, in the order of their numbers; in this process, or in an executor."""
    if engine not in ENGINES:
        msg = f"--engine {engine}: no such engine; expected one of {', '.join(ENGINES)}"
        raise UsageError(msg)
    arguments = [(scenario, seed, span, number, day_factor, engine) for number in range(replications)]
    if executor is None:
        return _collect(map(_replication, arguments), progress)
    with _held_back():
        played = executor.map(_replication, arguments)
    return _collect(played, progress)


class Players(ProcessPoolExecutor):
    """A process per core; they end with this one, however it ends, and what they still play as a block ends is lost."""

    def __init__(self) -> None:
        self._started = _Spawned()
        super().__init__(os.cpu_count(), self._started, _end_with, (os.getpid(),))

    def __exit__(self, *_: object) -> None:
        """End the processes without waiting for days that nobody asks for any more."""
        self.shutdown(wait=False, cancel_futures=True)
        time.sleep(CANCEL_S)
        for process in self._started.processes:
            if process.pid is not None:  # it had been started
                process.kill()
                process.join()


class _Spawned(SpawnContext):
    """Starts processes anew, and remembers them."""

    def __init__(self) -> None:
        super().__init__()
        self.processes: list[SpawnProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override] # noqa: N802
        """Start a process."""
        self.processes.append(SpawnProcess(*args, **kwargs))
        return self.processes[-1]


def processes() -> Players:
    """An executor with a process per core; the processes end with this one, however it ends."""
    return Players()


def _replication(arguments: tuple[Scenario, int, Span, int, bool, str]) -> Day:
    scenario, seed, span, number, day_factor, engine = arguments
    return summarize(scenario, play_day(scenario, seed, span, number, day_factor=day_factor, engine=engine))


def _collect(days: Iterable[Day], progress: Callable[[int], None] | None) -> list[Day]:
    collected: list[Day] = []
    for day in days:
        collected.append(day)
        if progress:
            progress(len(collected))
    return collected


@contextmanager
def _held_back() -> Iterator[None]:
    """Signals wait until the block is over; processes that are started in it are not hit as they come up.

    The mask is for those processes, who inherit it. It does not keep a signal from this one, whose other threads may
    take it, so that the handlers wait as well.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    handlers = {number: signal.signal(number, lambda number, _: asked.append(number)) for number in ASKED_TO_END}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ASKED_TO_END)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if asked:
            signal.raise_signal(asked[0])


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, however it went; Ctrl-C and SIGTERM are the parent's to answer."""
    for number in ASKED_TO_END:
        signal.signal(number, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def estimate(days: Sequence[Day], objectives: Sequence[Objective]) -> dict[str, Value]:
    """Every measure over the days: mean with its 95 % t-interval, the 90 % band of one day, and days that hold it."""
    held = {objective.key: objective for objective in objectives}
    return {
        key: _estimate([day.measures[key] for day in days], held.get(key)) for key in (days[0].measures if days else ())
    }


def _estimate(values: Sequence[Value], objective: Objective | None) -> Value:
    seen = np.array([v.value for v in values if v.value is not None])
    if len(seen) == 0:
        return NOTHING
    mean = float(seen.mean())
    half = t_quantile(len(seen) - 1) * float(seen.std(ddof=1)) / math.sqrt(len(seen)) if len(seen) > 1 else None
    p5, p95 = (float(q) for q in np.quantile(seen, [0.05, 0.95], method="inverted_cdf"))
    return Value(
        value=mean,
        low=None if half is None else max(0.0, mean - half),  # no measure is negative
        high=None if half is None else mean + half,
        over=any(v.over for v in values),
        p5=p5,
        p95=p95,
        p_met=None if objective is None else _share_held(values, objective),
    )


def _share_held(values: Sequence[Value], objective: Objective) -> float:
    return sum(holds(value, objective) for value in values) / len(values)


def t_quantile(freedom: int) -> float:
    """The 97.5 % point of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))
