"""The measured window interval by interval: what came, who was there, how it went."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from crestline.measures import capacity
from crestline.measures.response import entered_queue
from crestline.measures.tally import interval_edges, tally
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
    edges = interval_edges(scenario, timeline, step_s)
    occupancy = capacity.occupancy(pools, list(scenario.agents), edges)
    persons = capacity.persons_staffed(pools, scenario, edges)
    load = _offered_load(outcomes, scenario, edges)
    rows = []
    for i, (from_s, to_s) in enumerate(pairwise(edges.tolist())):
        inside = outcomes.take((outcomes.planned_s >= from_s) & (outcomes.planned_s < to_s))
        fold = tally(scenario, timeline)
        fold.add(inside)
        made = fold.result(intervals=False)
        there = {name: round(float(count[i]), 6) for name, count in persons.items()}
        rows.append(
            {
                "start": scenario.clock(from_s),
                "start_s": from_s,
                "length_s": to_s - from_s,
                "offered": len(inside),
                "queued": fold.response.queued,
                "agents": sum(there.values()),
                "slots": sum(there[name] * group.chats for name, group in scenario.agents.items()),
                "occupancy": occupancy[i].value,
                "offered_load_erlang": float(load[i]),
            }
            | {key: made[key].value for key in SHOWN}
        )
    return rows


def _offered_load(outcomes: Outcomes, scenario: Scenario, edges_s: Floats) -> Floats:
    """Contacts per second that entered an agent queue x their mean handle time, in Erlang."""
    queued = outcomes.take(entered_queue(outcomes))
    means = np.array([kind.handle_time.mean_s for kind in scenario.contacts.values()])
    handle, _ = np.histogram(queued.queued_s, bins=edges_s, weights=means[queued.contact])
    return np.asarray(handle / np.diff(edges_s), np.float64)
