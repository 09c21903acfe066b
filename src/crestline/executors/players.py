"""Processes that play days: they end with this one, however it ends, and no signal hits them as they come up."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from crestline.executors.cores import cores
from crestline.executors.heap import keep_memory

WATCH_S = 1.0
PATIENCE_S = 0.1  # how long processes have to end by themselves; and to strike off what nobody asks for any more
PLAYED_WITH = ("crestline.replicate", "crestline.engine.compiled")
ASKED_TO_END = (signal.SIGINT, signal.SIGTERM)


class Players(ProcessPoolExecutor):
    """A process per core, or so many; they end with this one, however it ends."""

    def __init__(self, places: int | None = None) -> None:
        self._started = _Spawned()
        super().__init__(places or cores(), self._started, _end_with, (os.getpid(),))

    def come_up(self) -> Future[None]:
        """Start the processes now, and let one load what days are played with; it is there when that is done."""
        with held_back():
            return self.submit(_load)

    def __exit__(self, *_: object) -> None:
        """End the processes; those that still play what nobody asks for any more are not waited for."""
        self.shutdown(wait=False, cancel_futures=True)
        until = time.monotonic() + PATIENCE_S
        started = [process for process in self._started.processes if process.pid is not None]
        for process in started:
            process.join(max(0.0, until - time.monotonic()))
        for process in started:
            process.kill()
            process.join()


class _Spawned(SpawnContext):
    """Starts processes anew, and remembers them."""

    def __init__(self) -> None:
        super().__init__()
        self.processes: list[SpawnProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override] # noqa: N802
        """Start a process."""
        self.processes.append(SpawnProcess(*args, **kwargs))
        return self.processes[-1]


@contextmanager
def held_back() -> Iterator[None]:
    """Signals wait until the block is over; processes that are started in it are not hit as they come up.

    The mask is for those processes, who inherit it. It does not keep a signal from this one, whose other threads may
    take it, so that the handlers wait as well.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    handlers = {number: signal.signal(number, lambda number, _: asked.append(number)) for number in ASKED_TO_END}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ASKED_TO_END)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if asked:
            signal.raise_signal(asked[0])


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, however it went; Ctrl-C and SIGTERM are the parent's to answer."""
    keep_memory()
    for number in ASKED_TO_END:
        signal.signal(number, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _load() -> None:
    for module in PLAYED_WITH:
        import_module(module)
