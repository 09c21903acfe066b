"""What became of contacts, counted exactly, and the shares made of it: errors, resolution, abandonment, satisfaction.

Satisfaction is of all contacts: whoever was not resolved is not satisfied. It is nothing where contacts were resolved
and none of them has a rating, as with a target that keeps none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from crestline.measures.contacts import Contacts
from crestline.measures.response import entered_queue
from crestline.scenario.objectives import service_level_key
from crestline.tables import OUTCOME_COLUMNS, Bools, Ints, Outcome, Outcomes

RESOLVED = (Outcome.BOT_RESOLVED, Outcome.AGENT_RESOLVED)


class Share(NamedTuple):
    """A share: which counter, of which."""

    hits: str
    of: str


def _ended(*outcomes: Outcome) -> Callable[[Outcomes], Bools]:
    return lambda chunk: reduce(np.logical_or, [chunk.outcome == outcome for outcome in outcomes])


is_resolved, _abandoned = _ended(*RESOLVED), _ended(Outcome.ABANDONED)

COUNTED: dict[str, Callable[[Outcomes], Bools]] = {
    "contacts": lambda chunk: np.ones(len(chunk), np.bool_),
    "queued": entered_queue,
    "errors": _ended(Outcome.FAILED, Outcome.DROPPED),
    "rejected": _ended(Outcome.REJECTED),
    "resolved": is_resolved,
    "bot_resolved": _ended(Outcome.BOT_RESOLVED),
    "left_queue": lambda chunk: _abandoned(chunk) & entered_queue(chunk),
    "left_triage": lambda chunk: _abandoned(chunk) & ~entered_queue(chunk),
    "met_bot": lambda chunk: ~np.isnan(chunk.bot_reply_s),
    "recontacts": lambda chunk: chunk.attempt > 0,
    "satisfied": lambda chunk: chunk.rating == 1,
    "rated": lambda chunk: is_resolved(chunk) & (chunk.rating >= 0),
}
"""Who is counted; all that it asks of contacts is of which kind they are."""

SHARES = {
    "error_rate": Share("errors", "contacts"),
    "rejected": Share("rejected", "contacts"),
    "resolution_rate": Share("resolved", "contacts"),
    "bot_resolution_rate": Share("bot_resolved", "met_bot"),
    "recontact_rate": Share("recontacts", "contacts"),
    "satisfaction": Share("satisfied", "contacts"),
    "abandonment": Share("left_queue", "queued"),
    "abandonment_triage": Share("left_triage", "contacts"),
    "wait_probability": Share("waited", "queued"),
}


def share_of(name: str) -> Share | None:
    """The share that a measure is; of service levels any; None for what is no share of contacts."""
    return Share(name, "queued") if name.startswith("service_level") else SHARES.get(name)


def of_queue(contacts: Contacts, limits_s: Sequence[float], resolution_s: float) -> dict[str, Bools]:
    """Of those who entered an agent queue, who waited, and who was answered within each limit.

    A wait up to ``resolution_s`` counts as none.
    """
    queue = contacts.queue
    within = {service_level_key(limit): queue.answered & (queue.waited_s <= limit) for limit in limits_s}
    return {"waited": queue.waited_s > resolution_s} | within


KINDS = 256


def kind(contacts: Contacts) -> Ints:
    """The kind of every contact: outcome, whether it met the bot, came again and entered a queue, and its rating."""
    table = contacts.outcomes
    made = table.outcome.astype(np.uint8)
    for bit, flag in ((8, ~np.isnan(table.bot_reply_s)), (16, table.attempt > 0), (32, contacts.entered_queue)):
        made += flag * np.uint8(bit)
    return made + (table.rating + 1).astype(np.uint8) * np.uint8(64)


def _one_of_every_kind() -> Outcomes:
    kinds = np.arange(KINDS)
    known: dict[str, Any] = {
        "outcome": kinds & 7,
        "bot_reply_s": np.where(kinds & 8, 0.0, np.nan),
        "attempt": kinds >> 4 & 1,
        "queued_s": np.where(kinds & 32, 0.0, np.nan),
        "claimed_s": np.zeros(KINDS),
        "rating": (kinds >> 6) - 1,
    }
    return Outcomes(**{name: known.get(name, np.zeros(KINDS)) for name in OUTCOME_COLUMNS})


_COUNTED_KINDS = np.array([is_it(_one_of_every_kind()) for is_it in COUNTED.values()], np.float64)


def of_kinds(counted: Ints) -> dict[str, Ints]:
    """All of ``COUNTED`` for groups, of which it is known how many contacts of every kind they have."""
    made = counted.astype(np.float64) @ _COUNTED_KINDS.T  # exact up to 2**53
    return dict(zip(COUNTED, made.T.astype(np.int64), strict=True))
