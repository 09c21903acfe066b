"""The circuit breaker before the bot: closed, open, half-open."""

from __future__ import annotations

from crestline import rules
from crestline.engine.compiled.events import plan
from crestline.engine.compiled.jit import compiled
from crestline.engine.compiled.world import NOBODY, World, constant
from crestline.engine.kinds import Kind

TIMEOUT = constant(Kind.TIMEOUT)
OPEN, HALF_OPEN = constant(rules.BREAKER_OPEN), constant(rules.BREAKER_HALF_OPEN)
tries_bot = compiled(rules.tries_bot)
counts_for_breaker = compiled(rules.counts_for_breaker)
failures_in_a_row = compiled(rules.failures_in_a_row)
breaker_after = compiled(rules.breaker_after)


@compiled
def lets_in(world: World, place: int) -> bool:
    """Whether a contact may try the bot; who may waits for its reply no longer than a while."""
    clock, settings, row = world.clock[0], world.settings[0], world.contacts[place].row
    if not tries_bot(clock.breaker, clock.opened_s, clock.now_s, settings.open_for_s):
        return False
    if clock.breaker == OPEN:
        clock.breaker = HALF_OPEN
        clock.trial = row
    if not clock.is_down:
        wait_s = settings.timeout_s + world.conditions[clock.condition].delay_s
        plan(world, clock.now_s + wait_s, TIMEOUT, row, place)
    return True


@compiled
def note_attempt(world: World, place: int, has_failed: bool) -> None:
    """An attempt has ended; that of a contact which was not let in counts for nothing."""
    clock = world.clock[0]
    if not counts_for_breaker(clock.breaker, world.contacts[place].row == clock.trial):
        return
    clock.failures = failures_in_a_row(clock.failures, has_failed)
    clock.breaker = breaker_after(clock.breaker, clock.failures, world.settings[0].failures)
    clock.trial = NOBODY
    if clock.breaker == OPEN:
        clock.opened_s = clock.now_s
