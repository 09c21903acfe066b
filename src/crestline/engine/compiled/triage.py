"""Triage: an elastic pool of workers with slots, which can be killed and comes back."""

from __future__ import annotations

import math

from crestline import rules
from crestline.engine.compiled import lines
from crestline.engine.compiled.agents import is_still, join, put_off
from crestline.engine.compiled.breaker import TIMEOUT, lets_in, note_attempt
from crestline.engine.compiled.events import plan
from crestline.engine.compiled.jit import compiled, inlined, wide
from crestline.engine.compiled.recorder import end, note_change
from crestline.engine.compiled.workers import clear_workers, free_worker, idle_workers, list_worker
from crestline.engine.compiled.world import ASKING, NOBODY, OUTSIDE, TAKEN_BACK, WITH_BOT, World, constant
from crestline.engine.kinds import Kind
from crestline.tables import Outcome

START, REPLY = constant(Kind.START), constant(Kind.REPLY)
LEAVE, ENTER = constant(Kind.LEAVE), constant(Kind.ENTER)
NOTICE, BACK = constant(Kind.NOTICE), constant(Kind.BACK)
ABANDONED, REJECTED = constant(Outcome.ABANDONED), constant(Outcome.REJECTED)
BOT_RESOLVED = constant(Outcome.BOT_RESOLVED)
quiet_since = compiled(rules.quiet_since)
workers_to_start = compiled(rules.workers_to_start)
workers_to_stop = compiled(rules.workers_to_stop)


@inlined
def ask(world: World, place: int) -> None:
    """Ask for a slot; who finds none waits in line, where patience runs from the instant of coming."""
    clock, contact = world.clock[0], world.contacts[place]
    if (world.settings[0].has_breaker and not lets_in(world, place)) or clock.is_down:
        give_back(world, place)
        return
    contact.stage = ASKING
    contact.since_s = clock.now_s
    lines.append(world.contacts, world.lines[-1], place)
    fill(world)
    if contact.stage == ASKING:
        note_triage(world)
        if contact.patience_s < math.inf:
            left_s = contact.patience_s - (clock.now_s - contact.planned_s)
            plan(world, clock.now_s + max(0.0, left_s), LEAVE, contact.row, place)


@inlined
def fill(world: World) -> None:
    """Let those in line take the free slots."""
    clock, line, slots = world.clock[0], world.lines[-1], world.settings[0].slots
    if is_still(world):
        return
    while line.first != NOBODY:
        number = free_worker(clock, world.workers, slots)
        if number == NOBODY:
            return
        place = lines.take_front(world.contacts, line)
        contact, worker = world.contacts[place], world.workers[number]
        contact.stage = WITH_BOT
        contact.worker = number
        worker.busy += 1
        clock.busy += 1
        note_triage(world)
        reply_s = time_to_reply(world, contact.reply_s) if clock.condition else contact.reply_s
        plan(world, clock.now_s + reply_s, REPLY, contact.row, place)


@compiled
def time_to_reply(world: World, reply_s: float) -> float:
    """How long a reply takes that begins while something is out of the ordinary (seconds)."""
    condition = world.conditions[world.clock[0].condition]
    return float(reply_s * condition.reply_factor + condition.delay_s)


@compiled
def leave_bot(world: World, place: int) -> None:
    """Patience has run out in the line for a slot."""
    lines.take_out(world.contacts, world.lines[-1], place)
    note_triage(world)
    if world.settings[0].has_breaker:
        note_attempt(world, place, True)
    end(world, place, ABANDONED)


@inlined
def reply(world: World, place: int) -> None:
    """The bot replies and its slot is freed; the contact is resolved, or handed on to an agent."""
    clock, contact = world.clock[0], world.contacts[place]
    if clock.condition and replies_later(world, place):
        return
    let_go(world, place)
    if world.settings[0].has_breaker:
        note_attempt(world, place, False)
    contact.bot_reply_s = clock.now_s
    if contact.resolves:
        end(world, place, BOT_RESOLVED)
    elif clock.condition and joins_later(world, place):
        return
    else:
        join(world, place, wide(contact.routed))


@inlined
def let_go(world: World, place: int) -> None:
    """The slot of a contact is free for the next in line."""
    clock, number = world.clock[0], wide(world.contacts[place].worker)
    world.workers[number].busy -= 1
    clock.busy -= 1
    list_worker(clock, world.workers, number)
    note_triage(world)
    fill(world)


@compiled
def time_out(world: World, place: int) -> None:
    """A contact waits no longer for the bot, neither for a slot nor in one."""
    stage = world.contacts[place].stage
    if is_still(world):
        put_off(world, place, TIMEOUT)
        return
    if stage == ASKING:
        lines.take_out(world.contacts, world.lines[-1], place)
        note_triage(world)
    else:
        let_go(world, place)
    give_back(world, place)


@compiled
def replies_later(world: World, place: int) -> bool:
    """Whether the bot stands still; it replies when it goes on."""
    clock, contact = world.clock[0], world.contacts[place]
    replies_at_s = world.conditions[clock.condition].replies_at_s
    if replies_at_s <= clock.now_s:
        return False
    plan(world, clock.now_s + (replies_at_s - clock.now_s), REPLY, contact.row, place)
    return True


