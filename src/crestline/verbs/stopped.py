"""How a live run ended that did not come to its end: the exit code of the command, and why, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from crestline.errors import INCONCLUSIVE
from crestline.live.ledger import LOAD
from crestline.runs import RunFolder

WORDS = {
    "SIGINT": "interrupted by SIGINT",
    "SIGTERM": "interrupted by SIGTERM",
    "interrupted": "interrupted",
    "stopped by hand": "stopped by hand before its end",
    "workers lost": "every worker was lost before the run's end",
    "stop file": "stopped by a guard: there is a stop file in the run folder",
}


class Stopped(NamedTuple):
    """It stands above every verdict: what was seen until then is reported, but the run is not to be trusted."""

    exit_code: int
    why: str


def how_stopped(folder: RunFolder) -> Stopped | None:
    """What the run in a folder says of its end; None for one that was played to it."""
    load = folder.read_json(LOAD) if folder.has(LOAD) else None
    if load is None:
        return Stopped(INCONCLUSIVE, "the live run was killed before it could write down its load; see locust.log")
    if load.get("finished"):
        return None
    from crestline.live.play import exit_code  # here, since it imports gevent, which a forecast does without

    reason = load.get("stopped_by") or ""
    return Stopped(exit_code(load), WORDS.get(reason, f"stopped by a guard: {reason}"))


def failures(load: Mapping[str, Any]) -> list[str]:
    """What customers met with at the target that no fault explains, the most frequent first."""
    met = load.get("failures") or {}
    return [f"customers met with an error {count:,} times: {cause}" for cause, count in met.items()]
