"""Kinds of events in the order in which they happen at one instant; what each does stands in ``engine/DESIGN.md``."""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """The kind of an event; of two at one instant the smaller happens first, then that of the lower row."""

    DOOR = 2
    STRIKE = 3
    NOTICE = 4
    BACK = 5
    SHIFT = 6
    JOIN = 7
    START = 8
    REPLY = 9
    RESOLVE = 10
    PASS = 11
    LEAVE = 12
    ARRIVE = 13
    TICK = 14
