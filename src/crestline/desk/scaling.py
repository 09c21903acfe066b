"""How the triage pool grows and shrinks: one function of plain values, asked on every control tick."""

from __future__ import annotations

from typing import NamedTuple

from crestline.desk.settings import TriageSettings


class Load(NamedTuple):
    """The pool as a tick finds it. ``idle`` counts ready workers that hold no contact."""

    busy: int
    ready: int
    starting: int
    idle: int


class Decision(NamedTuple):
    """How many workers to start or to stop, and the tick since which the pool has been quiet.

    None where it is not quiet, or has just shrunk and is watched anew.
    """

    start: int
    stop: int
    quiet_from: int | None


def scale(tick: int, load: Load, quiet_from: int | None, triage: TriageSettings) -> Decision:
    """The decision of control tick number ``tick``; quiet time is counted in whole ticks, so no clock jitters it."""
    slots = load.ready * triage.slots
    if slots == 0:
        return Decision(0, 0, None)
    total = load.ready + load.starting
    if load.busy >= triage.scale_out_at * slots:
        room = max(0, min(triage.step, triage.at_most - total))
        return Decision(0 if load.starting else room, 0, None)
    if load.busy >= triage.scale_out_at / 2 * slots:
        return Decision(0, 0, None)
    since = tick if quiet_from is None else quiet_from
    if (tick - since) * triage.tick < triage.scale_in_after - 1e-9:
        return Decision(0, 0, since)
    stop = max(0, min(triage.step, load.idle, load.ready - triage.workers))
    return Decision(0, stop, None if stop else since)
