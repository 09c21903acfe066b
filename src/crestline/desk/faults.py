"""Faults: each is real, is asked for with a time to live, and heals itself whatever its client does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from crestline.desk.effects import Fault, Means, effect_of
from crestline.desk.floor import Conflict
from crestline.desk.journal import Journal
from crestline.desk.pool import Pool
from crestline.desk.triage import Triage

WARM_S = 1.0
"""How long before its planned ready instant a worker's process is started at the latest."""

OUTAGE = "triage-outage"

NO_OPTIONS: dict[str, Any] = {}


class Faults:
    """The faults of this desk, and the timers that strike and lift them."""

    def __init__(
        self, journal: Journal, triage: Triage | None, pool: Pool | None, command: Callable[..., None]
    ) -> None:
        self.all: dict[int, Fault] = {}
        self._journal = journal
        self._triage = triage
        self._pool = pool
        self._command = command
        self._means = Means(triage, pool, command)
        self._timers: dict[int, list[asyncio.TimerHandle]] = {}
        self._revived: set[int] = set()

    @property
    def open(self) -> list[Fault]:
        """Faults that have not healed."""
        return [f for f in self.all.values() if f.healed_at is None]

    @property
    def door_shut(self) -> bool:
        """Whether the platform is out."""
        return self.is_in_force("platform-outage")

    def is_in_force(self, kind: str) -> bool:
        """Whether a fault of this kind is effective now."""
        return any(f.kind == kind and f.effective_at is not None for f in self.open)

    def plan(self, kind: str, for_s: float, ttl_s: float, in_s: float, options: dict[str, Any] = NO_OPTIONS) -> Fault:
        """A new fault that strikes ``in_s`` from now and is lifted after ``for_s``, or ``ttl_s`` if that is shorter."""
        if any(f.kind == kind for f in self.open):
            raise Conflict(f"a {kind} is under way")
        struck_at = self._journal.clock() + in_s
        last_s = min(for_s, ttl_s)
        fault = Fault(len(self.all) + 1, kind, struck_at, struck_at + last_s, options)
        if effect_of(fault).of_triage and self._pool is None:
            raise Conflict("this desk has no triage to strike")
        self.all[fault.id] = fault
        self._journal.note("fault", id=fault.id, fault=kind, in_s=in_s, last_s=last_s, options=options)
        if in_s > 0:
            self._after(fault, struck_at, self._strike)
        else:
            self._strike(fault)
        return fault

    def lift(self, fault: Fault) -> None:
        """End a fault now, before its time."""
        now = self._journal.clock()
        if fault.healed_at is not None or now >= fault.lift_at:
            return
        fault.lift_at = now
        self._journal.note("lifted", id=fault.id)
        if not fault.has_struck:
            self._stop_timers(fault)
            self._heal(fault, now)
        elif fault.kind == OUTAGE:
            if fault.id not in self._revived:
                self._revive(fault)
        else:
            self._take_back(fault)

    def struck(self, number: int, at: float) -> None:
        """The supervisor has done what the fault is about, and seen it done."""
        fault = self.all[number]
        if fault.effective_at is None:
            self._take_effect(fault, at)
            self._journal.commit()

    def lifted(self, number: int, at: float) -> None:
        """The supervisor has undone it."""
        fault = self.all[number]
        if fault.healed_at is None:
            self._heal(fault, at)
            self._journal.commit()

    def workers_ready(self) -> None:
        """Every triage worker that is due is ready: what waited for that has healed."""
        for fault in self.open:
            if fault.id in self._revived:
                self._heal(fault, self._journal.clock())

    def view(self, fault: Fault) -> dict[str, Any]:
        """What a client sees: ages in seconds by the desk's own clock."""
        now = self._journal.clock()
        ages = {"struck": fault.struck_at, "effective": fault.effective_at, "healed": fault.healed_at}
        seen = {f"{edge}_ago": None if at is None or at > now else now - at for edge, at in ages.items()}
        return {"id": fault.id, "kind": fault.kind, "state": fault.state(now), **seen}

    # --- the course of a fault ----------------------------------------------------------------------------------

    def _strike(self, fault: Fault) -> None:
        fault.has_struck = True
        if fault.kind == OUTAGE and self._pool is not None:
            fault.workers = self._pool.strike()
            self._command(kill=fault.id)
        self._journal.note("struck", id=fault.id, workers=fault.workers)
        self._bring_about(fault)
        self._schedule(fault)
        self._journal.commit()

    def _bring_about(self, fault: Fault) -> None:
        effect = effect_of(fault)
        effect.strike(self._means, fault)
        if not effect.is_told and fault.effective_at is None:
            self._take_effect(fault, self._journal.clock())

    def _take_effect(self, fault: Fault, at: float) -> None:
        fault.effective_at = at
        self._journal.note("effective", at=at, id=fault.id)

    def _schedule(self, fault: Fault) -> None:
        if fault.kind != OUTAGE:
            self._after(fault, fault.lift_at, self._take_back)
        elif self._triage is not None:
            self._after(fault, fault.struck_at + self._triage.settings.notice, self._give_back)
            self._after(fault, self._back_at(fault) - max(self._triage.settings.start_up, WARM_S), self._revive)

    def _take_back(self, fault: Fault) -> None:
        effect = effect_of(fault)
        effect.lift(self._means, fault)
        if not effect.is_told:
            self._heal(fault, self._journal.clock())

    def _give_back(self, _: Fault) -> None:
        if self._triage is not None:
            self._triage.give_back()

    def _back_at(self, fault: Fault) -> float:
        return fault.lift_at + (self._triage.settings.start_up if self._triage is not None else 0.0)

    def _revive(self, fault: Fault) -> None:
        if self._pool is not None and fault.id not in self._revived:
            self._revived.add(fault.id)
            self._pool.revive(fault.workers or 1, self._back_at(fault))

    def _heal(self, fault: Fault, at: float) -> None:
        fault.healed_at = at
        self._journal.note("healed", at=at, id=fault.id)

    def _after(self, fault: Fault, at: float, act: Callable[[Fault], None]) -> None:
        def step() -> None:
            if fault.healed_at is None:
                act(fault)
                self._journal.commit()

        delay = max(0.0, at - self._journal.clock())
        self._timers.setdefault(fault.id, []).append(asyncio.get_running_loop().call_later(delay, step))

    def _stop_timers(self, fault: Fault) -> None:
        for timer in self._timers.pop(fault.id, []):
            timer.cancel()

    # --- after a restart ----------------------------------------------------------------------------------------

    def restore(self) -> None:
        """Fold the notes of the log."""
        for at, kind, body in self._journal.log.notes():
            match kind:
                case "fault":
                    struck_at, options = at + body["in_s"], body.get("options", {})
                    made = Fault(body["id"], body["fault"], struck_at, struck_at + body["last_s"], options)
                    self.all[made.id] = made
                case "struck":
                    self.all[body["id"]].has_struck = True
                    self.all[body["id"]].workers = body["workers"]
                case "effective":
                    self.all[body["id"]].effective_at = at
                case "lifted":
                    self.all[body["id"]].lift_at = at
                case "healed":
                    self.all[body["id"]].healed_at = at

    @property
    def bot_down(self) -> bool:
        """Whether an outage of triage has struck and not healed."""
        return any(f.workers is not None for f in self.open)

    @property
    def unconfirmed(self) -> bool:
        """Whether it is not known that the workers of an outage were killed: those that are there may be older."""
        return any(f.workers is not None and f.effective_at is None for f in self.open)

    def resume(self, *, there: bool) -> None:
        """Go on with what has not healed; ``there``: the workers that come back are started already."""
        for fault in self.open:
            if fault.workers is not None:
                self._resume_outage(fault, there=there)
            elif fault.has_struck:
                self._bring_about(fault)
                self._schedule(fault)
            else:
                self._after(fault, fault.struck_at, self._strike)

    def _resume_outage(self, fault: Fault, *, there: bool) -> None:
        if fault.effective_at is None:
            self._command(kill=fault.id)
        if there:
            self._revived.add(fault.id)
        elif self._pool is not None:
            self._pool.await_return(fault.workers or 0)
            self._schedule(fault)
