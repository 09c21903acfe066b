"""A bot that resolves more, errs less, replies sooner, or runs on more or quicker workers."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from crestline.remedies.changes import Change, Family, Kind
from crestline.remedies.standby import shorter
from crestline.scenario import Breaker, Pool, Scenario, Triage
from crestline.scenario.block import spelled
from crestline.units import format_duration, format_share, spell_duration, spell_share

BEST = 0.95  # share of a contact type that a bot might resolve
POINT = 0.01
MOST = 3  # times the workers of today
REPLIES = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)  # of its reply time


def bot_families(scenario: Scenario) -> list[Family]:
    """What the bot itself could do better; nothing where there is none."""
    triage = scenario.triage
    if triage is None:
        return []
    met = {name: kind.bot_resolves for name, kind in scenario.contacts.items() if kind.bot == "triage"}
    resolving = [
        _family(Kind.BOT, _points(share, BEST, f"contacts.{name}.bot_resolves", f"the bot resolves {{}} of {name}"))
        for name, share in met.items()
    ]
    handing = _points(triage.accuracy, 1.0, "triage.accuracy", "the bot hands {} to the right agents")
    return [*resolving, _family(Kind.BOT, handing), _family(Kind.BOT, _replies(triage))]


def pool_families(scenario: Scenario) -> list[Family]:
    """What its pool could be."""
    if scenario.triage is None:
        return []
    pool = scenario.triage.pool
    made = (_workers(pool), _at_most(pool), _start_up(pool))
    others = (_when_down(scenario.triage), _breaker(scenario, scenario.triage))
    return [_family(Kind.POOL, changes) for changes in (*made, *others)]


def _family(kind: Kind, changes: Iterator[tuple[str, str, float]]) -> Family:
    return Family(kind, tuple(Change(kind, words, (setting,), reach) for words, setting, reach in changes))


def _points(today: float, best: float, key: str, words: str) -> Iterator[tuple[str, str, float]]:
    """Percent by percent from today's share to the best; it reaches as far as what is left to others shrinks."""
    for number in range(1, round((best - today) / POINT) + 1):
        share = round(min(today + number * POINT, best), 6)
        said = f"{words.format(format_share(share))} instead of {format_share(today)}"
        yield said, f"{key}={spell_share(share)}", (share - today) / (1 - today)


def _replies(triage: Triage) -> Iterator[tuple[str, str, float]]:
    today = triage.reply_time.mean_s
    for factor in REPLIES:
        if (shape := _scaled(spelled(triage.reply_time), factor)) is not None:
            words = (
                f"the bot replies in {format_duration(today * factor)} instead of {format_duration(today)} on average"
            )
            yield words, f"triage.reply_time={dumps(shape, ensure_ascii=False)}", 1 - factor


def _scaled(shape: dict[str, Any], factor: float) -> dict[str, Any] | None:
    """A distribution of one mean with another mean; None of others."""
    from crestline.units import parse_duration

    ((kind, content),) = shape.items()
    if kind == "constant":
        return {kind: spell_duration(round(parse_duration(content) * factor, 3))}
    if "mean" not in content:
        return None
    return {kind: {**content, "mean": spell_duration(round(parse_duration(content["mean"]) * factor, 3))}}


def _workers(pool: Pool) -> Iterator[tuple[str, str, float]]:
    for workers in range(pool.workers + 1, max(MOST * pool.workers, pool.workers + 4) + 1):
        setting = f"triage.pool.workers={workers}"
        if workers > pool.at_most:
            setting = f"triage.pool={dumps({**spelled(pool), 'workers': workers, 'at_most': workers})}"
        yield f"{workers} bot workers when it is calm instead of {pool.workers}", setting, workers / pool.workers - 1


def _at_most(pool: Pool) -> Iterator[tuple[str, str, float]]:
    for workers in range(pool.at_most + 1, MOST * pool.at_most + 1):
        words = f"up to {workers} bot workers instead of {pool.at_most}"
        yield words, f"triage.pool.at_most={workers}", workers / pool.at_most - 1


def _start_up(pool: Pool) -> Iterator[tuple[str, str, float]]:
    today = pool.start_up
    for time in shorter(today):
        words = f"a bot worker is ready {format_duration(time)} after its start instead of {format_duration(today)}"
        yield words, f"triage.pool.start_up={spell_duration(time)}", 1 - time / today


def _breaker(scenario: Scenario, triage: Triage) -> Iterator[tuple[str, str, float]]:
    """A circuit breaker helps where the bot goes on taking contacts that it does not answer."""
    is_slow = any(fault.kind == "triage-brownout" for fault in scenario.faults)
    if is_slow and triage.breaker is None and triage.reply_time.mean_s < Breaker().timeout:
        yield "a circuit breaker sends contacts to the agents while the bot does not answer", "triage.breaker={}", 1.0


def _when_down(triage: Triage) -> Iterator[tuple[str, str, float]]:
    if triage.when_down == "reject":
        yield (
            "contacts go to the agents while the bot is down instead of being turned away",
            "triage.when_down=queue",
            1.0,
        )
