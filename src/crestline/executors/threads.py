"""Threads that play days: they share what is in memory, and take turns at whatever Python itself has to do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from crestline.executors.cores import cores
from crestline.executors.heap import keep_memory


class Threads(ThreadPoolExecutor):
    """A thread per core, or so many; what has not begun as a block ends is not begun any more."""

    def __init__(self, places: int | None = None) -> None:
        keep_memory()
        super().__init__(places or cores(), thread_name_prefix="replication")

    def __exit__(self, *_: object) -> None:
        """Wait for the days under way alone."""
        self.shutdown(wait=True, cancel_futures=True)
