"""A team: this process, and another one for every further core; together they play many days.

Between two kernels a day is Python's, of which a process does one thing at a time: two cores gain a fifth by threads
alone. Other processes take half a second to come up, the time of some fifty days; this one plays meanwhile, and plays
alone again where they are lost.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, TypeVar

from crestline.executors.cores import cores
from crestline.executors.players import Players
from crestline.executors.threads import Threads

Made = TypeVar("Made")


class Team(Executor):
    """A thread of this process and a process for every further core; a day goes where the fewest are waiting."""

    def __init__(self, places: int | None = None) -> None:
        self.places = max(2, places or cores())
        self._here, self._others = Threads(1), Players(self.places - 1)
        self._up = self._others.come_up()
        self._under_way: dict[Executor, list[Future[Any]]] = {self._here: [], self._others: []}

    def submit(self, fn: Callable[..., Made], /, *args: Any, **kwargs: Any) -> Future[Made]:
        """Play where there is room soonest; in this process until others are there."""
        there = self._is_up() and self._load(self._others, self.places - 1) <= self._load(self._here, 1)
        chosen = self._others if there else self._here
        try:
            future = chosen.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            chosen = self._here
            future = chosen.submit(fn, *args, **kwargs)
        self._under_way[chosen].append(future)
        return future

    def _is_up(self) -> bool:
        return self._up.done() and self._up.exception() is None

    def wait_for_others(self) -> None:
        """Wait until the other processes are there, as where their start is not to be measured."""
        self._up.result()

    def _load(self, executor: Executor, places: int) -> float:
        """How many days are under way or waiting, a place."""
        self._under_way[executor] = [future for future in self._under_way[executor] if not future.done()]
        return len(self._under_way[executor]) / places

    def __exit__(self, *_: object) -> None:
        """Wait for the day under way in this process alone."""
        self._here.__exit__()
        self._others.__exit__()
