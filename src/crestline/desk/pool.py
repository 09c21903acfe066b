"""The triage pool over time: which workers are started and stopped, by plan, by control tick, after a loss."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from crestline.desk.journal import Journal
from crestline.desk.scaling import Load, scale
from crestline.desk.settings import TriageSettings
from crestline.desk.triage import Triage, Worker
from crestline.desk.wire import Message, Peer

AGAIN_S = 0.001
"""How long until a control tick asks again whether those have opened whom it waits for."""
LATE_S = 0.02
"""How long a control tick waits for them at most."""
ROUNDING_S = 1e-6
"""Instants that are no further apart are the same."""


class Pool:
    """Asks the supervisor for processes and hears from the processes themselves.

    ``command`` speaks to the supervisor; ``on_ready`` is called whenever every worker that is due is ready.
    """

    def __init__(self, journal: Journal, triage: Triage, command: Callable[..., None]) -> None:
        self.on_ready: Callable[[], None] = lambda: None
        self._journal = journal
        self._triage = triage
        self._command = command
        self._zero = journal.clock()
        self._tick = 0
        self._quiet_from: int | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._to_return = 0
        self.frozen = False
        """No worker is started by a control tick."""
        self.stopping: tuple[int, float] | None = None
        """The fault by which the processes of workers are stopped, and until when."""

    @property
    def settings(self) -> TriageSettings:
        """The pool's plan."""
        return self._triage.settings

    @property
    def planned(self) -> int:
        """How many workers should be ready now."""
        return sum(w.ready or w.due for w in self._triage.workers.values()) + self._to_return

    @property
    def starting(self) -> int:
        """How many workers are on their way."""
        return sum(not w.ready for w in self._triage.workers.values())

    def adopt(self, numbers: Iterable[int]) -> None:
        """Take the processes that are there already; a fresh desk has none and starts its planned ones."""
        for number in numbers:
            self._triage.workers[number] = Worker(number, due=True)

    def fill(self, opens: float) -> None:
        """Start workers up to the planned number."""
        self._start(self.settings.workers - len(self._triage.workers), opens, due=True)

    def begin(self, zero: float) -> None:
        """A run begins: back to the planned number of workers, and ticks from ``zero``."""
        workers = self._triage.workers
        for number in sorted(workers, reverse=True):
            if len(workers) > self.settings.workers or not (workers[number].ready or workers[number].due):
                self._stop(workers[number])
        self.fill(self._journal.clock())
        self.tick_from(zero)

    def tick_from(self, zero: float) -> None:
        """Control ticks count from ``zero``; those before now are past."""
        past = max(0.0, self._journal.clock() - zero)
        self._zero, self._tick, self._quiet_from = zero, int(past // self.settings.tick), None
        self._plan_tick()

    def strike(self) -> int:
        """Every worker is lost. The number that is to come back: all that were planned, ready or not."""
        self._to_return = self.planned
        self._triage.strike()
        return self._to_return

    def await_return(self, count: int) -> None:
        """After a restart during an outage: this many are to come back."""
        self._to_return = count

    def revive(self, count: int, opens: float) -> None:
        """Start the workers that were lost, so that they open together."""
        self._to_return = 0
        self._start(count, opens, due=True)

    def stop_processes(self, fault: int, until: float) -> None:
        """Have every ready worker's process stopped, and from now on each that gets ready."""
        self.stopping = fault, until
        self._command(harm=fault, do="stop", workers=[w.number for w in self._triage.ready], until=until)

    # --- what is heard ------------------------------------------------------------------------------------------

    def heard(self, peer: Peer, message: Message) -> None:
        """A worker speaks."""
        if "hello" in message:
            self._greet(peer, message)
        worker = next((w for w in self._triage.workers.values() if w.peer is peer), None)
        if worker is None:
            return
        if "ready" in message or message.get("open"):
            self._open(worker)
        if "reply" in message:
            self._triage.replied(worker, message["reply"])
        self._journal.commit()

    def hung_up(self, peer: Peer) -> None:
        """The connection of a worker is gone; unless an outage took it, its contacts look for another slot."""
        worker = next((w for w in self._triage.workers.values() if w.peer is peer), None)
        if worker is not None:
            worker.peer, worker.ready, worker.due = None, False, True
            contacts = list(worker.holds.values())
            worker.holds.clear()
            self._triage.lost(contacts)
            self._journal.commit()

    def gone(self, number: int) -> None:
        """The supervisor saw a worker's process end, unasked: another one takes its number."""
        worker = self._triage.workers.get(number)
        if worker is not None:
            if worker.peer is not None:
                self.hung_up(worker.peer)
            del self._triage.workers[number]
            self._launch(number, self._journal.clock() + self.settings.start_up, due=True)

    def _greet(self, peer: Peer, message: Message) -> None:
        worker = self._triage.workers.get(message["hello"])
        if worker is None:
            peer.close()
            return
        worker.peer = peer
        unknown = [c for c in worker.holds.values() if c.id not in message["held"]]
        for contact in unknown:
            del worker.holds[contact.id]
        for number in set(message["held"]) - set(worker.holds):
            peer.send(drop=number)
        self._triage.lost(unknown)

    def _open(self, worker: Worker) -> None:
        worker.ready, self._triage.down = True, False
        if self.stopping is not None:
            self.stop_processes(*self.stopping)
        self._triage.serve_line()
        if self._to_return == 0 and all(w.ready for w in self._triage.workers.values() if w.due):
            self.on_ready()

    # --- control ticks ------------------------------------------------------------------------------------------

    def _plan_tick(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._tick += 1
        delay = self._tick_at - self._journal.clock()
        self._timer = asyncio.get_running_loop().call_later(max(0.0, delay), self._control)

    @property
    def _tick_at(self) -> float:
        """When the next control tick falls."""
        return self._zero + self._tick * self.settings.tick

    def _control(self) -> None:
        """Grow or shrink; who opens at this very instant does so before the tick looks, and has a moment to say it."""
        by = self._tick_at + ROUNDING_S
        is_opening = any(w.opens <= by and not w.ready for w in self._triage.workers.values())
        if is_opening and self._journal.clock() < by + LATE_S:
            self._timer = asyncio.get_running_loop().call_later(AGAIN_S, self._control)
            return
        ready = self._triage.ready
        idle = [w for w in ready if not w.holds]
        load = Load(self._triage.busy, len(ready), self.starting, len(idle))
        decision = scale(self._tick, load, self._quiet_from, self.settings)
        self._quiet_from = decision.quiet_from
        opens = self._tick_at + self.settings.start_up
        self._start(0 if self.frozen else decision.start, opens, due=False)
        for worker in sorted(idle, key=lambda w: w.number, reverse=True)[: decision.stop]:
            self._stop(worker)
        self._journal.commit()
        self._plan_tick()

    def _start(self, count: int, opens: float, *, due: bool) -> None:
        for _ in range(count):
            number = next(n for n in range(len(self._triage.workers) + 1) if n not in self._triage.workers)
            self._launch(number, opens, due=due)

    def _launch(self, number: int, opens: float, *, due: bool) -> None:
        self._triage.workers[number] = Worker(number, due, opens)
        self._command(start=number, opens=opens)

    def _stop(self, worker: Worker) -> None:
        del self._triage.workers[worker.number]
        self._command(stop=worker.number)
        self._triage.lost(list(worker.holds.values()))
