"""Lines of waiting contacts, by the instant from which their wait counts, then by row.

Contacts join at the end, and are linked to their neighbours, so that one who leaves early is taken out at once. Who
was passed on keeps the place of the first entry; those stand in a heap of their own (skew heap, Sleator and Tarjan
1986), out of which only the first is ever taken, since they do not leave.
"""

from __future__ import annotations

from typing import Any

from crestline.engine.compiled.jit import compiled, inlined, wide
from crestline.engine.compiled.world import NOBODY, Records


@inlined
def precedes(contacts: Records, one: int, other: int) -> bool:
    """Whether one contact stands before another."""
    mine, theirs = contacts[one], contacts[other]
    return bool(mine.since_s < theirs.since_s or (mine.since_s == theirs.since_s and mine.row < theirs.row))


@inlined
def append(contacts: Records, line: Any, place: int) -> None:
    """A contact whose wait begins now joins; of several at one instant the lower row stands before."""
    before = line.last
    while before != NOBODY and precedes(contacts, place, before):
        before = wide(contacts[before].before)
    after = line.first if before == NOBODY else wide(contacts[before].after)
    contacts[place].before, contacts[place].after = before, after
    if before == NOBODY:
        line.first = place
    else:
        contacts[before].after = place
    if after == NOBODY:
        line.last = place
    else:
        contacts[after].before = place
    line.count += 1


@inlined
def take_out(contacts: Records, line: Any, place: int) -> None:
    """A contact that was not passed on stands in line no longer."""
    before, after = wide(contacts[place].before), wide(contacts[place].after)
    if before == NOBODY:
        line.first = after
    else:
        contacts[before].after = after
    if after == NOBODY:
        line.last = before
    else:
        contacts[after].before = before
    line.count -= 1


@compiled
def insert(contacts: Records, line: Any, place: int) -> None:
    """A contact that was passed on joins at the place of its first entry."""
    contacts[place].before, contacts[place].after = NOBODY, NOBODY
    line.passed = meld(contacts, line.passed, place)
    line.count += 1


@compiled
def meld(contacts: Records, one: int, other: int) -> int:
    """Two skew heaps made one; ``before`` and ``after`` are its branches."""
    if one == NOBODY:
        return other
    if other == NOBODY:
        return one
    if precedes(contacts, other, one):
        one, other = other, one
    top = one
    while True:
        rest = wide(contacts[one].after)
        contacts[one].after = contacts[one].before
        if rest == NOBODY:
            contacts[one].before = other
            return top
        if precedes(contacts, other, rest):
            rest, other = other, rest
        contacts[one].before = rest
        one = rest


@inlined
def first_of_rest(contacts: Records, top: int) -> int:
    """The first of a skew heap without its top."""
    return int(meld(contacts, wide(contacts[top].before), wide(contacts[top].after)))


@inlined
def front(contacts: Records, line: Any) -> int:
    """Who is first in line; NOBODY where it is empty."""
    if line.passed == NOBODY:
        return int(line.first)
    if line.first == NOBODY or precedes(contacts, line.passed, line.first):
        return int(line.passed)
    return int(line.first)


@inlined
def take_front(contacts: Records, line: Any) -> int:
    """Take out who is first in line."""
    place = front(contacts, line)
    if place == line.passed:
        line.passed = first_of_rest(contacts, place)
        line.count -= 1
    else:
        take_out(contacts, line, place)
    return place
