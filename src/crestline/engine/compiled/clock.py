"""Time: what happens next, one event after the other, until rows or room run out or the play is over."""

from __future__ import annotations

import math

from crestline.engine.compiled import agents, standby, triage
from crestline.engine.compiled.breaker import TIMEOUT
from crestline.engine.compiled.contacts import arrive, enter, next_customer, plan_customer
from crestline.engine.compiled.events import begin_slice, drop_next, plan
from crestline.engine.compiled.jit import compiled, fetch_ahead, inlined
from crestline.engine.compiled.recorder import end_those_in_service
from crestline.engine.compiled.world import (
    ASKING,
    OVER,
    QUEUED,
    WANTS_PLACES,
    WANTS_ROOM,
    WANTS_ROWS,
    WITH_BOT,
    Rows,
    World,
    constant,
)
from crestline.engine.kinds import Kind

MOST_OF_ONE = 16  # rows that an event of one contact may lead to at most
CONDITION, DOOR = constant(Kind.CONDITION), constant(Kind.DOOR)
STRIKE, NOTICE = constant(Kind.STRIKE), constant(Kind.NOTICE)
BACK, SHIFT, JOIN, START = constant(Kind.BACK), constant(Kind.SHIFT), constant(Kind.JOIN), constant(Kind.START)
REPLY, RESOLVE, PASS = constant(Kind.REPLY), constant(Kind.RESOLVE), constant(Kind.PASS)
LEAVE, ENTER = constant(Kind.LEAVE), constant(Kind.ENTER)
ARRIVE, TICK = constant(Kind.ARRIVE), constant(Kind.TICK)


@compiled
def run(world: World, rows: Rows) -> int:
    """Let time run; says why it stopped. It may be called again with other rows, or with more room."""
    clock = world.clock[0]
    if not clock.has_begun:
        begin(world)
    if clock.wants_rows:
        plan_customer(world, rows)
    while not clock.wants_rows:
        time_s, key = next_event(world)
        if time_s > world.settings[0].last_s:
            return finish(world)
        most = MOST_OF_ONE if REPLY <= key >> 40 < TICK else most_of_all(world)
        if not has_places(world, most):
            return WANTS_PLACES
        if not has_room(world, most):
            return WANTS_ROOM
        clock.now_s = time_s
        if key >> 40 == TICK:
            tick(world)
        elif time_s == clock.arrival_s and key == (ARRIVE << 40 | clock.arrival_row):
            arrive(world, next_customer(world, rows))
        else:
            of = world.events[0].of
            drop_next(clock, world.events)
            fetch_next(world)
            happen(world, key >> 40, key & ((1 << 40) - 1), of)
    return WANTS_ROWS


@inlined
def fetch_next(world: World) -> None:
    """Ask for the contact that the next event is about: where there are many, memory is what takes longest."""
    if world.clock[0].events > 0 and world.events[0].key >> 40 >= REPLY:
        fetch_ahead(world.contacts, world.events[0].of)


@compiled
def begin(world: World) -> None:
    """Plan what is scheduled; the bot's workers are there."""
    world.clock[0].has_begun = 1
    for index in range(len(world.scheduled)):
        event = world.scheduled[index]
        plan(world, event.time_s, event.key >> 40, event.key & ((1 << 40) - 1), event.of)
    if world.settings[0].has_triage:
        world.clock[0].to_come_back = world.settings[0].workers
        triage.come_back(world, world.clock[0].lives)


@compiled
def finish(world: World) -> int:
    """The play is over, once there is room for all who are in the system."""
    if not has_room(world, world.clock[0].in_use):
        return WANTS_ROOM
    end_those_in_service(world)
    return OVER


