"""What a contact is told when a wait of its ends."""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """Why a wait ended; ``group`` is who claimed the contact, -1 where nobody did."""

    reason: str
    group: int = -1


IN_SLOT = Word("in a slot")
SERVED = Word("served")
GIVEN_BACK = Word("given back")
LEFT = Word("left")
TURNED_AWAY = Word("turned away")
