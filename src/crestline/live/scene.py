"""The scene of a live run: everything that its greenlets share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from crestline.live.adapters import Adapter
from crestline.live.clock import Clock
from crestline.live.floor import Floor
from crestline.live.guards import Held
from crestline.live.latencies import Latencies
from crestline.live.ledger import Ledger
from crestline.live.plan import Plan
from crestline.live.split import Split
from crestline.live.spoken import Trouble
from crestline.live.transport import Transport
from crestline.live.wire_proxy.proxy import WireProxy
from crestline.scenario import Scenario
from crestline.tables import Timeline
from crestline.workload.rows import Rows

BREAK = frozenset({"wire", "web-worker-kill"})  # kinds of faults that break connections
HOLD_UP = frozenset({"web-worker-kill", "storage-stall"})  # those that hold up whoever asks the target
MOMENT = 1.0  # real seconds in which what a fault has broken is still heard of


class Dial(Protocol):
    """How somebody new comes to the target."""

    def __call__(self, planned: float | None, trace: str = "", to_candidate: bool = False, /) -> Adapter:
        """An agent; or a customer, with the planned instant of a contact and its ``traceparent``.

        ``to_candidate``: to the other one of two hosts.
        """


@dataclass
class Scene:
    """What is played, against what, and how far it is; ``stop`` is the instant from which nothing is planned."""

    host: str
    scenario: Scenario
    timeline: Timeline
    plan: Plan
    rows: Rows
    clock: Clock
    floor: Floor
    ledger: Ledger
    dial: Dial
    watch: Dial  # the same for looking at the target from outside: a quick time-out
    note: Callable[[str, float], None]  # tells the statistics of a duration that no single request is
    stop: float
    requests: Callable[[], int] = int  # how many requests this process has sent
    held: Callable[[], Held] = Held  # what of them the allowed rate has held back
    latencies: Latencies = field(default_factory=Latencies)  # of the run's requests
    candidate: Rows | None = None  # the same rows as a new version of the bot has them, where one is rolled out
    split: Split | None = None  # who belongs to the other one of two hosts
    wire: WireProxy | None = None  # between customers and target, where a fault spoils it
    look: Dial | None = None  # as ``watch``, but by the way that customers go; None where there is but one
    fault_now: str = ""  # the kind that struck last of those in force
    alerts: dict[int, str] = field(default_factory=dict)  # those that are raised now: by level what they say
    trouble: Trouble = field(default_factory=lambda: Trouble(Transport("")))  # why contacts fail
    aside: Trouble = field(default_factory=lambda: Trouble(Transport("")))  # what goes wrong for agents and the probe

    @contextmanager
    def under(self, kind: str) -> Iterator[None]:
        """While a fault of this kind is in force, which is what a stop and a line of progress name."""
        self.fault_now = kind
        try:
            yield
        finally:
            self.fault_now = "" if self.fault_now == kind else self.fault_now

    def wire_is_spoiled(self) -> bool:
        """Whether a fault breaks connections of customers now, or did a moment ago."""
        return self._in_force(BREAK)

    def is_held_up(self) -> bool:
        """Whether a fault keeps the target from answering agents now, or did a moment ago."""
        return self._in_force(HOLD_UP)

    def _in_force(self, kinds: frozenset[str]) -> bool:
        real, now = self.clock.real, self.clock.now()
        return any(
            fault.kind in kinds and real(fault.start_s) <= now <= real(fault.healed_s) + MOMENT
            for fault in self.timeline.faults
        )

    @property
    def contact_names(self) -> tuple[str, ...]:
        """Contact types, which are the skills, in the scenario's order."""
        return tuple(self.scenario.contacts)
