"""Triage: an elastic pool of workers with slots, which can be killed and comes back."""

from __future__ import annotations

import math

import simpy

from crestline import rules
from crestline.engine.kinds import Kind
from crestline.engine.reference.breaker import Breaker
from crestline.engine.reference.clock import Clock
from crestline.engine.reference.lines import Line
from crestline.engine.reference.recorder import Recorder
from crestline.engine.reference.state import State
from crestline.engine.reference.words import GIVEN_BACK, IN_SLOT, LEFT, SERVED, Word
from crestline.scenario import Triage as Settings


class Triage:
    """Workers by number; a contact takes the lowest ready one that has a free slot."""

    def __init__(self, clock: Clock, state: State, settings: Settings, recorder: Recorder, index: int) -> None:
        self.clock, self.state, self.recorder, self.index = clock, state, recorder, index
        self.pool = settings.pool
        self.breaker = Breaker(clock, settings.breaker) if settings.breaker else None
        self.busy_of = dict.fromkeys(range(self.pool.workers), 0)  # ready workers and their busy slots
        self.starting: set[int] = set()
        self.holding: dict[int, tuple[int, simpy.Event]] = {}  # row: its worker, and what it waits for
        self.line = Line(clock)
        self.is_down = False
        self.lives = 0  # strikes so far: a start or return that was planned before the last one does not count
        self.to_come_back = 0  # workers that were ready at the first strike since they last were
        self.quiet_since = math.nan
        self._record()

    def ask(self, row: int, patience_s: float) -> simpy.Event:
        """Ask for a slot; the event says in a slot, left or given back."""
        if (self.breaker and not self.breaker.lets_in(row)) or self.is_down:
            return self.clock.granted(GIVEN_BACK)
        if self.breaker:
            self._time_out_after(self.breaker.settings.timeout + self.state.condition.delay_s, row)
        asked = self.line.join(row, self.clock.now)
        self._fill()
        if row in self.line.waiting:
            self._record()
            if patience_s < math.inf:
                self.clock.after(patience_s, Kind.LEAVE, row, self._leave)
        return asked

    def answer(self, row: int, reply_s: float) -> simpy.Event:
        """Hold the slot until the bot replies; the event says served or given back."""
        condition = self.state.condition
        self.clock.after(reply_s * condition.reply_factor + condition.delay_s, Kind.REPLY, row, self._reply)
        return self.holding[row][1]

    def strike(self) -> list[simpy.Event]:
        """Kill every worker; the waits of those in a slot, by row, for the notice."""
        held = [self.holding[row][1] for row in sorted(self.holding)]
        if not self.is_down:
            self.to_come_back = len(self.busy_of)
        self.is_down = True
        self.lives += 1
        self.busy_of.clear()
        self.starting.clear()
        self.holding.clear()
        while first := self.line.first():
            self.line.call(first[1], GIVEN_BACK)
        self._record()
        return held

    def come_back(self, life: int) -> None:
        """As many workers as were ready are ready again, unless they have been struck meanwhile."""
        if life != self.lives:
            return
        self.is_down = False
        self.busy_of = dict.fromkeys(range(self.to_come_back), 0)
        self.quiet_since = math.nan
        self._record()

    def look(self) -> None:
        """Those in line take the free slots, since what is out of the ordinary has changed."""
        self._fill()

    def scale(self) -> None:
        """Start or stop workers, as the control tick finds the pool."""
        pool, busy, ready = self.pool, len(self.holding), self._slots
        workers = len(self.busy_of) + len(self.starting)
        more = rules.workers_to_start(
            busy, ready, workers, len(self.starting), pool.scale_out_at, pool.step, pool.at_most
        )
        self.quiet_since = rules.quiet_since(self.quiet_since, self.clock.now, busy, ready, pool.scale_out_at)
        idle = [worker for worker in sorted(self.busy_of, reverse=True) if self.busy_of[worker] == 0]
        fewer = rules.workers_to_stop(
            self.quiet_since, self.clock.now, pool.scale_in_after, len(idle), len(self.busy_of), pool.step, pool.workers
        )
        if not self.state.condition.is_frozen:
            self._start(more)
        self._stop(idle[:fewer])

    @property
    def _slots(self) -> int:
        return len(self.busy_of) * self.pool.slots

    def _start(self, count: int) -> None:
        free = (n for n in range(self.pool.at_most) if n not in self.busy_of and n not in self.starting)
        for _, worker in zip(range(count), list(free), strict=False):
            self.starting.add(worker)
            life = self.lives
            self.clock.after(self.pool.start_up, Kind.START, worker, lambda w, life=life: self._started(w, life))

    def _started(self, worker: int, life: int) -> None:
        if life == self.lives:
            self.starting.discard(worker)
            self.busy_of[worker] = 0
            self._record()
            self._fill()

    def _stop(self, workers: list[int]) -> None:
        if workers:
            for worker in workers:
                del self.busy_of[worker]
            self.quiet_since = math.nan
            self._record()

    def _fill(self) -> None:
        """Let those in line take the free slots."""
        while (first := self.line.first()) and not self.state.is_still:
            free = [worker for worker, busy in self.busy_of.items() if busy < self.pool.slots]
            if not free:
                return
            worker = min(free)
            self.busy_of[worker] += 1
            self.holding[first[1]] = (worker, self.clock.event())
            self.line.call(first[1], IN_SLOT)
            self._record()

    def _reply(self, row: int) -> None:
        replies_at_s = self.state.condition.replies_at_s
        if row in self.holding and replies_at_s > self.clock.now:
            self.clock.after(replies_at_s - self.clock.now, Kind.REPLY, row, self._reply)
        elif row in self.holding:
            self._let_go(row, SERVED)

    def _let_go(self, row: int, word: Word) -> None:
        worker, held = self.holding.pop(row)
        self.busy_of[worker] -= 1
        held.succeed(word)
        self._record()
        self._fill()

    def _time_out_after(self, delay_s: float, row: int) -> None:
        self.clock.after(delay_s, Kind.TIMEOUT, row, self._time_out)

    def _time_out(self, row: int) -> None:
        """The contact waits no longer, neither for a slot nor in one."""
        if self.state.is_still:
            self._time_out_after(self.state.condition.serves_at_s - self.clock.now, row)
        elif row in self.line.waiting:
            self.line.call(row, GIVEN_BACK)
            self._record()
        elif row in self.holding:
            self._let_go(row, GIVEN_BACK)

    def _leave(self, row: int) -> None:
        if row in self.line.waiting:
            self.line.call(row, LEFT)
            self._record()

    def _record(self) -> None:
        self.recorder.pool(self.clock.now, self.index, self._slots, len(self.holding), len(self.line))
