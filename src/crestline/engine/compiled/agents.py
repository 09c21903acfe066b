"""Agents: groups with slots and skills, the queues in front of them, and who gets whom."""

from __future__ import annotations

import math

from crestline import rules
from crestline.engine.compiled import lines
from crestline.engine.compiled.events import plan
from crestline.engine.compiled.jit import compiled, inlined, wide
from crestline.engine.compiled.recorder import end, note_change
from crestline.engine.compiled.world import NOBODY, QUEUED, WITH_AGENT, World, constant
from crestline.engine.kinds import Kind
from crestline.tables import Outcome

RESOLVE, PASS, LEAVE = constant(Kind.RESOLVE), constant(Kind.PASS), constant(Kind.LEAVE)
ABANDONED, REJECTED = constant(Outcome.ABANDONED), constant(Outcome.REJECTED)
AGENT_RESOLVED = constant(Outcome.AGENT_RESOLVED)
ONE = constant(1)
rank_of_contact = compiled(rules.rank_of_contact)
is_turned_away = compiled(rules.is_turned_away)


@inlined
def join(world: World, place: int, skill: int) -> None:
    """Ask for an agent of a skill; who was passed on keeps the place of the first entry and is not turned away."""
    contact = world.contacts[place]
    group = free_group(world, skill)
    is_first = math.isnan(contact.queued_s)
    if is_first:
        waiting = world.lines[2 * skill].count + world.lines[2 * skill + 1].count
        if group == NOBODY and is_turned_away(waiting, world.skills[skill].limit):
            end(world, place, REJECTED)
            return
        contact.queued_s = world.clock[0].now_s
    contact.skill = skill
    if group == NOBODY:
        wait(world, place, is_first)
    else:
        grant(world, place, group)


@inlined
def wait(world: World, place: int, is_first: bool) -> None:
    """Stand in line; patience runs unless the contact was passed on."""
    contact = world.contacts[place]
    count_waiting(world, wide(contact.skill), ONE)
    contact.stage = QUEUED
    contact.since_s = contact.queued_s
    line = world.lines[2 * contact.skill + contact.vip]
    if not is_first:
        lines.insert(world.contacts, line, place)
        return
    lines.append(world.contacts, line, place)
    if contact.patience_s < math.inf:
        plan(world, contact.since_s + contact.patience_s, LEAVE, contact.row, place)


@inlined
def leave(world: World, place: int) -> None:
    """Patience has run out in a queue."""
    contact = world.contacts[place]
    lines.take_out(world.contacts, world.lines[2 * contact.skill + contact.vip], place)
    count_waiting(world, wide(contact.skill), -ONE)
    end(world, place, ABANDONED)


@inlined
def resolve(world: World, place: int) -> None:
    """The agent has resolved the contact; the slot looks for the next."""
    if is_still(world):
        put_off(world, place, RESOLVE)
        return
    group = wide(world.contacts[place].group)
    end(world, place, AGENT_RESOLVED)
    free(world, group)


@inlined
def pass_on(world: World, place: int) -> None:
    """An agent of the wrong skill lets go; the contact joins the right queue before the slot looks for the next."""
    if is_still(world):
        put_off(world, place, PASS)
        return
    contact = world.contacts[place]
    group = wide(contact.group)
    contact.passed_s = world.clock[0].now_s
    contact.transfers += 1
    join(world, place, wide(contact.contact))
    free(world, group)


@inlined
def free(world: World, group: int) -> None:
    """A slot is free again and looks for the next contact."""
    world.groups[group].busy -= 1
    note_group(world, group)
    dispatch(world, group)


@compiled
def change(world: World, group: int, slots: int) -> None:
    """Agents come or go; who is with a customer finishes first."""
    world.groups[group].slots += slots
    note_group(world, group)
    dispatch(world, group)


@inlined
def dispatch(world: World, group: int) -> None:
    """Let every free slot of a group take the contact that ranks first."""
    if is_still(world):
        return
    while world.groups[group].busy < world.groups[group].slots:
        line = first_line(world, group)
        if line == NOBODY:
            return
        place = lines.take_front(world.contacts, world.lines[line])
        count_waiting(world, line >> 1, -ONE)
        grant(world, place, group)


@inlined
def first_line(world: World, group: int) -> int:
    """The line whose first contact ranks first for a group; NOBODY where no one waits."""
    best, best_rank = NOBODY, (True, 0, 0.0, 0)
    for index in range(world.groups[group].skills):
        skill = world.skills_of[group, index]
        for line in (2 * skill, 2 * skill + 1):
            place = lines.front(world.contacts, world.lines[line])
            if place != NOBODY:
                contact = world.contacts[place]
                rank = rank_of_contact(contact.vip != 0, index, contact.since_s, contact.row)
                if best == NOBODY or rank < best_rank:
                    best, best_rank = line, rank
    return best


@inlined
def free_group(world: World, skill: int) -> int:
    """The group with a free slot that ranks first for a contact; NOBODY where there is none."""
    if is_still(world):
        return NOBODY
    for index in range(world.groups_of.shape[1]):
        group = world.groups_of[skill, index]
        if group == NOBODY or world.groups[group].busy < world.groups[group].slots:
            return int(group)
    return NOBODY


@inlined
def grant(world: World, place: int, group: int) -> None:
    """A contact gets a slot: it is resolved there, or passed on if it came to the wrong skill."""
    clock, contact = world.clock[0], world.contacts[place]
    world.groups[group].busy += 1
    if math.isnan(contact.claimed_s):
        contact.claimed_s = clock.now_s
        contact.first_group = group
    contact.group = group
    contact.stage = WITH_AGENT
    note_group(world, group)
    if contact.skill != contact.contact:
        plan(world, clock.now_s + world.settings[0].transfer_after_s, PASS, contact.row, place)
    else:
        contact.served_s = clock.now_s
        if clock.condition:
            contact.handle_s = contact.handle_s * world.handle_factors[clock.condition, group]
        plan(world, clock.now_s + contact.handle_s, RESOLVE, contact.row, place)


@inlined
def is_still(world: World) -> bool:
    """Whether the target takes nothing and gives nothing just now."""
    clock = world.clock[0]
    return bool(clock.condition != 0 and world.conditions[clock.condition].serves_at_s > clock.now_s)


@compiled
def put_off(world: World, place: int, kind: int) -> None:
    """What an agent was to do now is done when the target moves again."""
    now_s, serves_at_s = world.clock[0].now_s, world.conditions[world.clock[0].condition].serves_at_s
    plan(world, now_s + (serves_at_s - now_s), kind, world.contacts[place].row, place)


@compiled
def longest_wait(world: World, group: int) -> float:
    """Age in seconds of the oldest contact in a queue that the group serves."""
    now_s = world.clock[0].now_s
    longest = 0.0
    for index in range(world.groups[group].skills):
        skill = world.skills_of[group, index]
        for line in (2 * skill, 2 * skill + 1):
            place = lines.front(world.contacts, world.lines[line])
            if place != NOBODY:
                longest = max(longest, now_s - world.contacts[place].since_s)
    return longest


@inlined
def count_waiting(world: World, skill: int, change: int) -> None:
    """One more or less waits for the home group of a skill."""
    home = world.skills[skill].home
    world.groups[home].waiting += change
    note_group(world, home)


@inlined
def note_group(world: World, group: int) -> None:
    """Note a change of a group."""
    made = world.groups[group]
    note_change(world, group, made.slots, made.busy, made.waiting)
