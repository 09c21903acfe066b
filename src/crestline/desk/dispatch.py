"""Who gets whom: the target's own rule of dispatch, plain values in, a choice out.

Written independently of ``crestline.rules``, so that a drill compares two readings of one definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Waiting(NamedTuple):
    """A contact in line for ``skill``; ``queued_at`` is its first entry into any queue."""

    vip: bool
    skill: str
    queued_at: float
    row: int
    conversation: int


class Free(NamedTuple):
    """A session that could take a contact now; ``order`` is the place of its group in the settings."""

    skills: tuple[str, ...]
    order: int
    idle_since: float
    agent: int


class Slot(NamedTuple):
    """What a triage worker has to offer."""

    worker: int
    free: int


def next_contact(skills: Sequence[str], waiting: Iterable[Waiting]) -> Waiting | None:
    """The contact that a free session with these skills takes: VIP, earliest skill, longest wait, lowest row."""

    def rank(contact: Waiting) -> tuple[bool, int, float, int]:
        return (not contact.vip, skills.index(contact.skill), contact.queued_at, contact.row)

    return min((contact for contact in waiting if contact.skill in skills), key=rank, default=None)


def next_session(skill: str, free: Iterable[Free]) -> Free | None:
    """The session that a contact with this skill goes to: earliest in its list, order of groups, longest idle."""

    def rank(session: Free) -> tuple[int, int, float, int]:
        return (session.skills.index(skill), session.order, session.idle_since, session.agent)

    return min((session for session in free if skill in session.skills), key=rank, default=None)


def next_worker(slots: Iterable[Slot]) -> int | None:
    """The triage worker that a contact goes to: the lowest number with a free slot."""
    return min((slot.worker for slot in slots if slot.free > 0), default=None)


def is_full(waiting: int, limit: int | None) -> bool:
    """Whether a queue turns a contact away when nobody is free for it."""
    return limit is not None and waiting >= limit
