"""Faults that somebody else's tool brings about: done, seen and undone by a guardian of our own process.

The guardian undoes it, too, when this run is killed or the time to live is over: see ``guardian``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import gevent

from crestline.errors import TargetError
from crestline.live.faults.deeds import Deed, unknown_variables
from crestline.live.outpost import Outpost
from crestline.live.scene import Scene
from crestline.scenario.block import spelled
from crestline.scenario.hooks import Activity, ChaosHook, CommandHook, HttpHook, HttpRequest
from crestline.tables import Fault

SPARE = 10.0  # real seconds that the time to live goes beyond the planned end
PATIENCE = 30.0  # real seconds that a deed may take
GLANCE, LEAST = 5.0, 0.5  # and a look at most, as far as the fault lasts, and at least
LOOK = 0.2  # real seconds between two looks whether it shows
NOTHING_LEFT = "nothing is left of it to be undone"
log = logging.getLogger(__name__)


class Hook(NamedTuple):
    """How a fault is brought about, taken back, and seen from outside; ``verify`` succeeds while it is in force."""

    inject: Deed
    undo: Deed
    verify: Deed  # empty where there is no way to see it


def obstacle(block: CommandHook | HttpHook | ChaosHook) -> str:
    """Why it cannot be done here; empty where it can, as far as can be told without doing it."""
    missing = unknown_variables(hook(block))
    return f"the environment variable {missing[0]} is not set" if missing else ""


def hook(block: CommandHook | HttpHook | ChaosHook) -> Hook:
    """What a scenario says of it, as deeds."""
    return Hook(*(_deed(block.kind, part) for part in (block.inject, block.undo, block.verify)))


def _deed(kind: str, part: tuple[str, ...] | HttpRequest | Activity | None) -> Deed:
    if part is None:
        return {}
    return {"kind": kind, **({"argv": list(part)} if isinstance(part, tuple) else spelled(part))}


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Do it at its instant, see it, undo it, see that gone; both edges are written down as they were seen."""
    block, clock = scene.scenario.faults[index], scene.clock
    if not isinstance(block, CommandHook | HttpHook | ChaosHook):
        msg = f"faults[{index}]: expected a hook (got {block.kind})"
        raise TargetError(msg)
    planned, end, deeds = clock.real(fault.start_s), clock.real(fault.end_s), hook(block)
    fields: dict[str, Any] = {"index": index, "kind": fault.kind, "planned": planned}
    try:
        with _guardian(scene, fault.kind, deeds) as guardian:
            clock.hold(planned)
            with scene.under(fault.kind):
                _strike(scene, guardian, deeds, fields, end)
                clock.hold(end)
                _undo(scene, guardian, deeds, fields)
    except TargetError as error:
        log.error("%s: %s", fault.kind, error)  # noqa: TRY400 - the words are enough
        scene.ledger.fault(fields | {"error": str(error)})


class _Guardian(Outpost):
    """The process that does a hook and undoes it; what it is ordered first is to inject."""

    def __init__(self, folder: Path, kind: str) -> None:
        super().__init__("crestline.live.faults.guardian", [str(folder)], f"{kind}: its guardian")
        self._is_undone = False

    def do(self, what: str, **fields: Any) -> dict[str, Any]:
        """What came of a deed; TargetError where no answer comes."""
        got = self.order({"do": what, "within": PATIENCE, **fields}, PATIENCE + SPARE)
        self._is_undone = self._is_undone or (what == "undo" and got["ok"])
        return got

    @property
    def may_leave_it(self) -> bool:
        """Whether it was told to inject and has not said that it is undone: should it die, somebody else has to."""
        return self.has_orders and not self._is_undone


@contextmanager
def _guardian(scene: Scene, kind: str, deeds: Hook) -> Iterator[_Guardian]:
    """One that undoes what is left to be undone in the end; one that has died leaves that to another."""
    guardian = _Guardian(scene.ledger.folder, kind)
    try:
        yield guardian
    except TargetError as error:
        if not guardian.is_gone:
            raise
        left = _undone_by(_Guardian(scene.ledger.folder, kind), deeds) if guardian.may_leave_it else NOTHING_LEFT
        msg = f"{error}; {left}"
        raise TargetError(msg) from error
    finally:
        guardian.end(SPARE)


def _undone_by(another: _Guardian, deeds: Hook) -> str:
    try:
        undone = another.do("undo", deed=deeds.undo)
    finally:
        another.end(SPARE)
    return f"{'undone' if undone['ok'] else 'NOT undone'} by another: {undone['told']}"


def _strike(scene: Scene, guardian: _Guardian, hook: Hook, fields: dict[str, Any], end: float) -> None:
    """Do it, and look until it shows; what was done and does not show has to be undone all the same."""
    clock, ttl = scene.clock, end - scene.clock.now() + SPARE
    done = guardian.do("inject", deed=hook.inject, undo=hook.undo, ttl=ttl)
    if not done["ok"]:
        raise TargetError(done["told"])
    at, told = done["at"], f"inject: {done['told']}"
    if hook.verify:
        seen = _until(scene, guardian, hook.verify, shows=True, last=end)
        if not seen["ok"]:
            log.error("%s is not seen to take effect: %s", fields["kind"], seen["told"])
            fields["error"] = f"not seen to take effect: {seen['told']}"
            return
        at, told = at if seen["first"] else seen["began"], f"verify: {seen['told']}"
    fields |= {"effective": at - clock.monotonic(0.0), "verified": told}
    scene.ledger.fault(fields)


def _undo(scene: Scene, guardian: _Guardian, hook: Hook, fields: dict[str, Any]) -> None:
    """Undo it, and look until it does not show any more."""
    undone = guardian.do("undo")
    if not undone["ok"]:
        log.error("%s could not be undone: %s", fields["kind"], undone["told"])
        scene.ledger.fault(fields | {"error": f"not undone: {undone['told']}"})
        return
    if "error" in fields:
        scene.ledger.fault(fields | {"undone": undone["told"]})
        return
    at, told = undone["at"], f"undo: {undone['told']}"
    if hook.verify:
        seen = _until(scene, guardian, hook.verify, shows=False, last=scene.clock.now() + SPARE)
        if seen["ok"]:
            log.error("%s still shows although it was undone: %s", fields["kind"], seen["told"])
            scene.ledger.fault(fields | {"error": f"still there after undo: {seen['told']}"})
            return
        at, told = at if seen["first"] else seen["began"], f"{told}; verify: {seen['told']}"
    scene.ledger.fault(fields | {"healed": at - scene.clock.monotonic(0.0), "undone": told})


def _until(scene: Scene, guardian: _Guardian, verify: Deed, *, shows: bool, last: float) -> dict[str, Any]:
    """Look again and again until the fault shows, or does not; the last look, and whether it was the ``first``."""
    first = True
    while True:
        within = min(GLANCE, max(LEAST, last - scene.clock.now()))  # one that hangs must not put off the undo
        seen = guardian.do("verify", deed=verify, within=within)
        if seen["ok"] is shows or scene.clock.now() >= last:
            return seen | {"first": first}
        first = False
        gevent.sleep(LOOK)
