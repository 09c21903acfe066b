"""The common model in cimba: agents as processes in front of one priority store, and patience as an event.

The quickest of the ways that were tried: with a process for each contact, as in cimba's own example of patience, it
plays half as many contacts a second. Compiling the classes, about a second, happens before the clock runs.
"""

from __future__ import annotations

import functools

import cimba as cb
from cimba.inputs import dist

from .model import MODEL, CommonModel, CpuClock, Seen

COMPILED_WITH = 10  # contacts


class Contact(cb.Model):
    """One contact; it is in the line until an agent takes it or its patience runs out."""

    desk: cb.Ref[Desk]
    vip: bool = False
    came_s: float = 0.0
    ticket: int = 0

    @cb.event
    def leave(self):
        if self.desk.line.cancel(self.ticket):
            self.desk.left += 1
            self.desk.note(self.vip, cb.now() - self.came_s)
            cb.release(self)


class Agent(cb.Model):
    """One agent, who takes the next and holds it."""

    desk: cb.Ref[Desk]

    def attached(self, owner, _field):
        self.desk = owner

    @cb.process
    def work(self):
        while True:
            contact = self.desk.line.get()
            self.desk.note(contact.vip, cb.now() - contact.came_s)
            cb.hold(self.desk.handle.next())
            cb.release(contact)


class Desk(cb.Model):
    """Arrivals, the line, the agents, and what is noted."""

    contacts: cb.Param[int]
    vip_share: cb.Param[float]
    gap: cb.Input[float]
    handle: cb.Input[float]
    patience: cb.Input[float]
    agents: list[Agent]
    line: cb.PriorityStore[Contact]
    waits: cb.Dataset
    vip_waits: cb.Dataset
    left: int = 0
    abandoned: cb.Output[float]
    wait_s: cb.Output[float]
    vip_wait_s: cb.Output[float]

    def __init__(self, contacts: int, model: CommonModel):
        self.contacts, self.vip_share = contacts, model.vip_share
        self.gap = dist.exponential(mean=model.gap_s)
        self.handle = dist.exponential(mean=model.handle_s)
        self.patience = dist.exponential(mean=model.patience_s)
        self.agents = [Agent() for _ in range(model.agents)]

    @cb.process
    def arrivals(self):
        for _ in range(self.contacts):
            cb.hold(self.gap.next())
            contact = cb.spawn(Contact, desk=self, vip=cb.random.uniform() < self.vip_share, came_s=cb.now())
            contact.ticket = self.line.enqueue(contact, 1 if contact.vip else 0)
            cb.schedule(contact.leave, self.patience.next())

    @cb.function
    def note(self, vip: bool, wait_s: float) -> None:
        self.waits.record(wait_s)
        if vip:
            self.vip_waits.record(wait_s)

    @cb.on_end
    def measure(self):
        self.abandoned = self.left / self.waits.sample_count()
        self.wait_s = self.waits.sample_mean()
        self.vip_wait_s = self.vip_waits.sample_mean()


def play(contacts: int, seed: int, model: CommonModel = MODEL) -> Seen:
    """Play so many contacts to the end of the last."""
    compile_classes()
    with CpuClock() as clock:
        found = run(contacts, seed, model)
    return Seen(contacts=contacts, **found, cpu_s=clock.seconds)


@functools.cache
def compile_classes() -> None:
    """Compile what is compiled once in a process."""
    run(COMPILED_WITH, 0, MODEL)


def run(contacts: int, seed: int, model: CommonModel) -> dict[str, float]:
    """The outputs of one trial."""
    desk = Desk(contacts, model)
    results = cb.Experiment(desk, window=cb.Window.until_idle(), seed=seed).run(workers=1)
    assert not results.failed.any(), results.failure_reasons
    return {name: getattr(results[desk], name).values.item() for name in ("abandoned", "wait_s", "vip_wait_s")}
