"""Rounds: in each of them everyone plays once, so that a busy moment of the machine hits all alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from .contenders import Contender
from .model import Seen

WARM_UP_CONTACTS = 500  # compiles what is compiled at the first play, and imports
AT_LEAST_S = 0.5  # for each contender in a round; who is done sooner plays again


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
            played[contender].append(play_for_a_while(contender, seed))
    return played


def play_for_a_while(contender: Contender, seed: int) -> Seen:
    """One of several plays of the same contacts: that which took the median time."""
    plays: list[Seen] = []
    while sum(seen.cpu_s for seen in plays) < AT_LEAST_S:
        plays.append(contender.play(contender.contacts, seed))
    return sorted(plays, key=lambda seen: seen.cpu_s)[len(plays) // 2]


def contacts_per_s(plays: Sequence[Seen]) -> float:
    """The median over the rounds."""
    return median(seen.per_s for seen in plays)


def times_as_fast(ours: Sequence[Seen], others: Sequence[Seen]) -> float:
    """How many times as many contacts a second ours plays: the median of the rounds' ratios."""
    return median(mine.per_s / other.per_s for mine, other in zip(ours, others, strict=True))
