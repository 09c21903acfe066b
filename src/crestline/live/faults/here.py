"""Whether a fault can be brought about here, and why not; asked before anything is started or sent."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, NamedTuple

from crestline.live.adapters import Capabilities
from crestline.live.faults import INJECT, ON_TARGET, command, http, web_worker_kill, wire
from crestline.live.faults import chaos as activities
from crestline.scenario import Scenario

TOKEN_MISSING = "it needs the target's token; set CRESTLINE_DESK_TOKEN as it was when the desk started"  # noqa: S105
ONLY_FORECAST = "only the forecast plays it: nothing brings it about in a live run"


class Here(NamedTuple):
    """What a drill would have to do with: ``host`` is empty for a reference desk that is started for it."""

    host: str
    can: Capabilities
    token: str  # empty: none is known; a desk of the drill's own is given one
    refusal: str = ""  # why the target lets nobody break it, where it was asked


def kind_obstacle(kind: str, here: Here) -> str:
    """Why no fault of a kind can be brought about; empty where one can, as far as its kind goes."""
    if kind not in INJECT:
        return ONLY_FORECAST
    if kind == "chaos" and find_spec("chaoslib") is None:
        return activities.MISSING
    if kind not in ON_TARGET:
        return ""
    if kind not in here.can.faults:
        return f"this target cannot be told to suffer it (it knows {', '.join(here.can.faults) or 'none'})"
    if here.host and not here.token:
        return TOKEN_MISSING
    return here.refusal


def obstacle(scenario: Scenario, index: int, here: Here) -> str:
    """Why this fault of a scenario cannot be brought about; empty where it can, as far as can be told beforehand."""
    return kind_obstacle(scenario.faults[index].kind, here) or own_obstacle(scenario, index, here.host)


def own_obstacle(scenario: Scenario, index: int, host: str) -> str:
    """What is in the way of this fault alone, by what it says: nothing that the target would have to allow."""
    fault: Any = scenario.faults[index]
    special = SPECIAL.get(fault.kind)
    return special(scenario, fault, host) if special else ""


SPECIAL: dict[str, Callable[[Scenario, Any, str], str]] = {
    "wire": wire.obstacle,
    "command": command.obstacle,
    "http": http.obstacle,
    "chaos": activities.obstacle,
    "web-worker-kill": web_worker_kill.obstacle,
}
