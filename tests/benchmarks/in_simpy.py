"""The common model as one would write it in SimPy: a ``PriorityResource``, and each contact a process.

A time-out for patience is made only for contacts that wait; making one for each costs a quarter of the speed.
"""

from __future__ import annotations

import random
from typing import Any

import simpy

from .model import MODEL, CommonModel, CpuClock, Seen, Wait, seen


def play(contacts: int, seed: int, model: CommonModel = MODEL) -> Seen:
    """Play so many contacts to the end of the last."""
    draw = random.Random(seed)
    env = simpy.Environment()
    agents = simpy.PriorityResource(env, model.agents)
    waits: list[Wait] = []

    def contact(vip: bool) -> Any:
        came = env.now
        with agents.request(priority=0 if vip else 1) as claim:
            if not claim.triggered:
                yield claim | env.timeout(draw.expovariate(1 / model.patience_s))
            waits.append(Wait(vip, env.now - came, not claim.triggered))
            if claim.triggered:
                yield env.timeout(draw.expovariate(1 / model.handle_s))

    def arrivals() -> Any:
        for _ in range(contacts):
            yield env.timeout(draw.expovariate(1 / model.gap_s))
            env.process(contact(draw.random() < model.vip_share))

    with CpuClock() as clock:
        env.process(arrivals())
        env.run()
    return seen(waits, clock.seconds)
