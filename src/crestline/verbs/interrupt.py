"""Ctrl-C and SIGTERM during a run: both become one exception, so that everything that was started is ended."""

from __future__ import annotations

import signal
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager

from crestline.errors import Interrupted

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does; where the caller is not the main thread, signals are its own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: types.FrameType | None) -> None:
        raise Interrupted(number)

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
