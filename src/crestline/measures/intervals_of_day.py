"""The measured window interval by interval: what came, who was there, how it went."""

from __future__ import annotations

from typing import Any

import numpy as np

from crestline.measures.capacity import Staff
from crestline.measures.contacts import Contacts
from crestline.measures.marks import marks_at
from crestline.measures.tally import Tally
from crestline.scenario import Scenario
from crestline.tables import Floats, Outcomes, Pools, Timeline

SHOWN = ("frt_p50_s", "frt_p90_s", "agent_frt_p90_s", "service_level", "abandonment", "error_rate", "satisfaction")


def interval_rows(
    outcomes: Outcomes, pools: Pools, scenario: Scenario, timeline: Timeline, step_s: float | None = None
) -> list[dict[str, Any]]:
    """A row for every interval (of ``scenario.interval``, or ``step_s``), cut off at both ends of the window.

    ``start`` is a clock time and ``start_s`` the instant; ``offered`` counts the contacts planned and ``queued`` those
    of them that entered an agent queue; ``agents`` are persons, ``slots`` what they can hold at a time.
    """
    tally = Tally(scenario, timeline, step_s=step_s)
    staff, load = Staff(scenario, tally.edges_s), Load(scenario, tally.edges_s)
    contacts = Contacts.of(outcomes, timeline)
    tally.add(contacts)
    load.add(contacts)
    staff.add(pools)
    return rows(tally, staff, load, scenario)


def rows(tally: Tally, staff: Staff, load: Load, scenario: Scenario) -> list[dict[str, Any]]:
    """The same from the folds."""
    edges, parts = tally.edges_s, tally.intervals()
    persons = {name: np.round(there, 6) for name, there in staff.persons().items()}
    slots = [there * scenario.agents[name].chats for name, there in persons.items()]
    columns = {
        "start": [scenario.clock(edge) for edge in edges[:-1].tolist()],
        "start_s": edges[:-1].tolist(),
        "length_s": np.diff(edges).tolist(),
        "offered": parts.counts("contacts"),
        "queued": parts.counts("queued"),
        "agents": np.sum(list(persons.values()), axis=0).tolist(),
        "slots": np.sum(slots, axis=0).tolist(),
        "occupancy": staff.shares_busy(each_interval=True),
        "offered_load_erlang": load.erlang().tolist(),
    } | {name: parts.numbers(name) or [] for name in SHOWN}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


class Load:
    """A fold: the work that comes for agents."""

    def __init__(self, scenario: Scenario, edges_s: Floats) -> None:
        self._mean_s = np.array([kind.handle_time.mean_s for kind in scenario.contacts.values()])
        self._marks = marks_at(edges_s)
        self._queued = np.zeros((len(edges_s) + 1, len(self._mean_s)), np.int64)

    def add(self, contacts: Contacts) -> None:
        """Count these contacts."""
        queue = contacts.queue
        kind = contacts.outcomes.contact[queue.which]
        np.add.at(self._queued.reshape(-1), self._marks.upto(queue.queued_s) * len(self._mean_s) + kind, 1)

    def erlang(self) -> Floats:
        """Contacts per second that entered an agent queue x their mean handle time, in every interval."""
        return np.asarray(self._queued[1:-1] @ self._mean_s / np.diff(self._marks.at_s))