@compiled
def joins_later(world: World, place: int) -> bool:
    """Whether it takes a while until a contact that the bot hands on joins a queue."""
    clock, contact = world.clock[0], world.contacts[place]
    delay_s = world.conditions[clock.condition].delay_s
    if delay_s == 0:
        return False
    contact.stage = OUTSIDE
    plan(world, clock.now_s + delay_s, ENTER, contact.row, place)
    return True


@compiled
def give_back(world: World, place: int) -> None:
    """The bot is not there for a contact, which goes where the scenario says."""
    if world.settings[0].has_breaker:
        note_attempt(world, place, True)
    if world.settings[0].rejects_when_down:
        end(world, place, REJECTED)
    else:
        join(world, place, wide(world.contacts[place].contact))


@compiled
def strike(world: World, fault: int) -> None:
    """All workers are killed; those in line are given back at once, those in a slot after the notice."""
    clock, line = world.clock[0], world.lines[-1]
    take_back(world, fault)
    if not clock.is_down:
        clock.to_come_back = clock.ready
    clear_workers(clock, world.workers)
    clock.is_down = 1
    clock.lives += 1
    place = line.first
    line.first, line.last, line.count = NOBODY, NOBODY, 0
    note_triage(world)
    plan(world, clock.now_s + world.faults[fault].notice_s, NOTICE, fault, fault)
    plan(world, clock.now_s + world.faults[fault].lasts_s, BACK, fault, clock.lives)
    while place != NOBODY:
        following = wide(world.contacts[place].after)
        give_back(world, place)
        place = following


@compiled
def take_back(world: World, fault: int) -> None:
    """Contacts that are in a slot wait for the notice, in order of row."""
    contacts = world.contacts
    world.faults[fault].taken_back = NOBODY
    for place in range(len(contacts)):
        contact = contacts[place]
        if contact.stage == WITH_BOT:
            contact.stage = TAKEN_BACK
            contact.since_s = world.clock[0].now_s
            contact.before, contact.after = NOBODY, NOBODY
            world.faults[fault].taken_back = lines.meld(contacts, world.faults[fault].taken_back, place)


@compiled
def notice(world: World, fault: int) -> None:
    """Contacts that were in a slot are given back."""
    contacts = world.contacts
    while world.faults[fault].taken_back != NOBODY:
        place = world.faults[fault].taken_back
        world.faults[fault].taken_back = lines.first_of_rest(contacts, place)
        give_back(world, place)


@compiled
def come_back(world: World, life: int) -> None:
    """As many workers as were ready are ready again, unless they have been struck meanwhile."""
    clock = world.clock[0]
    if life != clock.lives:
        return
    clear_workers(clock, world.workers)
    clock.is_down = 0
    clock.ready = clock.to_come_back
    clock.quiet_since_s = math.nan
    for number in range(clock.to_come_back):
        world.workers[number].ready = 1
        list_worker(clock, world.workers, number)
    note_triage(world)


@compiled
def scale(world: World) -> None:
    """Start or stop workers, as the control tick finds the pool."""
    clock, settings = world.clock[0], world.settings[0]
    slots = clock.ready * settings.slots
    more = workers_to_start(
        clock.busy, slots, clock.ready + clock.starting, clock.starting,
        settings.scale_out_at, settings.step, settings.at_most,
    )  # fmt: skip
    clock.quiet_since_s = quiet_since(clock.quiet_since_s, clock.now_s, clock.busy, slots, settings.scale_out_at)
    fewer = workers_to_stop(
        clock.quiet_since_s, clock.now_s, settings.scale_in_after_s, idle_workers(world.workers), clock.ready,
        settings.step, settings.workers,
    )  # fmt: skip
    if not world.conditions[clock.condition].is_frozen:
        start_workers(world, more)
    stop_workers(world, fewer)


@compiled
def start_workers(world: World, count: int) -> None:
    """The lowest numbers that are not there start up."""
    clock = world.clock[0]
    number = 0
    while count > 0 and number < len(world.workers):
        worker = world.workers[number]
        if not worker.ready and not worker.starting:
            worker.starting = 1
            clock.starting += 1
            plan(world, clock.now_s + world.settings[0].start_up_s, START, number, clock.lives)
            count -= 1
        number += 1


@compiled
def started(world: World, number: int, life: int) -> None:
    """A worker has started up, unless all have been killed meanwhile."""
    clock, worker = world.clock[0], world.workers[number]
    if life != clock.lives:
        return
    worker.starting, worker.ready, worker.busy = 0, 1, 0
    clock.starting -= 1
    clock.ready += 1
    list_worker(clock, world.workers, number)
    note_triage(world)
    fill(world)


@compiled
def stop_workers(world: World, count: int) -> None:
    """Idle workers stop, the highest numbers first."""
    if count == 0:
        return
    clock = world.clock[0]
    number = len(world.workers) - 1
    while count > 0 and number >= 0:
        worker = world.workers[number]
        if worker.ready and worker.busy == 0:
            worker.ready = 0
            clock.ready -= 1
            count -= 1
        number -= 1
    clock.quiet_since_s = math.nan
    note_triage(world)


@inlined
def note_triage(world: World) -> None:
    """Note a change of the pool."""
    clock, settings = world.clock[0], world.settings[0]
    slots = clock.ready * settings.slots
    note_change(world, settings.groups, slots, clock.busy, world.lines[-1].count)
