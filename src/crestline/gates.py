"""The harness judges itself first: whether a live run can be trusted at all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from crestline.verdict import Gate

SENT_SHARE = 0.999
CPU_SHARE = 0.8
HAND_OVER_SHARE = 0.02  # of the mean handle time: the one delay that queues amplify


def gates(
    load: Mapping[str, Any],
    mean_handle_s: float | None,
    *,
    integrity: Mapping[str, int] | None = None,
    atomic: bool = True,
    agents: bool = True,
) -> list[Gate]:
    """The validity gates of a run, from what the run says of itself (durations in scenario seconds).

    ``atomic``: the target promises that two agents never get the same contact, so that none may be doubled.
    ``agents``: somebody was there to answer.
    """
    asked = ("lost", "doubled") if atomic else ("lost",)
    kept = [_at_most(name, integrity[name], 0.0) for name in asked] if integrity else []
    sent = load["sent"] / load["planned"] if load.get("planned") else None
    present = load["agents_live"] / load["agents_planned"] if load.get("agents_planned") else None
    hand_over = load["hand_over_s"] / mean_handle_s if load.get("hand_over_s") is not None and mean_handle_s else None
    finished = bool(load.get("finished"))
    return [
        Gate("run finished", float(finished), 1.0, finished),
        _at_least("sent / planned", sent, SENT_SHARE),
        _at_most("dropped", load.get("dropped"), 0.0),
        _at_most("held back by max_rate", load.get("held_back"), 0.0),
        _at_least("workers reported", load.get("workers"), float(load.get("workers_planned") or 1)),
        *([_at_least("agents live / planned", present, 1.0)] if agents else []),
        _at_most("generator CPU", load.get("cpu_share"), CPU_SHARE),
        *([_at_most("hand-over / handle time", hand_over or 0.0, HAND_OVER_SHARE)] if agents else []),
        *_raised(load.get("adapter_errors") or {}),
        *kept,
    ]


def fault_gates(faults: Iterable[tuple[str, float, str]], *, agents: bool = True) -> list[Gate]:
    """A failed gate for every fault that may still be in force: (kind, effective_s, what went wrong).

    One that never took effect leaves the target as it was, and the verdict on recovery unclear; a load alone, which
    judges no recovery, is not what was planned.
    """
    return [
        Gate(f"{kind} as planned: {error}", 1.0, 0.0, False)
        for kind, effective_s, error in faults
        if error and (math.isfinite(effective_s) or not agents)
    ]


def _raised(errors: Mapping[str, int]) -> list[Gate]:
    """What nobody else counts: for customers, what an adapter raises is a failed contact."""
    return [Gate(f"adapter without errors: {cause}", float(count), 0.0, False) for cause, count in errors.items()]


def _at_least(name: str, value: float | None, limit: float) -> Gate:
    return Gate(name, value, limit, value is not None and value >= limit)


def _at_most(name: str, value: float | None, limit: float) -> Gate:
    return Gate(name, value, limit, value is not None and value <= limit)
