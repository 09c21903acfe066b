"""Workers of the elastic pool by number, and a heap of the numbers of those that have a free slot."""

from __future__ import annotations

from typing import Any

from crestline.engine.compiled.jit import compiled, inlined
from crestline.engine.compiled.world import NOBODY, Records


@compiled
def clear_workers(clock: Any, workers: Records) -> None:
    """No worker is there or starting."""
    clock.ready, clock.starting, clock.busy, clock.listed = 0, 0, 0, 0
    for number in range(len(workers)):
        worker = workers[number]
        worker.busy, worker.ready, worker.starting, worker.listed = 0, 0, 0, 0


@compiled
def idle_workers(workers: Records) -> int:
    """Workers that are ready and have nothing to do."""
    idle = 0
    for number in range(len(workers)):
        if workers[number].ready and workers[number].busy == 0:
            idle += 1
    return idle


@inlined
def list_worker(clock: Any, workers: Records, number: int) -> None:
    """Put a worker into the heap of those with a free slot, unless it is there."""
    if workers[number].listed:
        return
    workers[number].listed = 1
    place = clock.listed
    clock.listed += 1
    while place > 0 and workers[(place - 1) >> 1].free > number:
        workers[place].free = workers[(place - 1) >> 1].free
        place = (place - 1) >> 1
    workers[place].free = number


@inlined
def free_worker(clock: Any, workers: Records, slots: int) -> int:
    """The lowest number with a free slot; those that have none any more are taken off the heap."""
    while clock.listed > 0:
        number = workers[0].free
        if workers[number].ready and workers[number].busy < slots:
            return int(number)
        workers[number].listed = 0
        clock.listed -= 1
        sink(workers, clock.listed)
    return NOBODY


@compiled
def sink(workers: Records, count: int) -> None:
    """The last number in the heap takes the place of the first and sinks to where it belongs."""
    number, place = workers[count].free, 0
    while 2 * place + 1 < count:
        below = 2 * place + 1
        if below + 1 < count and workers[below + 1].free < workers[below].free:
            below += 1
        if number <= workers[below].free:
            break
        workers[place].free = workers[below].free
        place = below
    workers[place].free = number
