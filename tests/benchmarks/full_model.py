"""The whole model: promotion-day on one core by both engines, and on two cores by threads and by a team."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import fields
from statistics import median
from typing import NamedTuple

import numpy as np

from crestline.engine import COMPILED, SIMPY, engine
from crestline.executors import Team, Threads
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


class Places(NamedTuple):
    """The same days on one thread and at two places: seconds on the clock, medians over rounds."""

    one_s: float
    two_s: float
    ratio: float
    equal: bool
    days: int = DAYS


class Played(NamedTuple):
    """Seconds on the clock, and the days."""

    seconds: float
    days: Sequence[Day]


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


def play_places(rounds: int) -> dict[str, Places]:
    """Whole replications, sampling and measures included, by one thread and by each kind of two places in turn."""
    with Threads(1) as alone, Threads(2) as both, Team(2) as team:
        team.wait_for_others()
        two = {"two threads": both, "a team of two processes": team}
        for executor in (alone, *two.values()):
            play_days(executor)
        played = [{name: play_days(each) for name, each in ({"": alone} | two).items()} for _ in range(rounds)]
    return {name: _beside(played, name) for name in two}


def _beside(played: Sequence[Mapping[str, Played]], name: str) -> Places:
    """What two places gain on one, round by round."""
    ratios = [plays[""].seconds / plays[name].seconds for plays in played]
    one_s, two_s = (median(plays[each].seconds for plays in played) for each in ("", name))
    equal = all(all(map(is_same_day, plays[""].days, plays[name].days)) for plays in played)
    return Places(one_s, two_s, median(ratios), equal)


def play_days(executor: Executor) -> Played:
    """The days at these places."""
    scenario = load(SCENARIO)
    started = time.perf_counter()
    days = replicate(scenario, SEED, day(scenario), DAYS, engine=COMPILED, executor=executor)
    return Played(time.perf_counter() - started, days)


def is_same_day(one: Day, other: Day) -> bool:
    """Whether all that is kept of two days is equal; what is not known (NaN) equals itself."""
    pairs = ((getattr(one, part.name), getattr(other, part.name)) for part in fields(one))
    return all(
        np.array_equal(mine, its, equal_nan=True) if isinstance(mine, np.ndarray) else repr(mine) == repr(its)
        for mine, its in pairs
    )
