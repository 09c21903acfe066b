"""The common model in salabim: a resource, and each contact a component whose request may fail.

Processes are generators here, which is its faster way, and nothing is traced or animated.
"""

from __future__ import annotations

import random
from typing import Any

import salabim

from .model import MODEL, CommonModel, CpuClock, Seen, Wait, seen


def play(contacts: int, seed: int, model: CommonModel = MODEL) -> Seen:
    """Play so many contacts to the end of the last."""
    salabim.yieldless(False)
    draw = random.Random(seed)
    env = salabim.Environment(trace=False, random_seed=seed)
    agents = salabim.Resource("agents", capacity=model.agents, monitor=False)
    waits: list[Wait] = []

    class Contact(salabim.Component):
        def process(self) -> Any:
            vip, came = draw.random() < model.vip_share, env.now()
            patience_s = draw.expovariate(1 / model.patience_s)
            yield self.request((agents, 1, 0 if vip else 1), fail_delay=patience_s)
            waits.append(Wait(vip, env.now() - came, self.failed()))
            if not self.failed():
                yield self.hold(draw.expovariate(1 / model.handle_s))
                self.release(agents)

    class Arrivals(salabim.Component):
        def process(self) -> Any:
            for _ in range(contacts):
                yield self.hold(draw.expovariate(1 / model.gap_s))
                Contact()

    Arrivals()
    with CpuClock() as clock:
        env.run()
    return seen(waits, clock.seconds)
