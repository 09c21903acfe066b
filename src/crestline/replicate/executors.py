"""Where days are played: threads of this process, processes of this machine, or whatever executor is given.

The compiled engine lets go of the interpreter while it plays, so that threads suffice; the reference needs a process
for every core. Wherever days are played, they are the same.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from crestline.engine import COMPILED
from crestline.replicate.cluster import cluster
from crestline.replicate.heap import keep_memory

WATCH_S = 1.0
CANCEL_S = 0.1  # how long an executor has to strike off its list what nobody asks for any more
ASKED_TO_END = (signal.SIGINT, signal.SIGTERM)


def executor_for(engine: str) -> Executor:
    """What plays days fastest on this machine."""
    return threads() if engine == COMPILED else processes()


def executor_on(address: str | None, engine: str) -> AbstractContextManager[Executor]:
    """A Dask cluster by the address of its scheduler, or what plays days fastest on this machine."""
    return cluster(address, engine) if address else executor_for(engine)


def places(executor: Executor) -> int:
    """How many days an executor plays at a time; as many as there are cores where it does not say."""
    told = getattr(executor, "places", None) or getattr(executor, "_max_workers", None)
    return int(told or os.cpu_count() or 1)


class Threads(ThreadPoolExecutor):
    """A thread per core; what has not begun as a block ends is not begun any more."""

    def __init__(self) -> None:
        keep_memory()
        super().__init__(os.cpu_count(), thread_name_prefix="replication")

    def __exit__(self, *_: object) -> None:
        """Wait for the days under way alone."""
        self.shutdown(wait=True, cancel_futures=True)


def threads() -> Threads:
    """An executor with a thread per core."""
    return Threads()


class Players(ProcessPoolExecutor):
    """A process per core; they end with this one, however it ends, and what they still play as a block ends is lost."""

    def __init__(self) -> None:
        self._started = _Spawned()
        super().__init__(os.cpu_count(), self._started, _end_with, (os.getpid(),))

    def __exit__(self, *_: object) -> None:
        """End the processes without waiting for days that nobody asks for any more."""
        self.shutdown(wait=False, cancel_futures=True)
        time.sleep(CANCEL_S)
        for process in self._started.processes:
            if process.pid is not None:  # it had been started
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


def processes() -> Players:
    """An executor with a process per core; the processes end with this one, however it ends."""
    return Players()


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
    for number in ASKED_TO_END:
        signal.signal(number, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
