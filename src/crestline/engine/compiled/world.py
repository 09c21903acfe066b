"""The world as the kernel sees it: a few tables of records, and constants of the play.

A contact has a place in ``contacts`` from when its customer first arrives until nothing can follow any more; places are
used again. Memory is therefore bounded by the contacts in the system, however many there are in a day. What has come
about is written to ``ended`` and ``changes``, which are taken away when they are full.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from crestline.tables import OUTCOME_COLUMNS

Records = NDArray[Any]


def constant(value: int) -> int:
    """A constant of the kernel; of a plain int numba would translate every function it is given to once more."""
    return cast("int", np.int64(value))


NOBODY = constant(-1)

# Why time stopped.
OVER, WANTS_ROWS, WANTS_PLACES, WANTS_ROOM = range(4)

# Where a contact is.
FREE, COMING, OUTSIDE, ASKING, WITH_BOT, TAKEN_BACK, QUEUED, WITH_AGENT = range(8)

CONTACT = np.dtype(
    [
        ("row", "i8"),  # of the whole workload
        ("planned_s", "f8"),  # of an attempt that has not come: the delay after the end before
        ("bot_reply_s", "f8"),
        ("queued_s", "f8"),
        ("claimed_s", "f8"),
        ("served_s", "f8"),
        ("passed_s", "f8"),
        ("since_s", "f8"),  # from when on its wait counts in the line where it stands
        ("handle_s", "f8"),
        ("patience_s", "f8"),
        ("reply_s", "f8"),
        ("again_u", "f8"),
        ("rating_u", "f8"),
        ("fail_u", "f8"),
        ("customer", "i4"),
        ("next", "i4"),  # place of the next attempt, or of the next free place
        ("before", "i4"),  # neighbours in line, or the two branches of a heap
        ("after", "i4"),
        ("worker", "i4"),  # whose slot it is in
        ("contact", "i2"),
        ("routed", "i2"),
        ("worse_routed", "i2"),
        ("skill", "i2"),  # of the queue it joined
        ("group", "i2"),
        ("first_group", "i2"),
        ("transfers", "i2"),
        ("attempt", "i1"),
        ("vip", "i1"),
        ("resolves", "i1"),
        ("worse_resolves", "i1"),
        ("stage", "i1"),
    ],
    align=True,
)

EVENT = np.dtype(
    [
        ("time_s", "f8"),
        ("key", "i8"),  # kind << 40 | row
        ("of", "i8"),  # whom it is about: a contact's place, a number
    ]
)
LATER = np.dtype([*((name, EVENT[name].str) for name in EVENT.names or ()), ("next", "i8")])  # in its slice, or free
LINE = np.dtype([("first", "i8"), ("last", "i8"), ("passed", "i8"), ("count", "i8")])
GROUP = np.dtype([("slots", "i8"), ("busy", "i8"), ("waiting", "i8"), ("skills", "i8")])
SKILL = np.dtype([("limit", "i8"), ("home", "i8"), ("skips_bot", "i8")])
FAULT = np.dtype([("notice_s", "f8"), ("lasts_s", "f8"), ("taken_back", "i8")])  # the last a heap of contacts
CONDITION = np.dtype(
    [
        ("enters_at_s", "f8"),
        ("replies_at_s", "f8"),
        ("serves_at_s", "f8"),
        ("delay_s", "f8"),
        ("reply_factor", "f8"),
        ("fail_share", "f8"),
        ("retry_share", "f8"),
        ("retry_delay_s", "f8"),
        ("is_frozen", "i8"),
        ("is_worse", "i8"),
    ]
)
WORKER = np.dtype(
    [
        ("busy", "i8"),
        ("free", "i8"),  # not this worker's: a heap of the numbers of those with a free slot
        ("ready", "i2"),
        ("starting", "i2"),
        ("listed", "i4"),  # whether it is in that heap
    ]
)
PIECE = np.dtype([("first_row", "i8"), ("is_last", "i8")])  # when no other piece of the workload follows
ENDED = np.dtype([(name, column.dtype) for name, column in OUTCOME_COLUMNS.items() if name != "sent_s"])

CLOCK = np.dtype(
    [
        ("now_s", "f8"),
        ("tick_s", "f8"),  # the next control tick
        ("arrival_s", "f8"),  # the next first contact; inf when none is planned any more
        ("arrival_row", "i8"),
        ("calm_since_s", "f8"),
        ("quiet_since_s", "f8"),
        ("next_row", "i8"),  # of the rows at hand
        ("events", "i8"),  # in the heap
        ("put_off", "i8"),  # those of later slices
        ("free_later", "i8"),
        ("slice", "i8"),  # the next one
        ("slice_end_s", "f8"),  # of the one that is on
        ("free", "i8"),  # the first free place of a contact
        ("in_use", "i8"),
        ("ended", "i8"),
        ("changes", "i8"),
        ("doors_shut", "i8"),
        ("condition", "i8"),  # the one that is on; 0 when all is as usual
        ("standby", "i8"),
        ("is_down", "i8"),
        ("lives", "i8"),  # strikes so far: a start or return that was planned before the last one does not count
        ("to_come_back", "i8"),  # workers that were ready at the first strike since they last were
        ("ready", "i8"),  # workers
        ("starting", "i8"),
        ("busy", "i8"),  # slots of the pool
        ("listed", "i8"),  # workers in the heap of those with a free slot
        ("has_begun", "i8"),
        ("wants_rows", "i8"),
        ("wanted", "i8"),  # rows of room
        ("breaker", "i8"),  # closed, open or half-open
        ("failures", "i8"),  # of the bot, in a row
        ("opened_s", "f8"),
        ("trial", "i8"),  # the row that tries while the breaker is half-open
    ]
)

SETTINGS = np.dtype(
    [
        ("start_s", "f8"),
        ("slice_s", "f8"),
        ("stop_s", "f8"),
        ("last_s", "f8"),
        ("bucket_s", "f8"),
        ("longest", "i8"),  # attempts of one customer at most
        ("groups", "i8"),
        ("has_triage", "i8"),
        ("rejects_when_down", "i8"),
        ("transfer_after_s", "f8"),
        ("slots", "i8"),  # of a worker
        ("workers", "i8"),
        ("at_most", "i8"),
        ("scale_out_at", "f8"),
        ("step", "i8"),
        ("start_up_s", "f8"),
        ("scale_in_after_s", "f8"),
        ("has_standby", "i8"),
        ("standby_group", "i8"),
        ("standby_slots", "i8"),
        ("standby_limit_s", "f8"),
        ("call_in_s", "f8"),
        ("release_after_s", "f8"),
        ("near_s", "f8"),
        ("near", "f8"),
        ("far_s", "f8"),
        ("far", "f8"),
        ("has_breaker", "i8"),
        ("failures", "i8"),
        ("timeout_s", "f8"),
        ("open_for_s", "f8"),
    ]
)


class Rows(NamedTuple):
    """Columns of the workload, or of a piece of it."""

    piece: Records  # one PIECE
    customer: Records
    attempt: Records
    contact: Records
    vip: Records
    gap_s: Records
    handle_s: Records
    patience_s: Records
    reply_s: Records
    resolves: Records
    routed: Records
    again_u: Records
    rating_u: Records
    worse_resolves: Records
    worse_routed: Records
    fail_u: Records


class Columns(NamedTuple):
    """Columns of outcomes."""

    row: Records
    customer: Records
    attempt: Records
    contact: Records
    vip: Records
    planned_s: Records
    bot_reply_s: Records
    queued_s: Records
    claimed_s: Records
    served_s: Records
    passed_s: Records
    ended_s: Records
    outcome: Records
    group: Records
    first_group: Records
    transfers: Records
    rating: Records


class Changes(NamedTuple):
    """Columns of changes of pools, filled from the top."""

    time_s: Records
    pool: Records
    ready: Records
    busy: Records
    waiting: Records


class World(NamedTuple):
    """Everything that changes during a play, and the tables by which it is decided."""

    settings: Records  # one SETTINGS
    clock: Records  # one CLOCK
    events: Records  # a binary heap of EVENTs by time, then key
    later: Records  # LATER events by place
    scheduled: Records  # EVENTs that are planned before the play begins
    slices: Records  # the first of the later events of every slice of time
    contacts: Records  # CONTACTs by place
    lines: Records  # LINEs: two for every skill, standard and VIP; the last one is for the bot
    groups: Records  # GROUPs
    workers: Records  # WORKERs
    ended: Records  # ENDED, filled from the top
    changes: Changes
    skills: Records  # SKILLs
    skills_of: Records  # [group, place]: skills, the preferred first
    groups_of: Records  # [skill, place]: groups as a contact ranks them; NOBODY ends the list
    back_shares: Records  # by outcome
    faults: Records  # FAULTs
    conditions: Records  # CONDITIONs; the first is that all is as usual
    handle_factors: Records  # [condition, group]
