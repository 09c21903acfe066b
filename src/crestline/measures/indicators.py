"""What became of contacts: errors, resolution, recontacts, satisfaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Self

import numpy as np

from crestline.measures import intervals as interval_of
from crestline.measures.values import NOTHING, Value
from crestline.tables import Bools, Outcome, Outcomes

RESOLVED = (Outcome.BOT_RESOLVED, Outcome.AGENT_RESOLVED)


def _ended(*outcomes: Outcome) -> Callable[[Outcomes], Bools]:
    return lambda chunk: np.isin(chunk.outcome, outcomes)


_resolved = _ended(*RESOLVED)

COUNTED: dict[str, Callable[[Outcomes], Bools]] = {
    "contacts": lambda chunk: np.ones(len(chunk), np.bool_),
    "errors": _ended(Outcome.FAILED, Outcome.DROPPED),
    "rejected": _ended(Outcome.REJECTED),
    "resolved": _resolved,
    "bot_resolved": _ended(Outcome.BOT_RESOLVED),
    "met_bot": lambda chunk: ~np.isnan(chunk.bot_reply_s),
    "recontacts": lambda chunk: chunk.attempt > 0,
    "satisfied": lambda chunk: chunk.rating == 1,
    "rated": lambda chunk: _resolved(chunk) & (chunk.rating >= 0),
}

SHARES = {  # measure: of which how many
    "error_rate": ("errors", "contacts"),
    "rejected": ("rejected", "contacts"),
    "resolution_rate": ("resolved", "contacts"),
    "bot_resolution_rate": ("bot_resolved", "met_bot"),
    "recontact_rate": ("recontacts", "contacts"),
    "satisfaction": ("satisfied", "contacts"),
}


class Indicators:
    """A fold: exact counters, and the shares made of them.

    Satisfaction is of all contacts: whoever was not resolved is not satisfied. It is nothing where contacts were
    resolved and none of them has a rating, as with a target that keeps none.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def add(self, chunk: Outcomes) -> None:
        """Count these contacts."""
        self.counts.update({name: int(is_it(chunk).sum()) for name, is_it in COUNTED.items()})

    def merge(self, other: Self) -> None:
        """Count everything that ``other`` has counted."""
        self.counts.update(other.counts)

    def result(self, *, intervals: bool = True) -> dict[str, Value]:
        """The shares."""
        n = self.counts
        made = {name: interval_of.share(n[hits], n[of], intervals=intervals) for name, (hits, of) in SHARES.items()}
        return made | ({"satisfaction": NOTHING} if n["resolved"] and not n["rated"] else {})
