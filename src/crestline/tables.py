"""The tables that every room shares: frozen columns, each with its name, type, unit and meaning in one place.

A ``Workload`` is what will be asked for, a ``Timeline`` what is scheduled, ``Outcomes`` what became of every
contact, ``Pools`` who was ready and busy when. Engines turn the first two into the last two; so does a live run.
Instants are scenario seconds since ``day.start``; NaN means that it did not happen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]  # of any width: columns are as narrow as their numbers allow
Bools = NDArray[np.bool_]
NOTHING: NDArray[Any] = np.empty(0)  # stands for a column that was left out


def _left_out() -> NDArray[Any]:
    return NOTHING


class Outcome(IntEnum):
    """How one contact ended; ``OPEN`` is one that had not ended when the run did."""

    OPEN = 0
    BOT_RESOLVED = 1
    AGENT_RESOLVED = 2
    ABANDONED = 3
    REJECTED = 4
    FAILED = 5
    DROPPED = 6

    @property
    def word(self) -> str:
        """The outcome as scenarios, columns and reports spell it, for example ``bot_resolved``."""
        return self.name.lower()


class Column(NamedTuple):
    """What one column holds."""

    dtype: type[np.generic]
    unit: str
    meaning: str


WORKLOAD_COLUMNS: dict[str, Column] = {
    "customer": Column(np.int32, "", "number of the customer, in order of first arrival; all attempts share it"),
    "attempt": Column(np.int8, "", "0 for the first contact, k for the k-th recontact"),
    "contact": Column(np.int16, "", "index of the contact type in the scenario's order"),
    "vip": Column(np.bool_, "", "whether the customer is a VIP"),
    "gap_s": Column(np.float64, "s", "attempt 0: since the previous customer's; later: delay after the end before"),
    "handle_s": Column(np.float64, "s", "time an agent holds the contact, from claim to resolution"),
    "patience_s": Column(np.float64, "s", "how long the customer waits before leaving; inf for ever"),
    "reply_s": Column(np.float64, "s", "how long the bot holds a slot before it replies"),
    "resolves": Column(np.bool_, "", "whether the bot's reply resolves the contact"),
    "routed": Column(np.int16, "", "skill to which triage hands the contact on; differs from contact when misread"),
    "again_u": Column(np.float64, "1", "uniform; below the recontact share of its outcome the customer comes back"),
    "rating_u": Column(np.float64, "1", "uniform; below the chance of satisfaction the customer is satisfied"),
    "worse_resolves": Column(np.bool_, "", "whether the reply of a bad release of the bot resolves it"),
    "worse_routed": Column(np.int16, "", "skill to which a bad release hands it on"),
    "fail_u": Column(np.float64, "1", "uniform; below the share of requests that fail just then the contact fails"),
}

OUTCOME_COLUMNS: dict[str, Column] = {
    "row": Column(np.int32, "", "row of the workload that was played"),
    "customer": Column(np.int32, "", "number of the customer"),
    "attempt": Column(np.int8, "", "0 for the first contact, k for the k-th recontact"),
    "contact": Column(np.int16, "", "index of the contact type"),
    "vip": Column(np.bool_, "", "whether the customer is a VIP"),
    "planned_s": Column(np.float64, "s", "when the contact was due"),
    "sent_s": Column(np.float64, "s", "when it was really sent (simulated: when due)"),
    "bot_reply_s": Column(np.float64, "s", "the bot's reply"),
    "queued_s": Column(np.float64, "s", "first entry into an agent queue"),
    "claimed_s": Column(np.float64, "s", "first claim by an agent, who greets at once"),
    "served_s": Column(np.float64, "s", "claim by the agent who resolves"),
    "passed_s": Column(np.float64, "s", "when an agent of the wrong skill let go"),
    "ended_s": Column(np.float64, "s", "the end, whatever the outcome"),
    "outcome": Column(np.int8, "", "an Outcome"),
    "group": Column(np.int16, "", "group who served last, -1 for none"),
    "first_group": Column(np.int16, "", "group who claimed first, -1 for none"),
    "transfers": Column(np.int16, "", "how often the contact was passed on"),
    "rating": Column(np.int8, "", "1 satisfied, 0 not, -1 no rating"),
}

POOL_COLUMNS: dict[str, Column] = {
    "time_s": Column(np.float64, "s", "when the pool changed"),
    "pool": Column(np.int16, "", "index into names"),
    "ready": Column(np.int32, "slots", "slots staffed or up"),
    "busy": Column(np.int32, "slots", "slots in use; above ready only while people finish after their shift"),
    "waiting": Column(np.int32, "contacts", "contacts that wait for this pool"),
}


class _Columns:
    """A table whose columns are one-dimensional arrays of one length."""

    @classmethod
    def meanings(cls) -> Mapping[str, Column]:
        raise NotImplementedError

    def __post_init__(self) -> None:
        lengths = set()
        for name, column in self.meanings().items():
            array = np.ascontiguousarray(getattr(self, name), dtype=column.dtype)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
            lengths.add(array.shape)
        if len(lengths) > 1:
            msg = f"{type(self).__name__}: columns differ in length (got {sorted(lengths)})"
            raise ValueError(msg)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Every column by name."""
        return {name: getattr(self, name) for name in self.meanings()}

    def __len__(self) -> int:
        return len(getattr(self, next(iter(self.meanings()))))

    def take(self, which: NDArray[Any]) -> Self:
        """The rows that ``which`` selects (a mask or indices), in that order."""
        rest = {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]
        return type(self)(**(rest | {name: array[which] for name, array in self.columns().items()}))


