"""How each fault is injected into a live target; what it does to the schedule is the matter of ``crestline.faults``.

Every file has ``inject``: called well before the strike, it returns when the fault has healed and has been seen to
be, and writes both edges down as they were seen. Where something can stand in the way a file says so by ``obstacle``.
"""

from __future__ import annotations

from collections.abc import Callable

from crestline.live.faults import (
    agents_leave,
    chaos,
    command,
    demand_spike,
    http,
    platform_outage,
    pool_freeze,
    retry_storm,
    slow_agents,
    storage_stall,
    triage_brownout,
    triage_outage,
    triage_worse,
    web_worker_kill,
    wire,
)
from crestline.live.scene import Scene
from crestline.tables import Fault

INJECT: dict[str, Callable[[Scene, int, Fault], None]] = {
    "triage-outage": triage_outage.inject,
    "triage-brownout": triage_brownout.inject,
    "triage-worse": triage_worse.inject,
    "web-worker-kill": web_worker_kill.inject,
    "storage-stall": storage_stall.inject,
    "platform-outage": platform_outage.inject,
    "agents-leave": agents_leave.inject,
    "slow-agents": slow_agents.inject,
    "pool-freeze": pool_freeze.inject,
    "demand-spike": demand_spike.inject,
    "retry-storm": retry_storm.inject,
    "wire": wire.inject,
    "command": command.inject,
    "http": http.inject,
    "chaos": chaos.inject,
}
ON_TARGET = frozenset({
    "triage-outage",
    "triage-brownout",
    "triage-worse",
    "web-worker-kill",
    "storage-stall",
    "platform-outage",
    "pool-freeze",
})  # fmt: skip
"""Kinds that the target brings about itself: its adapter has to name them."""
FROM_OUTSIDE = frozenset({"wire", "command", "http", "chaos"})
"""Kinds that are brought about without the target's help, and without agents of ours."""
