"""Many days, in the order of their numbers, played wherever there is room for them."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing
from functools import partial

from crestline.engine import COMPILED, default_engine
from crestline.engine import engine as engine_of
from crestline.errors import TargetError
from crestline.executors import Team, Threads, held_back, places
from crestline.measures.day import Day
from crestline.replicate.called_off import CalledOff
from crestline.replicate.customers import Customers
from crestline.replicate.days import day_of
from crestline.replicate.memory import days_that_fit
from crestline.scenario import Scenario
from crestline.workload import Span

LOOK_S = 1.0
AHEAD = 2  # days asked for, for every place: one is played, one waits, so that no place ever does


def replicate(
    scenario: Scenario,
    seed: int,
    span: Span,
    replications: int,
    *,
    day_factor: bool = True,
    engine: str | None = None,
    executor: Executor | None = None,
    customers: Customers | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Day]:
    """Play ``replications`` days, in the order of their numbers."""
    days: list[Day] = []
    with closing(
        played_days(
            scenario, seed, span, replications,
            day_factor=day_factor, engine=engine, executor=executor, customers=customers,
        )
    ) as played:  # fmt: skip
        for day in played:
            days.append(day)
            if progress:
                progress(len(days))
    return days


def played_days(
    scenario: Scenario,
    seed: int,
    span: Span,
    most: int,
    *,
    day_factor: bool = True,
    engine: str | None = None,
    executor: Executor | None = None,
    customers: Customers | None = None,
) -> Generator[Day]:
    """Days as they are asked for, ``most`` of them at most; to be closed by who does not want them all.

    They are the same wherever they are played. Without an ``executor`` the compiled engine plays in threads, the
    reference one day after the other. ``customers`` that were sampled before are used in this process alone.
    """
    engine = engine or default_engine()
    engine_of(engine)  # an unknown one is refused before anything is started, and an import done once
    here = executor is None or isinstance(executor, (ThreadPoolExecutor, ProcessPoolExecutor, Team))
    fitting = days_that_fit(scenario, span, engine) if here else sys.maxsize
    play = partial(day_of, scenario, seed, span, day_factor=day_factor, engine=engine)
    with ExitStack() as stack:
        if executor is None and engine == COMPILED:
            executor = stack.enter_context(Threads())
        called_off = CalledOff()
        stack.callback(called_off.set)
        play = partial(play, called_off=called_off)
        if executor is None or isinstance(executor, ThreadPoolExecutor):
            play = partial(play, customers=customers)
        if executor is None:
            yield from map(play, range(most))
        else:
            yield from _played_ahead(play, most, executor, fitting)


def _played_ahead(play: Callable[[int], Day], most: int, executor: Executor, fitting: int) -> Generator[Day]:
    """Days in the order of their numbers, some more being under way; those are called off if nobody wants them."""
    at_once = places(executor)
    ahead = fitting if fitting < at_once else AHEAD * at_once
    under_way: deque[Future[Day]] = deque()
    try:
        with held_back():
            under_way.extend(executor.submit(play, number) for number in range(min(ahead, most)))
        for number in range(most):
            day = _awaited(under_way.popleft(), executor, partial(play, number))
            if number + ahead < most:
                under_way.append(executor.submit(play, number + ahead))
            yield day
    except BrokenExecutor:
        msg = "a process that plays days was killed, as where memory runs out; play again, or take --engine compiled"
        raise TargetError(msg) from None
    finally:
        for future in under_way:
            future.cancel()


def _awaited(future: Future[Day], executor: Executor, again: Callable[[], Day]) -> Day:
    """A day that is under way; an executor that may be lost for good is looked after meanwhile.

    A day that a team has lost with one of its processes is played ``again``, here.
    """
    watch: Callable[[], None] | None = getattr(executor, "watch", None)
    while watch and not future.done():
        wait([future], LOOK_S)
        watch()
    try:
        return future.result()
    except BrokenExecutor:
        if not isinstance(executor, Team):
            raise
        return again()
