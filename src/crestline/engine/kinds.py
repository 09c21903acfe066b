"""Kinds of events in the order in which they happen at one instant; what each does stands in ``engine/DESIGN.md``."""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """The kind of an event; of two at one instant the smaller happens first, then that of the lower row."""

    CONDITION = 2
    DOOR = 3
    STRIKE = 4
    NOTICE = 5
    BACK = 6
    SHIFT = 7
    JOIN = 8
    START = 9
    REPLY = 10
    RESOLVE = 11
    PASS = 12
    TIMEOUT = 13
    LEAVE = 14
    ENTER = 15
    ARRIVE = 16
    TICK = 17
