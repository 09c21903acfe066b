"""Rounds: in each of them everyone plays once, so that a busy moment of the machine hits all alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from .contenders import Contender
from .model import Seen

WARM_UP_CONTACTS = 500  # compiles what is compiled at the first play, and imports


def play_rounds(
    contenders: Sequence[Contender], rounds: int, say: Callable[[str], None] = lambda _: None
) -> dict[Contender, list[Seen]]:
    """What each contender that can play here saw, round by round; the round's number is the seed."""
    able = [contender for contender in contenders if not contender.missing]
    for contender in able:
        contender.play(WARM_UP_CONTACTS, 0)
    played: dict[Contender, list[Seen]] = {contender: [] for contender in able}
    for seed in range(1, rounds + 1):
        for contender in able:
            say(f"round {seed} of {rounds}: {contender.name}")
            played[contender].append(contender.play(contender.contacts, seed))
    return played


def contacts_per_s(plays: Sequence[Seen]) -> float:
    """The median over the rounds."""
    return median(seen.per_s for seen in plays)


def times_as_fast(ours: Sequence[Seen], others: Sequence[Seen]) -> float:
    """How many times as many contacts a second ours plays: the median of the rounds' ratios."""
    return median(mine.per_s / other.per_s for mine, other in zip(ours, others, strict=True))