@dataclass(frozen=True, eq=False)
class Workload(_Columns):
    """What will be asked for: one row per possible attempt of a customer, customer by customer.

    The attempts of a customer stand one after the other: row ``r + 1`` is the next attempt of row ``r`` when its
    ``attempt`` is not 0. ``start_s`` is the instant from which the first gap counts. Of a day that comes in chunks,
    ``first_row`` says which row of the day this one begins with.
    """

    customer: Ints
    attempt: Ints
    contact: Ints
    vip: Bools
    gap_s: Floats
    handle_s: Floats
    patience_s: Floats
    reply_s: Floats
    resolves: Bools
    routed: Ints
    again_u: Floats
    rating_u: Floats
    worse_resolves: Bools = field(default_factory=_left_out)  # left out: as without a bad release
    worse_routed: Ints = field(default_factory=_left_out)
    fail_u: Floats = field(default_factory=_left_out)  # left out: 1
    start_s: float = 0.0
    first_row: int = 0

    def __post_init__(self) -> None:
        rows = len(self.customer)
        usual = {"worse_resolves": self.resolves, "worse_routed": self.routed, "fail_u": np.ones(rows)}
        for name, column in usual.items():
            if getattr(self, name) is NOTHING:
                object.__setattr__(self, name, column)
        super().__post_init__()

    @classmethod
    def meanings(cls) -> Mapping[str, Column]:
        """The columns."""
        return WORKLOAD_COLUMNS

    @property
    def first_rows(self) -> Ints:
        """Rows of the first attempts, in order of arrival."""
        return np.flatnonzero(self.attempt == 0)

    @property
    def first_planned_s(self) -> Floats:
        """When the first attempts are due: the gaps added up one by one, as every engine adds them."""
        return np.cumsum(np.concatenate(([self.start_s], self.gap_s[self.attempt == 0])))[1:]


@dataclass(frozen=True, eq=False)
class Outcomes(_Columns):
    """What became of every contact that was due, by row; from an engine or from a live run.

    ``traceparent`` is there in a live run alone: what each contact's requests carried (W3C Trace Context).
    """

    row: Ints
    customer: Ints
    attempt: Ints
    contact: Ints
    vip: Bools
    planned_s: Floats
    sent_s: Floats
    bot_reply_s: Floats
    queued_s: Floats
    claimed_s: Floats
    served_s: Floats
    passed_s: Floats
    ended_s: Floats
    outcome: Ints
    group: Ints
    first_group: Ints
    transfers: Ints
    rating: Ints
    contacts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    traceparent: NDArray[np.bytes_] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.traceparent is not None and len(self.traceparent) != len(self):
            msg = f"Outcomes: traceparent differs in length (got {len(self.traceparent)}, expected {len(self)})"
            raise ValueError(msg)

    @classmethod
    def meanings(cls) -> Mapping[str, Column]:
        """The columns."""
        return OUTCOME_COLUMNS

    def columns(self) -> dict[str, NDArray[Any]]:
        """Every column by name, and what the contacts of a live run carried."""
        carried = {} if self.traceparent is None else {"traceparent": self.traceparent}
        return super().columns() | carried

    @classmethod
    def blank(cls, row: Ints, workload: Workload) -> dict[str, NDArray[Any]]:
        """Columns for ``row`` where nothing has happened yet, to be filled in and then frozen."""
        made: dict[str, NDArray[Any]] = {}
        for name, column in OUTCOME_COLUMNS.items():
            empty = np.nan if column.dtype is np.float64 else -1
            made[name] = np.full(len(row), empty, dtype=column.dtype)
        made |= {n: getattr(workload, n)[row].copy() for n in ("customer", "attempt", "contact", "vip")}
        made["row"] = row.copy()
        made["outcome"][:] = Outcome.OPEN
        made["transfers"][:] = 0
        return made


