"""Ending greenlets, be they willing or not."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import gevent


def end(greenlets: Iterable[gevent.Greenlet], at_most: float) -> None:
    """Kill them and wait for it, ``at_most`` real seconds; one that swallows its end is left behind."""
    with suppress(gevent.Timeout):
        gevent.killall(list(greenlets), block=True, timeout=at_most)
