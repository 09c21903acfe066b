"""The workload: every possible attempt of every customer, with all its random numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Self

import numpy as np

from crestline.errors import UsageError
from crestline.scenario import ContactType, Scenario
from crestline.scenario.faults import TriageWorse
from crestline.tables import OUTCOME_COLUMNS, WORKLOAD_COLUMNS, Floats, Ints, Workload
from crestline.workload.arrivals import Arrivals, Curve, day_curve, demand_curve, first_contacts
from crestline.workload.distributions import pick, sample_times
from crestline.workload.inflow import extras, with_extras
from crestline.workload.memory import SMALLER, require_memory
from crestline.workload.recontacts import expected_attempts, largest_recontact_share, most_recontacts
from crestline.workload.span import Span
from crestline.workload.streams import Draws

MOST = 2**31 - 1  # rows of one play, numbered in 32 bits
ROW_BYTES = sum(  # of a workload in one piece: its chunks, the whole of them, and what becomes of it
    np.dtype(column.dtype).itemsize
    for columns in (WORKLOAD_COLUMNS, WORKLOAD_COLUMNS, OUTCOME_COLUMNS)
    for column in columns.values()
)


def sample(
    scenario: Scenario,
    seed: int,
    span: Span,
    replication: int = 0,
    *,
    day_factor: bool = True,
    simulated: bool = False,
) -> Workload:
    """One workload of the span: first contacts up to its horizon, and whatever recontacts might follow.

    A drill and its forecast play an average day (``day_factor=False``). ``simulated`` leaves out attempts that only
    follow where a contact fails for real; it changes no number of the others.
    """
    day = _Day.of(scenario, seed, span, replication, day_factor=day_factor, simulated=simulated)
    require_memory(day.expected_rows * ROW_BYTES, f"about {day.curve.expected[-1]:,.0f} customers in one piece")
    chunks = list(_sample_chunks(day, math.inf))
    if len(chunks) == 1:
        return chunks[0]
    columns: dict[str, Any] = {n: np.concatenate([getattr(chunk, n) for chunk in chunks]) for n in WORKLOAD_COLUMNS}
    return Workload(**columns, start_s=span.start_s)


def sample_chunks(
    scenario: Scenario,
    seed: int,
    span: Span,
    replication: int = 0,
    *,
    day_factor: bool = True,
    simulated: bool = False,
    stop_s: float | None = None,
) -> Iterator[Workload]:
    """The same workload piece by piece, at most ``arrivals.BLOCK`` customers in each.

    Pieces in which nobody is due before ``stop_s`` are left out.
    """
    day = _Day.of(scenario, seed, span, replication, day_factor=day_factor, simulated=simulated)
    return _sample_chunks(day, math.inf if stop_s is None else stop_s)


class _Day(NamedTuple):
    """What is sampled: one replication of a scenario."""

    scenario: Scenario
    seed: int
    span: Span
    replication: int
    curve: Curve
    share: float  # of all attempts that may be followed by another

    @classmethod
    def of(
        cls, scenario: Scenario, seed: int, span: Span, replication: int, *, day_factor: bool, simulated: bool
    ) -> Self:
        """The replication, unless its rows cannot be numbered."""
        curve = day_curve(scenario, seed, replication, span) if day_factor else demand_curve(scenario, span)
        day = cls(scenario, seed, span, replication, curve, largest_recontact_share(scenario, simulated=simulated))
        if day.expected_rows > MOST:
            msg = (
                f"demand: about {curve.expected[-1]:,.0f} customers may contact {day.expected_rows:,.0f} times, "
                f"at most {MOST:,} times can be played; {SMALLER}"
            )
            raise UsageError(msg)
        return day

    @property
    def expected_rows(self) -> float:
        """Expected attempts of all customers."""
        return float(self.curve.expected[-1]) * expected_attempts(self.scenario, self.share)

    def draws(self, customer: Ints, attempt: Ints | int = 0) -> Draws:
        """The random numbers of these attempts of these customers."""
        return Draws.at(self.seed, self.replication, customer, attempt)


def _sample_chunks(day: _Day, stop_s: float) -> Iterator[Workload]:
    first_row = 0
    for arrivals in first_contacts(day.scenario, day.span, day.curve, day.seed, day.replication):
        if arrivals.start_s >= stop_s:
            return
        chunk = _sample_customers(day, arrivals, first_row)
        yield chunk
        first_row += len(chunk)


class _Attempts(NamedTuple):
    customer: Ints  # counted from the first of the chunk
    attempt: Ints
    again_u: Floats
    first: Ints  # rows of the first attempts


def _sample_customers(day: _Day, arrivals: Arrivals, first_row: int) -> Workload:
    scenario = day.scenario
    numbers = np.arange(arrivals.first, arrivals.first + len(arrivals.gap_s))
    rows = _sample_attempts(day, numbers)
    once = day.draws(numbers)
    contact = pick(once.uniform("contact"), [kind.share for kind in scenario.contacts.values()])
    if arrivals.contact is not None:
        contact = np.where(arrivals.contact < 0, contact, arrivals.contact)
    if more := extras(scenario, day.span):
        contact = with_extras(contact, more, arrivals.start_s + np.cumsum(arrivals.gap_s), once)
    contact = contact[rows.customer]
    vip = (once.uniform("vip") < scenario.vip.share)[rows.customer]
    customer = rows.customer + arrivals.first
    draws = day.draws(customer, rows.attempt)
    return Workload(
        customer=customer,
        attempt=rows.attempt,
        contact=contact,
        vip=vip,
        gap_s=_gaps(scenario, draws, rows, arrivals),
        again_u=rows.again_u,
        rating_u=draws.uniform("rating"),
        **_sample_failures(scenario, draws),
        **_sample_bot(scenario, draws, contact),
        **_sample_times_by_type(scenario, draws, contact),
        start_s=arrivals.start_s,
        first_row=first_row,
    )


def _sample_attempts(day: _Day, numbers: Ints) -> _Attempts:
    """The attempts that may happen at all, customer by customer."""
    most = most_recontacts(day.scenario)
    customers = [np.arange(len(numbers))]  # who may come a first time, a second time, ...
    again_u = [day.draws(numbers).uniform("again")]
    count = np.ones(len(numbers), np.int64)
    while len(customers) <= most and len(customers[-1]):
        again = customers[-1][np.flatnonzero(again_u[-1] < day.share)]
        count[again] += 1
        again_u.append(day.draws(numbers[again], len(customers)).uniform("again"))
        customers.append(again)
    first = np.cumsum(count) - count
    rows = int(count.sum())
    made = _Attempts(np.repeat(customers[0], count), np.zeros(rows, np.int8), np.empty(rows), first)
    made.again_u[first] = again_u[0]
    for attempt, (customer, u) in enumerate(zip(customers[1:], again_u[1:], strict=True), 1):
        row = first[customer] + attempt
        made.attempt[row], made.again_u[row] = attempt, u
    return made


def _gaps(scenario: Scenario, draws: Draws, rows: _Attempts, arrivals: Arrivals) -> Floats:
    gap_s = np.empty(len(draws))
    gap_s[rows.first] = arrivals.gap_s
    later = np.flatnonzero(rows.attempt > 0)
    if not scenario.recontact:
        gap_s[later] = 0.0  # who comes back in a storm does so after the storm's delay
    else:
        gap_s[later] = sample_times(scenario.recontact.delay, draws.of(later), "delay")
    return gap_s


def _sample_failures(scenario: Scenario, draws: Draws) -> dict[str, Any]:
    """Which contacts fail first, where a fault lets a share of them."""
    fails = any(fault.kind == "wire" for fault in scenario.faults)
    return {"fail_u": draws.uniform("fail")} if fails else {}


def _sample_bot(scenario: Scenario, draws: Draws, contact: Ints) -> dict[str, Any]:
    """What the bot makes of the contacts that meet it: when it replies, what it resolves, where it sends the others."""
    triage = scenario.triage
    if triage is None:
        return {"reply_s": np.zeros(len(draws)), "resolves": np.zeros(len(draws), np.bool_), "routed": contact}
    types = list(scenario.contacts.values())
    resolved = np.array([kind.bot_resolves if kind.bot == "triage" else 0.0 for kind in types])
    made = {
        "reply_s": sample_times(triage.reply_time, draws, "reply"),
        "resolves": draws.uniform("resolves") < resolved[contact],
        "routed": _route(types, triage.accuracy, draws, contact),
    }
    worse = next((fault for fault in scenario.faults if isinstance(fault, TriageWorse)), None)
    if worse is None:
        return made
    accuracy = triage.accuracy if worse.accuracy is None else min(worse.accuracy, triage.accuracy)
    return made | {
        "worse_resolves": draws.uniform("resolves") < (resolved * worse.resolves)[contact],
        "worse_routed": _route(types, accuracy, draws, contact),
    }


def _route(types: Sequence[ContactType], accuracy: float, draws: Draws, contact: Ints) -> Ints:
    """The skill that triage hands each contact to: its own, or when misread any other."""
    others = len(types) - 1
    misread = np.flatnonzero(draws.uniform("misread") >= accuracy) if others else np.empty(0, np.int64)
    misread = misread[np.array([kind.bot == "triage" for kind in types])[contact[misread]]]
    own, routed = contact[misread], contact.copy()
    other = (draws.of(misread).uniform("misrouted") * others).astype(np.int64)
    routed[misread] = other + (other >= own)
    return routed


def _sample_times_by_type(scenario: Scenario, draws: Draws, contact: Ints) -> dict[str, Any]:
    """How long agents and customers take: each row from the distribution of its contact type."""
    handle_s, patience_s = np.empty(len(draws)), np.full(len(draws), np.inf)
    for index, kind in enumerate(scenario.contacts.values()):
        rows = np.flatnonzero(contact == index)
        of_type = draws.of(rows)
        handle_s[rows] = sample_times(kind.handle_time, of_type, "handle")
        if kind.patience != "never":
            patience_s[rows] = sample_times(kind.patience, of_type, "patience")
    return {"handle_s": handle_s, "patience_s": patience_s}
