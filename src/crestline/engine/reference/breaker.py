"""The circuit breaker before the bot: closed, open, half-open."""

from __future__ import annotations

import math

from crestline import rules
from crestline.engine.reference.clock import Clock
from crestline.scenario import Breaker as Settings

NOBODY = -1


class Breaker:
    """Lets contacts try the bot, or not, by how their attempts end."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self.clock, self.settings = clock, settings
        self.state = rules.BREAKER_CLOSED
        self.failures = 0  # in a row
        self.opened_s = math.nan
        self.trial = NOBODY  # the row that tries while the breaker is half-open

    def lets_in(self, row: int) -> bool:
        """Whether a contact may try the bot."""
        if not rules.tries_bot(self.state, self.opened_s, self.clock.now, self.settings.open_for):
            return False
        if self.state == rules.BREAKER_OPEN:
            self.state, self.trial = rules.BREAKER_HALF_OPEN, row
        return True

    def note(self, row: int, *, has_failed: bool) -> None:
        """An attempt has ended; that of a contact which was not let in counts for nothing."""
        if not rules.counts_for_breaker(self.state, row == self.trial):
            return
        self.failures = rules.failures_in_a_row(self.failures, has_failed)
        self.state, self.trial = rules.breaker_after(self.state, self.failures, self.settings.failures), NOBODY
        if self.state == rules.BREAKER_OPEN:
            self.opened_s = self.clock.now
