"""The common model as a scenario of Crestline, played by its engines."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from crestline.engine import COMPILED, SIMPY, engine
from crestline.scenario import Scenario, load
from crestline.tables import Outcome, Outcomes, Timeline, Workload
from crestline.workload import day, sample, timeline

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
    """The figures of a play; the few who still wait when it is cut off are left out of the waits."""
    left = outcomes.outcome == Outcome.ABANDONED
    claimed = ~np.isnan(outcomes.claimed_s)
    ended = outcomes.take(left | claimed)
    wait_s = np.where(np.isnan(ended.claimed_s), ended.ended_s, ended.claimed_s) - ended.queued_s
    return Seen(len(outcomes), float(left.mean()), float(wait_s.mean()), float(wait_s[ended.vip].mean()), cpu_s)