@inlined
def next_event(world: World) -> tuple[float, int]:
    """When the next event happens, and its key: planned ones, the next customer, the next control tick."""
    clock = world.clock[0]
    while True:
        time_s, key = clock.tick_s, TICK << 40
        if clock.events > 0 and world.events[0].time_s <= time_s:
            time_s, key = world.events[0].time_s, world.events[0].key
        arrival = ARRIVE << 40 | clock.arrival_row
        if clock.arrival_s < time_s or (clock.arrival_s == time_s and arrival < key):
            time_s, key = clock.arrival_s, arrival
        if time_s < clock.slice_end_s:
            return time_s, key
        begin_slice(world)


@compiled
def most_of_all(world: World) -> int:
    """Rows that an event may lead to that is not about a contact: everyone in line or in a slot is moved."""
    moved = world.settings[0].at_most * world.settings[0].slots
    for index in range(len(world.lines)):
        moved += world.lines[index].count
    return int(3 * moved + MOST_OF_ONE)


@inlined
def has_places(world: World, most: int) -> bool:
    """Whether there are places for one more customer, and for the events that may follow."""
    clock = world.clock[0]
    contacts = clock.in_use + world.settings[0].longest
    events = clock.events + clock.put_off + most
    return bool(contacts <= len(world.contacts) and events <= len(world.later))


@inlined
def has_room(world: World, most: int) -> bool:
    """Whether everything that an event may lead to can be written down; ``wanted`` is how much room that takes."""
    clock = world.clock[0]
    clock.wanted = most
    return bool(clock.ended + most <= len(world.ended) and clock.changes + most <= len(world.changes.pool))


@inlined
def happen(world: World, kind: int, row: int, of: int) -> None:
    """One event that was planned; those that no longer count are passed over."""
    if kind == RESOLVE:
        agents.resolve(world, of)
    elif kind == REPLY:
        if world.contacts[of].stage == WITH_BOT and world.contacts[of].row == row:
            triage.reply(world, of)
    elif kind == LEAVE:
        lose_patience(world, row, of)
    elif kind == ARRIVE:
        arrive(world, of)
    elif kind == PASS:
        agents.pass_on(world, of)
    elif kind == ENTER:
        enter(world, of)
    elif kind == TIMEOUT:
        if world.contacts[of].row == row and world.contacts[of].stage in (ASKING, WITH_BOT):
            triage.time_out(world, of)
    else:
        happen_to_all(world, kind, row, of)


@inlined
def lose_patience(world: World, row: int, place: int) -> None:
    """Patience has run out; it counts if the contact stands in the line where it began to run."""
    contact = world.contacts[place]
    if contact.row != row or not math.isnan(contact.passed_s):
        return
    if contact.stage == ASKING:
        triage.leave_bot(world, place)
    elif contact.stage == QUEUED and contact.since_s + contact.patience_s == world.clock[0].now_s:
        agents.leave(world, place)


@compiled
def happen_to_all(world: World, kind: int, row: int, of: int) -> None:
    """One event that is not about a contact."""
    if kind == SHIFT:
        agents.change(world, row, of)
    elif kind == CONDITION:
        begin_condition(world, of)
    elif kind == DOOR:
        world.clock[0].doors_shut += of
    elif kind == STRIKE:
        triage.strike(world, of)
    elif kind == NOTICE:
        triage.notice(world, of)
    elif kind == BACK:
        triage.come_back(world, of)
    elif kind == JOIN:
        standby.come(world)
    elif kind == START:
        triage.started(world, row, of)


@compiled
def begin_condition(world: World, number: int) -> None:
    """Something is out of the ordinary from now on, or no longer: whoever can be served now is."""
    world.clock[0].condition = number
    for group in range(len(world.groups)):
        agents.dispatch(world, group)
    if world.settings[0].has_triage:
        triage.fill(world)


@compiled
def tick(world: World) -> None:
    """The control tick: standby first, then scaling."""
    clock, settings = world.clock[0], world.settings[0]
    if settings.has_standby:
        standby.look_at_queues(world)
    if settings.has_triage:
        triage.scale(world)
    clock.tick_s = clock.now_s + settings.bucket_s
