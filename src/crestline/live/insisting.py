"""Asking again where no answer came: a target that is started anew has lost the answer, not what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import gevent

from crestline.live.adapters import Unanswered
from crestline.live.floor import Tally

TRIES = 3
AGAIN = 0.05  # real seconds until it is tried again
Got = TypeVar("Got")


def insist(tally: Tally, verb: Callable[..., Got], *args: object) -> Got:
    """What a verb returns that may be said twice; raises what it raises, and ``Unanswered`` after the last try."""
    for _ in range(TRIES - 1):
        try:
            return verb(*args)
        except Unanswered:
            tally.request_errors += 1
            gevent.sleep(AGAIN)
    return verb(*args)
