"""The whole model: promotion-day on one core by both engines, and on one thread and two."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import fields
from statistics import median
from typing import NamedTuple

import numpy as np

from crestline.engine import COMPILED, SIMPY, engine
from crestline.replicate import Day, replicate
from crestline.scenario import load
from crestline.workload import day, sample, timeline

from .model import CpuClock

SCENARIO = "promotion-day"
PLAYS = 5  # of the compiled engine for one of the reference
DAYS = 24
SEED = 1


class Engines(NamedTuple):
    """One day by both engines: medians over rounds, sampling left out."""

    contacts: int
    compiled_s: float
    reference_s: float
    ratio: float


class Threads(NamedTuple):
    """The same days on one thread and on two: seconds on the clock, medians over rounds."""

    one_s: float
    two_s: float
    ratio: float
    equal: bool
    days: int = DAYS


def play_engines(rounds: int) -> Engines:
    """Both engines on the same workload, a new one each round."""
    scenario = load(SCENARIO)
    span = day(scenario)
    compiled, reference = engine(COMPILED), engine(SIMPY)
    contacts, fast, slow = [], [], []
    for seed in range(rounds + 1):
        given = (scenario, sample(scenario, seed, span), timeline(scenario, span))
        with CpuClock() as ours:
            for _ in range(PLAYS):
                outcomes, _ = compiled(*given)
        with CpuClock() as theirs:
            reference(*given)
        contacts.append(len(outcomes))
        fast.append(ours.seconds / PLAYS)
        slow.append(theirs.seconds)
    del contacts[0], fast[0], slow[0]  # the first round loads the kernel
    ratios = [slower / faster for slower, faster in zip(slow, fast, strict=True)]
    return Engines(round(median(contacts)), median(fast), median(slow), median(ratios))


def play_threads(rounds: int) -> Threads:
    """Whole replications, sampling and measures included, by one thread and by two in turn."""
    one, two, equal = [], [], True
    with ThreadPoolExecutor(1) as alone, ThreadPoolExecutor(2) as both:
        play_days(both)
        for _ in range(rounds):
            seconds, days = play_days(alone)
            one.append(seconds)
            seconds, same_days = play_days(both)
            two.append(seconds)
            equal = equal and all(map(is_same_day, days, same_days))
    ratios = [single / double for single, double in zip(one, two, strict=True)]
    return Threads(median(one), median(two), median(ratios), equal)


def play_days(executor: Executor) -> tuple[float, Sequence[Day]]:
    """Seconds on the clock, and the days."""
    scenario = load(SCENARIO)
    started = time.perf_counter()
    days = replicate(scenario, SEED, day(scenario), DAYS, engine=COMPILED, executor=executor)
    return time.perf_counter() - started, days


def is_same_day(one: Day, other: Day) -> bool:
    """Whether all that is kept of two days is equal; what is not known (NaN) equals itself."""
    pairs = ((getattr(one, part.name), getattr(other, part.name)) for part in fields(one))
    return all(
        np.array_equal(mine, its, equal_nan=True) if isinstance(mine, np.ndarray) else repr(mine) == repr(its)
        for mine, its in pairs
    )
