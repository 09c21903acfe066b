"""A day too large to be held at once: sampled, played and summed up side by side, piece by piece.

Memory holds the contacts in the system and a few pieces, however many contacts a day has.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import TypeVar

from crestline.measures import Day, Digest, settled
from crestline.replicate.controls import Work, controls, offered_work
from crestline.replicate.losses import lost_cost
from crestline.scenario import Scenario
from crestline.tables import Timeline, Workload
from crestline.workload import Span, require_memory, sample_chunks, timeline
from crestline.workload.arrivals import expected_arrivals, peak_rate
from crestline.workload.recontacts import expected_attempts, largest_recontact_share

T = TypeVar("T")
LARGE = 1_000_000  # customers: from here on a day is streamed
CONTACT_BYTES = 256  # of a contact in the system, with the events planned for it
PIECE = 262_144  # outcomes that are summed up at a time
PIECES_BYTES = 250e6  # of chunks and pieces under way


def is_large(scenario: Scenario, span: Span) -> bool:
    """Whether a day is streamed."""
    return expected_arrivals(scenario, span) > LARGE


def stream_day(
    scenario: Scenario,
    seed: int,
    span: Span,
    replication: int,
    *,
    day_factor: bool = True,
    called_off: Event | None = None,
) -> Day:
    """One replication; it is played once more, for longer, where recovery was not seen by the span's end.

    It ends with a CancelledError within a piece of work when it is ``called_off``.
    """
    memory_of_stream(scenario, span)
    off = called_off or Event()
    day = _stream(scenario, seed, span, replication, timeline(scenario, span), off, day_factor=day_factor)
    if not settled(day.recoveries):
        longer = timeline(scenario, span, stop_s=span.horizon_s)
        day = _stream(scenario, seed, span, replication, longer, off, day_factor=day_factor)
    return day


def memory_of_stream(scenario: Scenario, span: Span) -> float:
    """About how many bytes a streamed day takes; an error with what to do about it where there are not so many."""
    contacts = contacts_in_system(scenario, span)
    needed = contacts * CONTACT_BYTES + PIECES_BYTES
    require_memory(needed, f"about {contacts:,.0f} contacts in the system at a time")
    return needed


def contacts_in_system(scenario: Scenario, span: Span) -> float:
    """About how many contacts are there or may still come back at the busiest time (Little 1961)."""
    again, share = scenario.recontact, largest_recontact_share(scenario, simulated=True)
    stay_s = scenario.triage.reply_time.mean_s if scenario.triage else 0.0
    for kind in scenario.contacts.values():
        patience_s = 0.0 if kind.patience == "never" else kind.patience.mean_s
        stay_s += kind.share * (kind.handle_time.mean_s + patience_s)
    back_s = again.delay.mean_s * share if again else 0.0
    return peak_rate(scenario, span) * (stay_s + back_s) * expected_attempts(scenario, share)


def _stream(
    scenario: Scenario, seed: int, span: Span, replication: int, line: Timeline, called_off: Event, *, day_factor: bool
) -> Day:
    from crestline.engine.compiled import play_chunks

    digest, work = Digest(scenario, line), Work()
    drawn = sample_chunks(scenario, seed, span, replication, day_factor=day_factor, simulated=True, stop_s=line.stop_s)

    def noted() -> Iterator[Workload]:
        nonlocal work
        for chunk in drawn:
            if called_off.is_set():
                raise CancelledError
            work = work.plus(offered_work(scenario, chunk, span))
            yield chunk

    lost: list[float | None] = []
    with ThreadPoolExecutor(2) as others:
        adding: Future[None] | None = None
        for outcomes, pools in play_chunks(scenario, _ahead(noted(), others), line, PIECE):
            if called_off.is_set():
                raise CancelledError
            if adding:
                adding.result()
            adding = others.submit(digest.add, outcomes, pools)
            lost.append(lost_cost(scenario, outcomes, line))
    if adding:
        adding.result()
    known = controls(scenario, seed, span, replication, work, day_factor=day_factor)
    costs = [cost for cost in lost if cost is not None]
    return replace(digest.day(), controls=known, lost_cost=sum(costs) if costs else None)


def _ahead(items: Iterator[T], executor: Executor) -> Iterator[T]:
    """The same items; the next one is made while one is used."""
    coming = executor.submit(next, items, None)
    while (item := coming.result()) is not None:
        coming = executor.submit(next, items, None)
        yield item
