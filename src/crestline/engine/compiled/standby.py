"""Standby agents: called when the longest wait passes a limit, gone when it has been within it for a while."""

from __future__ import annotations

import math

from crestline import rules
from crestline.engine.compiled.agents import change, longest_wait
from crestline.engine.compiled.events import plan
from crestline.engine.compiled.jit import compiled
from crestline.engine.compiled.recorder import note_change
from crestline.engine.compiled.world import World, constant
from crestline.engine.kinds import Kind

JOIN, ALL = constant(Kind.JOIN), constant(0)
OFF, CALLED, THERE = rules.STANDBY_OFF, rules.STANDBY_CALLED, rules.STANDBY_THERE
calls_standby = compiled(rules.calls_standby)
calm_since = compiled(rules.calm_since)
releases_standby = compiled(rules.releases_standby)


@compiled
def look_at_queues(world: World) -> None:
    """Call or release them, as the control tick finds the queues."""
    clock, settings = world.clock[0], world.settings[0]
    wait_s, limit_s = longest_wait(world, settings.standby_group), settings.standby_limit_s
    if clock.standby == THERE:
        clock.calm_since_s = calm_since(clock.calm_since_s, clock.now_s, wait_s, limit_s)
    if calls_standby(clock.standby, wait_s, limit_s):
        clock.standby = CALLED
        plan(world, clock.now_s + settings.call_in_s, JOIN, ALL, ALL)
    elif releases_standby(clock.standby, clock.calm_since_s, clock.now_s, settings.release_after_s):
        clock.standby = OFF
        move(world, -settings.standby_slots)


@compiled
def come(world: World) -> None:
    """They are there."""
    clock = world.clock[0]
    clock.standby = THERE
    clock.calm_since_s = math.nan
    move(world, world.settings[0].standby_slots)


@compiled
def move(world: World, slots: int) -> None:
    """They come into their group, or go."""
    settings = world.settings[0]
    pool = settings.groups + (1 if settings.has_triage else 0)
    note_change(world, pool, max(0, slots), 0, 0)
    change(world, settings.standby_group, slots)
