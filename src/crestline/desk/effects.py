"""What each kind of fault does to the desk, and how that is taken back; there is more of an outage in faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crestline.desk.pool import Pool
from crestline.desk.triage import Triage


@dataclass(slots=True)
class Fault:
    """One fault; instants are monotonic, None = not yet."""

    id: int
    kind: str
    struck_at: float
    lift_at: float
    options: dict[str, Any] = field(default_factory=dict)
    effective_at: float | None = None
    healed_at: float | None = None
    has_struck: bool = False
    workers: int | None = None

    def state(self, now: float) -> str:
        """Planned, effective, healing or healed."""
        if self.healed_at is not None:
            return "healed"
        if now >= self.lift_at:
            return "healing"
        return "planned" if self.effective_at is None else "effective"


class Means(NamedTuple):
    """What a fault can lay hands on; ``command`` speaks to the supervisor."""

    triage: Triage | None
    pool: Pool | None
    command: Callable[..., None]


Act = Callable[[Means, Fault], None]


def _nothing(_: Means, __: Fault) -> None:
    """Whoever is concerned asks whether the fault is in force."""


def _slow(means: Means, fault: Fault) -> None:
    if means.triage is not None:
        means.triage.factor = fault.options.get("factor", 5.0)


def _quick(means: Means, _: Fault) -> None:
    if means.triage is not None:
        means.triage.factor = 1.0


def _stop(means: Means, fault: Fault) -> None:
    if means.pool is not None:
        means.pool.stop_processes(fault.id, fault.lift_at)


def _go_on(means: Means, fault: Fault) -> None:
    if means.pool is not None:
        means.pool.stopping = None
    means.command(undo=fault.id)


def _freeze(means: Means, _: Fault) -> None:
    if means.pool is not None:
        means.pool.frozen = True


def _thaw(means: Means, _: Fault) -> None:
    if means.pool is not None:
        means.pool.frozen = False


def _shoot(means: Means, fault: Fault) -> None:
    every = fault.options["every_s"]
    means.command(harm=fault.id, do="shoot", at=fault.struck_at, every=every, until=fault.lift_at)


def _lock(means: Means, fault: Fault) -> None:
    means.command(harm=fault.id, do="lock", until=fault.lift_at)


def _undo(means: Means, fault: Fault) -> None:
    means.command(undo=fault.id)


class Effect(NamedTuple):
    """``is_told``: it is effective, and lifted, when the supervisor says so; else as soon as it is done."""

    strike: Act = _nothing
    lift: Act = _nothing
    is_told: bool = False
    of_triage: bool = False


EFFECTS = {
    "platform-outage": Effect(),
    "storage-stall": Effect(_lock, _undo, is_told=True),
    "web-worker-kill": Effect(_shoot, _undo, is_told=True),
    "triage-outage": Effect(is_told=True, of_triage=True),
    "triage-worse": Effect(of_triage=True),
    "triage-brownout": Effect(_slow, _quick, of_triage=True),
    "triage-brownout stop": Effect(_stop, _go_on, is_told=True, of_triage=True),
    "pool-freeze": Effect(_freeze, _thaw, of_triage=True),
}
"""By kind; a brownout by which processes are stopped is one of its own."""


def effect_of(fault: Fault) -> Effect:
    """What a fault does."""
    return EFFECTS.get(f"{fault.kind} {fault.options.get('how')}", EFFECTS[fault.kind])
