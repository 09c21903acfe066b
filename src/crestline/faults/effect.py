"""What a fault does to the model while it is in force, and how several faults add up to what is out of the ordinary."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from crestline.tables import Condition


class Effect(NamedTuple):
    """What one fault changes while it is in force; left out is what it leaves as usual. See ``tables.Condition``."""

    enters_at_s: float = -math.inf
    replies_at_s: float = -math.inf
    serves_at_s: float = -math.inf
    delay_s: float = 0.0
    reply_factor: float = 1.0
    fail_share: float = 0.0
    is_frozen: bool = False
    is_worse: bool = False
    retry_share: float = -1.0
    retry_delay_s: float = 0.0
    handle_factor: float = 1.0
    group: str | None = None  # whose handle time; None: everybody's


class Spell(NamedTuple):
    """An effect from an instant up to another."""

    start_s: float
    end_s: float
    effect: Effect


def conditions(spells: Sequence[Spell], groups: Sequence[str]) -> Iterator[Condition]:
    """Step by step what is out of the ordinary; the last step is that nothing is."""
    for time_s in sorted({edge for spell in spells for edge in spell[:2]}):
        yield _together(time_s, [spell.effect for spell in spells if spell.start_s <= time_s < spell.end_s], groups)


def _together(time_s: float, effects: Sequence[Effect], groups: Sequence[str]) -> Condition:
    """The latest instant, the sum of delays, the product of factors and of the shares that do not fail."""
    if not effects:
        return Condition(time_s)
    retries = max((effect.retry_share, effect.retry_delay_s) for effect in effects)
    slow = any(effect.handle_factor != 1 for effect in effects)
    return Condition(
        time_s,
        enters_at_s=max(effect.enters_at_s for effect in effects),
        replies_at_s=max(effect.replies_at_s for effect in effects),
        serves_at_s=max(effect.serves_at_s for effect in effects),
        delay_s=sum(effect.delay_s for effect in effects),
        reply_factor=math.prod(effect.reply_factor for effect in effects),
        fail_share=_any_of(effect.fail_share for effect in effects),
        is_frozen=any(effect.is_frozen for effect in effects),
        is_worse=any(effect.is_worse for effect in effects),
        retry_share=retries[0],
        retry_delay_s=retries[1],
        handle_factors=tuple(_factor(effects, group) for group in groups) if slow else (),
    )


def _factor(effects: Sequence[Effect], group: str) -> float:
    return math.prod(effect.handle_factor for effect in effects if effect.group in (None, group))


def _any_of(shares: Iterable[float]) -> float:
    """The share that meets at least one of several."""
    met = 0.0
    for share in shares:
        met += share * (1 - met)
    return met
