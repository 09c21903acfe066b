"""Small stories: a handful of contacts with round numbers, played by the engine, told as a table of text."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from crestline.engine import COMPILED, ENGINES, Play, engine
from crestline.scenario import Scenario, load
from crestline.tables import Outcome, Outcomes, Pools, Workload
from crestline.workload import day, timeline

from .any_scenario import Asked, asked

TYPE = {"share": 1, "handle_time": {"constant": "1min"}, "patience": "never"}
POOL = {"workers": 1, "at_most": 1, "slots": 1, "start_up": "30s", "scale_out_at": 1}
TRIAGE = {"reply_time": {"constant": "10s"}, "transfer_after": "30s", "pool": POOL}
Steps = tuple[float, int, int, int]


@dataclass(frozen=True)
class Contact:
    """One attempt of a customer: ``at`` is when a first contact is due, or a recontact's delay."""

    at: float
    kind: str = ""  # the contact type; left out, the scenario's first
    handle: float = 60.0
    patience: float = math.inf
    vip: bool = False
    reply: float = 10.0
    resolves: bool = False
    routed: str = ""  # where triage hands it on to; left out, to its own type
    again_u: float = 1.0
    rating_u: float = 0.0
    fail_u: float = 1.0
    worse: bool | None = None  # whether a bad release of the bot resolves it; left out, as a good one
    then: Contact | None = None  # the attempt that follows if the customer comes back


@dataclass(frozen=True)
class Told:
    """What the engine made of a story."""

    outcomes: Outcomes
    pools: Pools

    def pool(self, name: str) -> list[Steps]:
        """Every change of a pool as (time, ready, busy, waiting); of several at one instant the last."""
        rows = self.pools.of(name)
        columns = (rows.time_s.tolist(), rows.ready.tolist(), rows.busy.tolist(), rows.waiting.tolist())
        last: dict[float, Steps] = {step[0]: step for step in zip(*columns, strict=True)}
        steps = list(last.values())
        return [now for i, now in enumerate(steps) if i == 0 or now[1:] != steps[i - 1][1:]]

    def table(self) -> list[dict[str, str]]:
        """Every row and column as text: numbers short, words for indices, ``-`` for what did not happen."""
        rows = zip(*(column.tolist() for column in self.outcomes.columns().values()), strict=True)
        return [
            {n: self._text(n, value) for n, value in zip(self.outcomes.columns(), row, strict=True)} for row in rows
        ]

    def _text(self, name: str, value: float) -> str:
        names = {"contact": self.outcomes.contacts, "group": self.outcomes.groups, "first_group": self.outcomes.groups}
        if name == "outcome":
            return Outcome(int(value)).word
        if name == "vip":
            return "yes" if value else "no"
        if math.isnan(value) or value == -1:
            return "-"
        return names[name][int(value)] if name in names else f"{value:g}"

    def reads(self, text: str) -> bool:
        """Assert that the whole table is as ``text`` says; columns it leaves out have their plain values."""
        header, *lines = (line.split() for line in text.strip().splitlines())
        expected = [dict(zip(header, line, strict=True)) for line in lines]
        told = self.table()
        assert [{name: row[name] for name in header} for row in told] == expected
        assert [row | _plain(row) | want for row, want in zip(told, expected, strict=True)] == told
        return True


def _plain(row: Mapping[str, str]) -> dict[str, str]:
    """What a column holds unless the story says otherwise."""
    resolved = row["outcome"] in {"bot_resolved", "agent_resolved"}
    return {
        "customer": row["row"],
        "attempt": "0",
        "contact": "order",
        "vip": "no",
        "sent_s": row["planned_s"],
        "bot_reply_s": "-",
        "served_s": row["claimed_s"],
        "passed_s": "-",
        "first_group": row["group"],
        "transfers": "0",
        "rating": "1" if resolved else "-",
    }


def small_scenario(**parts: Any) -> Scenario:
    """Ten minutes, one contact type ``order``, one agent in the group ``desk``; ``parts`` replace or add."""
    base = {
        "name": "story",
        "day": {"length": "10min"},
        "demand": {"rate": "1/h"},
        "contacts": {"order": TYPE},
        "agents": {"desk": {"skills": ["order"], "on_duty": 1}},
    }
    return load(base | parts)


def small_workload(scenario: Scenario, contacts: Sequence[Contact]) -> Workload:
    """The rows of a story, customer by customer in order of arrival."""
    rows: list[tuple[int, int, Contact]] = []
    due = 0.0
    for customer, first in enumerate(contacts):
        attempt, now = 0, replace(first, at=first.at - due)
        due = first.at
        rows.append((customer, attempt, now))
        while now.then is not None:
            attempt, now = attempt + 1, replace(now.then, kind=first.kind, vip=first.vip)
            rows.append((customer, attempt, now))
    names = list(scenario.contacts)
    told = [contact for _, _, contact in rows]
    contact = [names.index(c.kind or names[0]) for c in told]
    return Workload(
        customer=np.array([customer for customer, _, _ in rows]),
        attempt=np.array([attempt for _, attempt, _ in rows]),
        contact=np.array(contact),
        vip=np.array([c.vip for c in told]),
        gap_s=np.array([c.at for c in told]),
        handle_s=np.array([c.handle for c in told]),
        patience_s=np.array([c.patience for c in told]),
        reply_s=np.array([c.reply for c in told]),
        resolves=np.array([c.resolves for c in told]),
        routed=np.array([names.index(c.routed) if c.routed else own for c, own in zip(told, contact, strict=True)]),
        again_u=np.array([c.again_u for c in told]),
        rating_u=np.array([c.rating_u for c in told]),
        fail_u=np.array([c.fail_u for c in told]),
        worse_resolves=np.array([c.resolves if c.worse is None else c.worse for c in told]),
    )


Tell = Callable[..., Told]
MakeContact = Callable[..., Contact]


@pytest.fixture(scope="session", params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine in turn; what holds of one holds of all."""
    name = str(request.param)
    if name == COMPILED:
        pytest.importorskip("numba", reason="numba is not installed")
    return name


@pytest.fixture(scope="session")
def play(engine_name: str) -> Play:
    """Play a workload along a timeline by the engine whose turn it is."""
    return engine(engine_name)


@pytest.fixture(scope="session")
def small() -> st.SearchStrategy[Asked]:
    """Anything that an engine can be asked to play, with a few hundred contacts at most."""
    return asked("30/h", "200/h", "600/h")


@pytest.fixture(scope="session")
def odd() -> st.SearchStrategy[Asked]:
    """The same while something may be out of the ordinary."""
    return asked("30/h", "200/h", "600/h", odd=True)


@pytest.fixture(scope="session")
def tell(play: Play) -> Tell:
    """Play contacts in a small scenario, of which keyword arguments replace parts."""

    def tell_of(*contacts: Contact, **parts: Any) -> Told:
        scenario = small_scenario(**parts)
        return Told(*play(scenario, small_workload(scenario, contacts), timeline(scenario, day(scenario))))

    return tell_of


@pytest.fixture(scope="session")
def contact() -> MakeContact:
    """Make one contact of a story."""
    return Contact


@pytest.fixture(scope="session")
def order() -> dict[str, Any]:
    """The plain contact type, to be varied."""
    return TYPE


@pytest.fixture(scope="session")
def triage() -> Callable[..., dict[str, Any]]:
    """A triage section with one worker of one slot; keyword arguments replace parts of its pool."""

    def make(when_down: str = "queue", **pool: Any) -> dict[str, Any]:
        return TRIAGE | {"when_down": when_down, "pool": POOL | pool}

    return make
