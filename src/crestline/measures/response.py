"""How long customers wait: for the first reply of bot or human, for an answer; and who entered a queue.

Never answered counts as over every limit; it is infinity here.
"""

from __future__ import annotations

import numpy as np

from crestline.tables import Bools, Floats, Outcome, Outcomes


def entered_queue(outcomes: Outcomes) -> Bools:
    """Who entered an agent queue; whoever was turned away at a full one did not."""
    turned_away: Bools = (outcomes.outcome == Outcome.REJECTED) & np.isnan(outcomes.claimed_s)
    return ~(np.isnan(outcomes.queued_s) | turned_away)


def first_response_s(outcomes: Outcomes) -> Floats:
    """``frt``: planned to the first reply of bot or human."""
    return _or_never(np.fmin(outcomes.bot_reply_s, outcomes.claimed_s) - outcomes.planned_s)


def answer_s(outcomes: Outcomes) -> Floats:
    """``answer``: planned to the bot's reply if the bot resolved, else to the first claim."""
    by_bot = outcomes.outcome == Outcome.BOT_RESOLVED
    return _or_never(np.where(by_bot, outcomes.bot_reply_s, outcomes.claimed_s) - outcomes.planned_s)


def _or_never(seconds: Floats) -> Floats:
    return np.where(np.isnan(seconds), np.inf, seconds)
