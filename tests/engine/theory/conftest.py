"""Long plays and many days, and what it means that they agree with theory.

A figure of theory must lie in the confidence interval of what was played; a right engine misses it for one seed in
10,000 (3.9 standard errors of many samples, 4.5 of 30 batches). And the interval must be narrow enough to tell a wrong
model apart: the compiled engine plays ``PRECISION`` squared times as much, in intervals that much narrower.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import stats

from crestline.engine import COMPILED, SIMPY, Play
from crestline.scenario import Scenario, load
from crestline.tables import Bools, Floats, Outcome, Outcomes, Pools, Workload
from crestline.workload import day, sample, timeline

SEED = 1
BATCHES = 30
MISSED = 1e-4
PRECISION = {SIMPY: 1, COMPILED: 6}
TYPE = {"share": 1, "handle_time": {"exponential": {"mean": "1min"}}, "patience": "never"}


class Long(NamedTuple):
    """One long play; its first batch is left out, since it begins empty."""

    outcomes: Outcomes
    workload: Workload
    minutes: float

    def batches(self, value: Callable[[Outcomes], Floats | Bools], which: Bools | None = None) -> Floats:
        """The mean of a value over the contacts of each batch but the first."""
        kept = self.outcomes if which is None else self.outcomes.take(which)
        batch = self.batch_of(kept)
        assert batch.max() == BATCHES
        return (np.bincount(batch, value(kept)) / np.bincount(batch))[1:]

    def rates(self) -> Floats:
        """Contacts per minute in each batch but the first."""
        return np.bincount(self.batch_of(self.outcomes))[1:] / (self.minutes / (BATCHES + 1))

    def batch_of(self, outcomes: Outcomes) -> Floats:
        """The batch in which each contact was due."""
        return (outcomes.planned_s / (60 * self.minutes / (BATCHES + 1))).astype(np.int64)


def _long_play(play: Play, precision: int, expected: int, per_minute: float, agents: int = 1, **parts: Any) -> Long:
    minutes = math.ceil(expected * precision**2 / per_minute)
    base = {
        "name": "theory",
        "day": {"length": f"{minutes}min"},
        "demand": {"rate": f"{per_minute}/min"},
        "contacts": {"all": TYPE},
        "agents": {"all": {"skills": ["all"], "on_duty": agents}},
    }
    scenario = load(base | parts)
    workload = sample(scenario, SEED, day(scenario))
    outcomes, _ = play(scenario, workload, timeline(scenario, day(scenario)))
    return Long(outcomes.take(outcomes.outcome != Outcome.OPEN), workload, minutes)


def _days(play: Play, precision: int, scenario: Scenario, days: int) -> Iterator[tuple[Outcomes, Pools]]:
    scheduled = timeline(scenario, day(scenario))
    for replication in range(days * precision**2):
        yield play(scenario, sample(scenario, SEED, day(scenario), replication), scheduled)


def _assert_theory(precision: int, theory: float, samples: Floats, within: float) -> None:
    half = stats.t.ppf(1 - MISSED / 2, len(samples) - 1) * samples.std(ddof=1) / math.sqrt(len(samples))
    assert half < within / precision * theory
    assert abs(samples.mean() - theory) < half


LongPlay = Callable[..., Long]
Days = Callable[[Scenario, int], Iterator[tuple[Outcomes, Pools]]]
AssertTheory = Callable[[float, Floats, float], None]


@pytest.fixture(scope="session")
def precision(engine_name: str) -> int:
    """How many times narrower than the reference's the intervals of an engine are."""
    return PRECISION[engine_name]


@pytest.fixture(scope="session")
def long_play(play: Play, precision: int) -> LongPlay:
    """Play about so many first contacts of one type, ``all``, at a steady rate (for the reference; others more)."""
    return partial(_long_play, play, precision)


@pytest.fixture(scope="session")
def days(play: Play, precision: int) -> Days:
    """Play so many replications of a day (for the reference; others more)."""
    return partial(_days, play, precision)


@pytest.fixture(scope="session")
def assert_theory(precision: int) -> AssertTheory:
    """Assert that theory lies in the interval of the samples' mean, of which half is less than a share of theory."""
    return partial(_assert_theory, precision)
