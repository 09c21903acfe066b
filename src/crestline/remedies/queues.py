"""Queues in which more may wait."""

from __future__ import annotations

from collections.abc import Iterator

from crestline.remedies.changes import Change, Family, Kind
from crestline.scenario import Scenario

LONGER = (1.1, 1.25, 1.5, 2.0, 3.0, 5.0)


def queue_families(scenario: Scenario) -> list[Family]:
    """For every limited queue longer ones, and at last one without a limit."""
    limits = {name: kind.queue_limit for name, kind in scenario.contacts.items() if kind.queue_limit is not None}
    return [Family(Kind.QUEUE, tuple(_longer(name, limit))) for name, limit in limits.items()]


def _longer(name: str, today: int) -> Iterator[Change]:
    for limit in dict.fromkeys(max(round(today * factor), today + 1) for factor in LONGER):
        words = f"{limit} may wait for {name} instead of {today}"
        yield Change(Kind.QUEUE, words, (f"contacts.{name}.queue_limit={limit}",), limit / max(today, 1) - 1)
    words = f"any number may wait for {name} instead of {today}"
    yield Change(Kind.QUEUE, words, (f"contacts.{name}.queue_limit=null",), 2 * LONGER[-1])
