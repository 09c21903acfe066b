"""How each fault is injected into a live target; what it does to the schedule is the matter of ``crestline.faults``.

Every file has ``inject``: called well before the strike, it returns when the fault has healed, and writes both edges
down as they were seen.
"""

from __future__ import annotations

from collections.abc import Callable

from crestline.live.faults import agents_leave, platform_outage, triage_outage
from crestline.live.scene import Scene
from crestline.tables import Fault

INJECT: dict[str, Callable[[Scene, int, Fault], None]] = {
    "triage-outage": triage_outage.inject,
    "agents-leave": agents_leave.inject,
    "platform-outage": platform_outage.inject,
}
ON_TARGET = frozenset({"triage-outage", "platform-outage"})
