"""The common model as a scenario of Crestline, played by its engines."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from crestline.engine import COMPILED, SIMPY, engine
from crestline.replicate.streamed import PIECE
from crestline.scenario import Scenario, load
from crestline.tables import Outcome, Outcomes, Timeline, Workload
from crestline.workload import day, sample, sample_chunks, timeline

from .model import MODEL, CommonModel, CpuClock, Seen


class Sampled(NamedTuple):
    """All that an engine is given."""

    scenario: Scenario
    workload: Workload
    timeline: Timeline


def play_compiled(contacts: int, seed: int, model: CommonModel = MODEL) -> Seen:
    """The compiled engine alone, on columns that are there before the clock runs."""
    given = sampled(contacts, seed, model)
    with CpuClock() as clock:
        outcomes, _ = engine(COMPILED)(*given)
    return seen_in_crestline(outcomes, clock.seconds)


def play_reference(contacts: int, seed: int, model: CommonModel = MODEL) -> Seen:
    """The SimPy engine alone, on columns that are there before the clock runs."""
    given = sampled(contacts, seed, model)
    with CpuClock() as clock:
        outcomes, _ = engine(SIMPY)(*given)
    return seen_in_crestline(outcomes, clock.seconds)


def sample_and_play(contacts: int, seed: int, model: CommonModel = MODEL) -> Seen:
    """Sampling, then the compiled engine."""
    scenario = common_scenario(contacts, model)
    with CpuClock() as clock:
        workload = sample(scenario, seed, day(scenario))
        outcomes, _ = engine(COMPILED)(scenario, workload, timeline(scenario, day(scenario)))
    return seen_in_crestline(outcomes, clock.seconds)


def play_in_chunks(contacts: int, seed: int, model: CommonModel = MODEL) -> Seen:
    """Sampling and the compiled engine, chunk by chunk: what has come about is counted and forgotten."""
    from crestline.engine.compiled import play_chunks

    scenario = common_scenario(contacts, model)
    span = day(scenario)
    folded = Folded()
    with CpuClock() as clock:
        for outcomes, _ in play_chunks(scenario, sample_chunks(scenario, seed, span), timeline(scenario, span), PIECE):
            folded = folded.add(outcomes)
    return folded.seen(clock.seconds)


def common_scenario(contacts: int, model: CommonModel = MODEL) -> Scenario:
    """A day long enough for about so many contacts."""
    minutes = math.ceil(contacts * model.gap_s / 60)
    contact = {
        "share": 1,
        "handle_time": {"exponential": {"mean": f"{model.handle_s}s"}},
        "patience": {"exponential": {"mean": f"{model.patience_s}s"}},
    }
    return load(
        {
            "name": "common-model",
            "day": {"length": f"{minutes}min"},
            "demand": {"rate": f"{60 / model.gap_s}/min"},
            "contacts": {"all": contact},
            "vip": {"share": model.vip_share},
            "agents": {"all": {"skills": ["all"], "on_duty": model.agents}},
        }
    )


def sampled(contacts: int, seed: int, model: CommonModel = MODEL) -> Sampled:
    """The scenario with its random numbers and its timeline."""
    scenario = common_scenario(contacts, model)
    span = day(scenario)
    return Sampled(scenario, sample(scenario, seed, span), timeline(scenario, span))


def seen_in_crestline(outcomes: Outcomes, cpu_s: float) -> Seen:
    """The figures of a play."""
    return Folded().add(outcomes).seen(cpu_s)


class Folded(NamedTuple):
    """Sums over outcomes; the few who still wait when the play is cut off are left out of the waits."""

    contacts: int = 0
    left: int = 0
    waits: int = 0
    wait_s: float = 0.0
    vip_waits: int = 0
    vip_wait_s: float = 0.0

    def add(self, outcomes: Outcomes) -> Folded:
        """With some more of them."""
        left = outcomes.outcome == Outcome.ABANDONED
        wait_s = np.where(left, outcomes.ended_s, outcomes.claimed_s) - outcomes.queued_s
        known = ~np.isnan(wait_s)
        vips = known & outcomes.vip
        more = (len(left), left.sum(), known.sum(), wait_s[known].sum(), vips.sum(), wait_s[vips].sum())
        return Folded(*(mine + its for mine, its in zip(self, more, strict=True)))

    def seen(self, cpu_s: float) -> Seen:
        """The figures of a play that is over."""
        contacts, left, waits, wait_s, vip_waits, vip_wait_s = map(float, self)
        return Seen(int(contacts), left / contacts, wait_s / waits, vip_wait_s / vip_waits, cpu_s)