@dataclass(frozen=True, eq=False)
class Pools(_Columns):
    """Who was ready, busy and waited for: a row at every change. Groups by name, and ``triage``, and ``standby``.

    A group's ``ready`` counts standby agents that work in it; the row ``standby`` shows them once more on their own.
    """

    time_s: Floats
    pool: Ints
    ready: Ints
    busy: Ints
    waiting: Ints
    names: tuple[str, ...] = ()

    @classmethod
    def meanings(cls) -> Mapping[str, Column]:
        """The columns."""
        return POOL_COLUMNS

    def of(self, name: str) -> Self:
        """The rows of one pool; none where the pool never changed."""
        if name not in self.names:
            return self.take(np.zeros(len(self), dtype=np.bool_))
        return self.take(self.pool == self.names.index(name))


@dataclass(frozen=True)
class Fault:
    """One fault as it acts: struck at ``start_s``, lifted at ``end_s``, back at full strength at ``healed_s``."""

    kind: str
    start_s: float
    end_s: float
    healed_s: float
    notice_s: float = 0.0  # how long after the strike contacts in hand are given back
    stands_for: str = ""  # the kind whose effect it has, where it has none of its own

    @property
    def does(self) -> str:
        """The kind of fault whose effect it has."""
        return self.stands_for or self.kind


class Condition(NamedTuple):
    """What is out of the ordinary from an instant on, until the next condition; left out is what is as usual."""

    time_s: float
    enters_at_s: float = -math.inf  # who comes before this instant is let in then
    replies_at_s: float = -math.inf  # what the bot was to reply before, it replies then
    serves_at_s: float = -math.inf  # agents take nobody before, and what they were to end before ends then
    delay_s: float = 0.0  # how much later a customer hears the bot, and joins a queue
    reply_factor: float = 1.0  # on the bot's replies that begin now
    fail_share: float = 0.0  # of the contacts that are due now
    is_frozen: bool = False  # no worker of the bot is started
    is_worse: bool = False  # contacts that are due now meet a bad release of the bot
    retry_share: float = -1.0  # of those who end now without help, who come back; negative: as usual
    retry_delay_s: float = 0.0  # after how long they do
    handle_factors: tuple[float, ...] = ()  # on the handle time of what is claimed now, by group; none: as usual


AS_USUAL = Condition(-math.inf)


@dataclass(frozen=True, eq=False)
class Staffing:
    """Steps of one group's slots: from ``time_s[i]`` on there are ``slots[i]``; the first step is at the start."""

    group: str
    time_s: tuple[float, ...]
    slots: tuple[int, ...]


class Part(NamedTuple):
    """A part of the measured window that is judged for itself, such as one step of a load that climbs."""

    level: float  # factor on the whole demand curve
    start_s: float
    measured_from_s: float  # what settles before it is left out
    end_s: float
    asked: bool  # whether its level is no higher than the one at which the objectives have to hold


@dataclass(frozen=True, eq=False)
class Timeline:
    """Everything that is scheduled: when the play starts, is measured and stops, shifts and faults."""

    start_s: float  # run zero; control ticks count from here
    measured_from_s: float  # the ramp's end, or the day's start plus settle
    end_s: float  # end of the measured window
    stop_s: float  # nothing is planned from here on: end_s, or later while recovery is awaited
    drain_s: float  # how long after stop_s those who wait may still be answered
    staffing: tuple[Staffing, ...]  # in the scenario's order of groups
    faults: tuple[Fault, ...]
    parts: tuple[Part, ...] = ()
    conditions: tuple[Condition, ...] = ()  # in order of time; before the first, all is as usual
