"""Contacts as they arrive: out of the rows of the workload, or back after a recontact's delay."""

from __future__ import annotations

import math
from typing import Any

from crestline.engine.compiled.agents import join
from crestline.engine.compiled.events import plan
from crestline.engine.compiled.jit import compiled, inlined, wide
from crestline.engine.compiled.recorder import end
from crestline.engine.compiled.triage import ask
from crestline.engine.compiled.world import COMING, NOBODY, OUTSIDE, Records, Rows, World, constant
from crestline.engine.kinds import Kind
from crestline.tables import Outcome

ENTER, FAILED = constant(Kind.ENTER), constant(Outcome.FAILED)


@inlined
def arrive(world: World, place: int) -> None:
    """A contact is due."""
    contact = world.contacts[place]
    contact.planned_s = world.clock[0].now_s
    contact.bot_reply_s = math.nan
    contact.queued_s = math.nan
    contact.claimed_s = math.nan
    contact.served_s = math.nan
    contact.passed_s = math.nan
    contact.group = NOBODY
    contact.first_group = NOBODY
    contact.transfers = 0
    if world.clock[0].doors_shut:
        end(world, place, FAILED)
    elif world.clock[0].condition:
        arrive_out_of_the_ordinary(world, place)
    else:
        begin_talk(world, place)


@compiled
def arrive_out_of_the_ordinary(world: World, place: int) -> None:
    """A contact is due while something is not as usual."""
    clock, contact, condition = world.clock[0], world.contacts[place], world.conditions[world.clock[0].condition]
    if contact.fail_u < condition.fail_share:
        end(world, place, FAILED)
        return
    if condition.is_worse:
        contact.resolves = contact.worse_resolves
        contact.routed = contact.worse_routed
    if condition.delay_s > 0 and not meets_bot(world, place):
        contact.stage = OUTSIDE
        plan(world, clock.now_s + condition.delay_s, ENTER, contact.row, place)
    else:
        enter(world, place)


@compiled
def enter(world: World, place: int) -> None:
    """A contact is let in, or waits outside until anybody is; who has met the bot goes on to an agent."""
    clock, contact, condition = world.clock[0], world.contacts[place], world.conditions[world.clock[0].condition]
    if condition.enters_at_s > clock.now_s:
        contact.stage = OUTSIDE
        plan(world, clock.now_s + (condition.enters_at_s - clock.now_s), ENTER, contact.row, place)
    elif math.isnan(contact.bot_reply_s):
        begin_talk(world, place)
    else:
        join(world, place, wide(contact.routed))


@inlined
def meets_bot(world: World, place: int) -> bool:
    """Whether the bot is there for a contact."""
    return bool(world.settings[0].has_triage and not world.skills[world.contacts[place].contact].skips_bot)


@inlined
def begin_talk(world: World, place: int) -> None:
    """A contact asks the bot, or an agent where there is none for it."""
    if meets_bot(world, place):
        ask(world, place)
    else:
        join(world, place, wide(world.contacts[place].contact))


@inlined
def next_customer(world: World, rows: Rows) -> int:
    """The first contact of the customer who is due now, with all attempts that may follow; plans the next customer."""
    clock = world.clock[0]
    first, last = NOBODY, NOBODY
    row = clock.next_row
    while True:
        place = take_place(clock, world.contacts, rows, row)
        if last == NOBODY:
            first = place
        else:
            world.contacts[last].next = place
        last = place
        row += 1
        if row == len(rows.attempt) or rows.attempt[row] == 0:
            break
    clock.next_row = row
    plan_customer(world, rows)
    return first


@inlined
def plan_customer(world: World, rows: Rows) -> None:
    """The next customer is due a gap from now, unless nothing is planned any more by then."""
    clock = world.clock[0]
    clock.arrival_s = math.inf
    clock.wants_rows = 0
    if clock.next_row < len(rows.attempt):
        due_s = clock.now_s + rows.gap_s[clock.next_row]
        if due_s < world.settings[0].stop_s:
            clock.arrival_s = due_s
            clock.arrival_row = rows.piece[0].first_row + clock.next_row
    elif not rows.piece[0].is_last:
        clock.wants_rows = 1


@inlined
def take_place(clock: Any, contacts: Records, rows: Rows, row: int) -> int:
    """A place for one attempt, with everything that its row says."""
    place = clock.free
    contact = contacts[place]
    clock.free = wide(contact.next)
    clock.in_use += 1
    contact.row = rows.piece[0].first_row + row
    contact.customer = rows.customer[row]
    contact.attempt = rows.attempt[row]
    contact.contact = rows.contact[row]
    contact.vip = rows.vip[row]
    contact.planned_s = rows.gap_s[row]
    contact.handle_s = rows.handle_s[row]
    contact.patience_s = rows.patience_s[row]
    contact.reply_s = rows.reply_s[row]
    contact.resolves = rows.resolves[row]
    contact.routed = rows.routed[row]
    contact.again_u = rows.again_u[row]
    contact.rating_u = rows.rating_u[row]
    contact.worse_resolves = rows.worse_resolves[row]
    contact.worse_routed = rows.worse_routed[row]
    contact.fail_u = rows.fail_u[row]
    contact.next = NOBODY
    contact.stage = COMING
    return int(place)
