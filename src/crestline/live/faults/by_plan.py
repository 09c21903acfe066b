"""Faults that are in the plan of the run itself: its customers and agents behave so, nobody has to be told.

What is left to do is to write down both edges as they pass, and what was seen of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent

from crestline.live.scene import Scene
from crestline.tables import Fault

LOOK = 0.1  # real seconds between two looks whether it shows


def pass_by(scene: Scene, index: int, fault: Fault, shows: Callable[[], str], unseen: str) -> None:
    """Both edges, the first as soon as ``shows`` says how it is seen; ``unseen`` is why it does not count if never."""
    clock, start, end = scene.clock, scene.clock.real(fault.start_s), scene.clock.real(fault.end_s)
    fields: dict[str, Any] = {"index": index, "kind": fault.kind, "planned": start}
    clock.hold(start)
    effective = clock.now()
    try:
        with scene.under(fault.kind):
            while not (verified := shows()) and clock.now() < end:
                gevent.sleep(min(LOOK, max(0.0, end - clock.now())))
            if verified:
                fields |= {"effective": effective, "verified": verified}
                scene.ledger.fault(fields)
            clock.hold(end)
        verified = shows() or verified  # all that there was of it
        fields |= {"effective": effective, "verified": verified} if verified else {}
        fields |= {"healed": clock.now(), "undone": "its time is over"} if verified else {"error": unseen}
    finally:
        scene.ledger.fault(fields)
