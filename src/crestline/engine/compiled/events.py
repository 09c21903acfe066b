"""What is going to happen, ordered by (time, kind, row).

Events of the slice of time that is on stand in a binary heap. Those of later slices are only thrown together, slice by
slice, and put into the heap when theirs begins; that keeps the heap small however many contacts are in the system.
"""

from __future__ import annotations

import math
from typing import Any

from crestline.engine.compiled.jit import compiled, inlined
from crestline.engine.compiled.world import NOBODY, Records, World


@inlined
def plan(world: World, time_s: float, kind: int, row: int, of: int) -> None:
    """An event of a kind is going to happen at an instant, for a row; ``of`` is whom it is about."""
    if time_s < world.clock[0].slice_end_s:
        push(world.clock[0], world.events, time_s, kind << 40 | row, of)
    elif time_s <= world.settings[0].last_s:
        put_off(world, time_s, kind << 40 | row, of)


@inlined
def put_off(world: World, time_s: float, key: int, of: int) -> None:
    """Keep an event for its slice."""
    clock, settings = world.clock[0], world.settings[0]
    place = clock.free_later
    event = world.later[place]
    clock.free_later = event.next
    index = int((time_s - settings.start_s) / settings.slice_s)
    event.time_s, event.key, event.of = time_s, key, of
    event.next = world.slices[index]
    world.slices[index] = place
    clock.put_off += 1


@compiled
def begin_slice(world: World) -> None:
    """The next slice of time begins: its events come into the heap."""
    clock, settings = world.clock[0], world.settings[0]
    place = world.slices[clock.slice]
    while place != NOBODY:
        event = world.later[place]
        push(clock, world.events, event.time_s, event.key, event.of)
        following = event.next
        event.next = clock.free_later
        clock.free_later = place
        clock.put_off -= 1
        place = following
    clock.slice += 1
    clock.slice_end_s = settings.start_s + clock.slice * settings.slice_s
    if clock.slice == len(world.slices):
        clock.slice_end_s = math.inf


@inlined
def push(clock: Any, events: Records, time_s: float, key: int, of: int) -> None:
    """Put an event into the heap."""
    place = clock.events
    clock.events += 1
    while place > 0:
        above = events[(place - 1) >> 1]
        if above.time_s < time_s or (above.time_s == time_s and above.key <= key):
            break
        put(events[place], above.time_s, above.key, above.of)
        place = (place - 1) >> 1
    put(events[place], time_s, key, of)


@inlined
def drop_next(clock: Any, events: Records) -> None:
    """Take away the event that is first."""
    clock.events -= 1
    count = clock.events
    moved = events[count]
    time_s, key, of = moved.time_s, moved.key, moved.of
    place = 0
    while 2 * place + 1 < count:
        below = 2 * place + 1
        if below + 1 < count and is_before(events[below + 1], events[below].time_s, events[below].key):
            below += 1
        least = events[below]
        if not is_before(least, time_s, key):
            break
        put(events[place], least.time_s, least.key, least.of)
        place = below
    put(events[place], time_s, key, of)


@inlined
def is_before(event: Any, time_s: float, key: int) -> bool:
    """Whether an event happens before another time and key."""
    return bool(event.time_s < time_s or (event.time_s == time_s and event.key < key))


@inlined
def put(event: Any, time_s: float, key: int, of: int) -> None:
    """Write an event."""
    event.time_s = time_s
    event.key = key
    event.of = of
