"""Waiting for a target that tells nothing by itself: it is asked every so often.

``poll`` and ``claim`` are to wait for something to tell; a target without long-polls answers at once. Without a pause
between two questions customers and agents would ask as fast as the wire can carry, and be a load that nobody planned.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Told = TypeVar("Told")

EVERY = 0.5  # real seconds between two questions, unless an adapter says otherwise


def wait_for(ask: Callable[[], Told], wait: float, every: float = EVERY) -> Told:
    """What ``ask`` tells as soon as that is something (true), at the latest after ``wait`` real seconds.

    It asks at once, then every ``every`` seconds, and once more at the very end. Under Locust the sleep lets others
    work, since Locust replaces ``time.sleep``.
    """
    last = time.monotonic() + wait
    while True:
        told = ask()
        left = last - time.monotonic()
        if told or left <= 0:
            return told
        time.sleep(min(every, left))
