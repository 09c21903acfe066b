"""The workload: every possible attempt of every customer, with all its random numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from crestline.scenario import Distribution, Scenario
from crestline.tables import Bools, Floats, Ints, Workload
from crestline.workload.arrivals import sample_arrivals
from crestline.workload.distributions import sample_times
from crestline.workload.recontacts import largest_recontact_share
from crestline.workload.span import Span
from crestline.workload.streams import Draws


def sample(scenario: Scenario, seed: int, span: Span, replication: int = 0, *, day_factor: bool = True) -> Workload:
    """One workload of the span: first contacts up to its horizon, and whatever recontacts might follow.

    A drill and its forecast play an average day (``day_factor=False``).
    """
    gaps = sample_arrivals(scenario, seed, replication, span, day_factor=day_factor)
    draws = Draws(seed, replication, len(gaps))
    contact = _pick(draws.uniform("contact"), [c.share for c in scenario.contacts.values()])
    vip = draws.uniform("vip") < scenario.vip.share
    attempts = _sample_attempts(scenario, draws, contact, gaps)
    kept = [attempt["customer"] for attempt in attempts]
    order = np.lexsort((np.concatenate([a["attempt"] for a in attempts]), np.concatenate(kept)))
    columns: dict[str, Any] = {name: np.concatenate([a[name] for a in attempts])[order] for name in attempts[0]}
    customer = columns["customer"]
    return Workload(contact=contact[customer], vip=vip[customer], start_s=span.start_s, **columns)


def _sample_attempts(scenario: Scenario, draws: Draws, contact: Ints, gaps: Floats) -> list[dict[str, NDArray[Any]]]:
    """Columns of the first attempts, of the second, ...: those that may happen at all."""
    again = scenario.recontact
    most = again.at_most if again else 0
    alive: Bools = np.ones(draws.rows, dtype=np.bool_)
    made = []
    for attempt in range(most + 1):
        delay = gaps if attempt == 0 or again is None else sample_times(again.delay, draws, "delay", attempt)
        columns = _sample_attempt(scenario, draws, contact, attempt) | {"gap_s": delay}
        customer = np.flatnonzero(alive)
        made.append({name: column[customer] for name, column in columns.items()} | {"customer": customer})
        alive &= columns["again_u"] < largest_recontact_share(scenario)
        if not alive.any():
            break
    return made


def _sample_attempt(scenario: Scenario, draws: Draws, contact: Ints, attempt: int) -> dict[str, NDArray[Any]]:
    types = list(scenario.contacts.values())
    triage = scenario.triage
    meets_bot = np.array([triage is not None and kind.bot != "skip" for kind in types])[contact]
    resolved_share = np.array([kind.bot_resolves for kind in types])[contact]
    patience = [None if kind.patience == "never" else kind.patience for kind in types]
    return {
        "attempt": np.full(draws.rows, attempt),
        "handle_s": _by_type([kind.handle_time for kind in types], contact, draws, "handle", attempt),
        "patience_s": _by_type(patience, contact, draws, "patience", attempt),
        "reply_s": sample_times(triage.reply_time, draws, "reply", attempt) if triage else np.zeros(draws.rows),
        "resolves": meets_bot & (draws.uniform("resolves", attempt) < resolved_share),
        "routed": _route(scenario, draws, contact, meets_bot, attempt),
        "again_u": draws.uniform("again", attempt),
        "rating_u": draws.uniform("rating", attempt),
    }


def _by_type(
    by_type: list[Distribution | None] | list[Distribution], contact: Ints, draws: Draws, column: str, attempt: int
) -> Floats:
    """Each row from the distribution of its contact type; types of one kind share their standard numbers."""
    times = np.full(draws.rows, np.inf)
    for index, distribution in enumerate(by_type):
        rows = contact == index
        if distribution is not None and rows.any():
            times[rows] = sample_times(distribution, draws, column, attempt)[rows]
    return times


def _route(scenario: Scenario, draws: Draws, contact: Ints, meets_bot: Bools, attempt: int) -> Ints:
    """The skill that triage hands the contact to: its own, or when misread any other."""
    if scenario.triage is None or len(scenario.contacts) == 1:
        return contact
    misread = meets_bot & (draws.uniform("misread", attempt) >= scenario.triage.accuracy)
    others = len(scenario.contacts) - 1
    other = (draws.uniform("misrouted", attempt) * others).astype(np.int64)
    return np.where(misread, other + (other >= contact), contact)


def _pick(u: Floats, shares: list[float]) -> Ints:
    """The index of the share into which each uniform number falls."""
    bounds = np.cumsum(shares)[:-1]
    return np.searchsorted(bounds, u, side="right").astype(np.int64)
