"""What is written down: a row for every contact that ended, and for every change of a pool."""

from __future__ import annotations

import math
from typing import Any

from crestline import rules
from crestline.engine.compiled.events import plan
from crestline.engine.compiled.jit import compiled, inlined, wide
from crestline.engine.compiled.world import COMING, FREE, NOBODY, Columns, Records, World, constant
from crestline.engine.kinds import Kind
from crestline.tables import Outcome

ARRIVE = constant(Kind.ARRIVE)
OPEN = constant(Outcome.OPEN)
BOT_RESOLVED, AGENT_RESOLVED = constant(Outcome.BOT_RESOLVED), constant(Outcome.AGENT_RESOLVED)
comes_back = compiled(rules.comes_back)
is_satisfied = compiled(rules.is_satisfied)
is_without_help = compiled(rules.is_without_help)


@inlined
def note_change(world: World, pool: int, ready: int, busy: int, waiting: int) -> None:
    """Note a change of a pool."""
    changes, at = world.changes, world.clock[0].changes
    changes.time_s[at] = world.clock[0].now_s
    changes.pool[at] = pool
    changes.ready[at] = ready
    changes.busy[at] = busy
    changes.waiting[at] = waiting
    world.clock[0].changes = at + 1


@inlined
def note_end(world: World, place: int, outcome: int, ended_s: float) -> None:
    """Note what became of a contact."""
    contact, ended = world.contacts[place], world.ended[world.clock[0].ended]
    ended.row = contact.row
    ended.customer = contact.customer
    ended.attempt = contact.attempt
    ended.contact = contact.contact
    ended.vip = contact.vip != 0
    ended.planned_s = contact.planned_s
    ended.bot_reply_s = contact.bot_reply_s
    ended.queued_s = contact.queued_s
    ended.claimed_s = contact.claimed_s
    ended.served_s = contact.served_s
    ended.passed_s = contact.passed_s
    ended.ended_s = ended_s
    ended.outcome = outcome
    ended.group = contact.group
    ended.first_group = contact.first_group
    ended.transfers = contact.transfers
    ended.rating = rating_of(world.settings[0], contact, outcome)
    world.clock[0].ended += 1


@inlined
def rating_of(settings: Any, contact: Any, outcome: int) -> int:
    """1 for satisfied, 0 for not; -1 for a contact that was not resolved."""
    if outcome == BOT_RESOLVED:
        answered_s = contact.bot_reply_s
    elif outcome == AGENT_RESOLVED:
        answered_s = contact.claimed_s
    else:
        return -1
    line = (settings.near_s, settings.near, settings.far_s, settings.far)
    return 1 if is_satisfied(answered_s - contact.planned_s, contact.rating_u, *line) else 0


@inlined
def end(world: World, place: int, outcome: int) -> None:
    """A contact is over; its recontact is planned if the customer comes back."""
    clock, contacts, contact = world.clock[0], world.contacts, world.contacts[place]
    note_end(world, place, outcome, clock.now_s)
    following, again_u = wide(contact.next), contact.again_u
    give_up_place(clock, contacts, place)
    if following == NOBODY:
        return
    share, delay_s = world.back_shares[outcome], contacts[following].planned_s
    if clock.condition and is_without_help(outcome):
        condition = world.conditions[clock.condition]
        if condition.retry_share >= 0:
            share, delay_s = condition.retry_share, condition.retry_delay_s
    due_s = clock.now_s + delay_s
    if comes_back(again_u, share) and due_s < world.settings[0].stop_s:
        plan(world, due_s, ARRIVE, contacts[following].row, following)
        return
    while following != NOBODY:
        place, following = following, wide(contacts[following].next)
        give_up_place(clock, contacts, place)


@inlined
def give_up_place(clock: Any, contacts: Records, place: int) -> None:
    """The place of a contact is free for another."""
    contact = contacts[place]
    contact.stage = FREE
    contact.row = NOBODY
    contact.next = clock.free
    clock.free = place
    clock.in_use -= 1


@compiled
def end_those_in_service(world: World) -> None:
    """The play is over: who is with the agent who resolves ends at claim + handle time, all others are open."""
    for place in range(len(world.contacts)):
        contact = world.contacts[place]
        if contact.stage in (FREE, COMING):
            continue
        if math.isnan(contact.served_s):
            note_end(world, place, OPEN, math.nan)
        else:
            note_end(world, place, AGENT_RESOLVED, contact.served_s + contact.handle_s)


@compiled
def spread(ended: Records, order: Records, columns: Columns) -> None:
    """Write the records of outcomes into columns, in an order."""
    for at in range(len(order)):
        noted = ended[order[at]]
        columns.row[at] = noted.row
        columns.customer[at] = noted.customer
        columns.attempt[at] = noted.attempt
        columns.contact[at] = noted.contact
        columns.vip[at] = noted.vip
        columns.planned_s[at] = noted.planned_s
        columns.bot_reply_s[at] = noted.bot_reply_s
        columns.queued_s[at] = noted.queued_s
        columns.claimed_s[at] = noted.claimed_s
        columns.served_s[at] = noted.served_s
        columns.passed_s[at] = noted.passed_s
        columns.ended_s[at] = noted.ended_s
        columns.outcome[at] = noted.outcome
        columns.group[at] = noted.group
        columns.first_group[at] = noted.first_group
        columns.transfers[at] = noted.transfers
        columns.rating[at] = noted.rating
