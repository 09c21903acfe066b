"""What is going to happen: a binary heap of events, ordered by (time, kind, row)."""

from __future__ import annotations

from typing import Any

from crestline.engine.compiled.jit import entry, inlined
from crestline.engine.compiled.world import Records


@inlined
def plan(clock: Any, events: Records, time_s: float, kind: int, row: int, of: int) -> None:
    """An event of a kind is going to happen at an instant, for a row; ``of`` is whom it is about."""
    key = kind << 40 | row
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


@entry
def schedule(clock: Records, events: Records, time_s: float, kind: int, row: int, of: int) -> None:
    """Plan an event before the play begins."""
    plan(clock[0], events, time_s, kind, row, of)
