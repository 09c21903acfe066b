"""Any scenario of half an hour, played: what the tests of conservation look at."""

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import strategies as st

from crestline.engine.reference import play
from crestline.scenario import Scenario, load
from crestline.tables import Bools, Floats, Ints, Outcomes, Pools, Timeline, Workload
from crestline.workload import day, sample, timeline, window

AFTER = ("abandoned", "failed", "rejected", "bot_resolved", "agent_resolved")
STANDBY = {
    "group": "first",
    "agents": 2,
    "call_when": "longest_wait > 20s",
    "call_in": "1min",
    "release_after": "1min",
}


def present(instants: Floats) -> Bools:
    """What happened."""
    return ~np.isnan(instants)


class Waits(NamedTuple):
    """Every stay in an agent queue; NaN where it had not ended when the play did."""

    skill: Ints
    begin_s: Floats
    end_s: Floats
    group: Ints  # who ended it by a claim, -1 for nobody
    order: list[tuple[bool, float, int]]  # VIPs first, then who was queued first, then the lower row


@dataclass(frozen=True)
class World:
    """One scenario, what was asked for and what became of it."""

    scenario: Scenario
    workload: Workload
    timeline: Timeline
    outcomes: Outcomes
    pools: Pools

    @property
    def last_s(self) -> float:
        """When the play ended."""
        return self.timeline.stop_s + self.timeline.drain_s

    @cached_property
    def at_s(self) -> Floats:
        """Every instant at which a pool changed; all is looked at when everything of that instant has happened."""
        return np.unique(self.pools.time_s)

    @property
    def skills(self) -> list[list[int]]:
        """The skills of every group, by index."""
        names = list(self.scenario.contacts)
        return [[names.index(skill) for skill in group.skills] for group in self.scenario.agents.values()]

    def open_at(self, begin_s: Floats, end_s: Floats) -> Ints:
        """How many stays have begun and not ended at every instant; what is NaN did not happen."""
        begun = np.searchsorted(np.sort(begin_s[present(begin_s)]), self.at_s, side="right")
        ended = np.searchsorted(np.sort(end_s[present(begin_s) & present(end_s)]), self.at_s, side="right")
        return np.asarray(begun - ended)

    def steps_at(self, time_s: Floats, values: Ints) -> Ints:
        """A step function at every instant; 0 before its first step."""
        steps = np.concatenate((np.zeros(1, dtype=np.int64), values))
        return np.asarray(steps[np.searchsorted(time_s, self.at_s, side="right")])

    def pool_at(self, name: str, column: str) -> Ints:
        """A column of a pool at every instant."""
        pool = self.pools.of(name)
        return self.steps_at(pool.time_s, getattr(pool, column))

    def waits(self) -> Waits:
        """First stays, then those after being passed on."""
        told = self.outcomes
        first = np.where(present(told.bot_reply_s), self.workload.routed[told.row], told.contact)
        first_end = np.where(present(told.claimed_s), told.claimed_s, told.ended_s)
        order = list(zip((~told.vip).tolist(), told.queued_s.tolist(), told.row.tolist(), strict=True))
        group_again = np.where(present(told.served_s), told.group, -1)
        stays = np.flatnonzero(np.concatenate((present(told.queued_s), present(told.passed_s))))
        return Waits(
            np.concatenate((first, told.contact))[stays],
            np.concatenate((told.queued_s, told.passed_s))[stays],
            np.concatenate((first_end, told.served_s))[stays],
            np.concatenate((told.first_group, group_again))[stays],
            [(order + order)[i] for i in stays],
        )


def times(*means: str) -> st.SearchStrategy[dict[str, Any]]:
    """Distributions around some means; constants let events meet at one instant."""
    mean = st.sampled_from(means)
    return st.one_of(mean.map(lambda m: {"exponential": {"mean": m}}), mean.map(lambda m: {"constant": m}))


def contact_types(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    contact_type = st.fixed_dictionaries(
        {
            "bot": st.sampled_from(["triage", "skip"]),
            "bot_resolves": st.sampled_from([0, 0.5, 1]),
            "queue_limit": st.sampled_from([None, None, 0, 2]),
            "handle_time": st.one_of(st.just({"constant": "0s"}), times("1min", "5min")),
            "patience": st.one_of(st.just("never"), times("20s", "3min")),
        }
    )
    shared = contact_type.map(lambda made: made | {"share": 1 / len(names)})
    return st.fixed_dictionaries(dict.fromkeys(names, shared))


@st.composite
def groups(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    """One group that has every skill in some order, and perhaps another with a few."""
    count = st.integers(0, 5)
    made = {}
    for group, fewest in (("first", len(names)), ("second", 1))[: draw(st.integers(1, 2))]:
        skills = draw(st.permutations(names))[: draw(st.integers(fewest, len(names)))]
        steps = st.fixed_dictionaries({"00:00": count, "00:10": count, "00:20": count})
        made[group] = {
            "skills": skills,
            "on_duty": draw(st.one_of(count, steps)),
            "availability": draw(st.sampled_from([1, 0.5])),
            "chats": draw(st.integers(1, 2)),
        }
    return made


@st.composite
def triages(draw: st.DrawFn) -> dict[str, Any]:
    workers = draw(st.integers(1, 3))
    return {
        "reply_time": draw(times("10s", "40s")),
        "accuracy": draw(st.sampled_from([1, 0.6])),
        "transfer_after": draw(st.sampled_from(["0s", "30s"])),
        "when_down": draw(st.sampled_from(["queue", "reject"])),
        "pool": {
            "workers": workers,
            "at_most": workers + draw(st.integers(0, 3)),
            "slots": draw(st.integers(1, 2)),
            "scale_out_at": draw(st.sampled_from([0.5, 1])),
            "step": draw(st.integers(1, 2)),
            "start_up": draw(st.sampled_from(["0s", "30s", "1min"])),
            "scale_in_after": draw(st.sampled_from(["0s", "1min"])),
        },
    }


def faults(kinds: list[dict[str, Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Each kind at most once, on the minute."""
    when = st.fixed_dictionaries(
        {"at": st.integers(1, 29).map(lambda m: f"00:{m:02}"), "for": st.integers(1, 9).map(lambda m: f"{m}min")}
    )
    perhaps = [st.one_of(st.none(), when.map(partial(operator.or_, kind))) for kind in kinds]
    return st.tuples(*perhaps).map(lambda made: [fault for fault in made if fault])


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Half an hour of anything that a scenario can hold."""
    names = ["order", "refund", "complaint"][: draw(st.integers(1, 3))]
    parts: dict[str, Any] = {
        "name": "any",
        "day": {"length": "30min"},
        "demand": {"rate": draw(st.sampled_from(["30/h", "200/h", "600/h"]))},
        "contacts": draw(contact_types(names)),
        "agents": draw(groups(names)),
        "vip": {"share": 0.2},
        "recovery": {"bucket": draw(st.sampled_from(["10s", "30s"]))},
        "load_test": {"ramp": "5min"},
    }
    breaks: list[dict[str, Any]] = [{"kind": "agents-leave", "group": "first", "share": 0.5}]
    if draw(st.booleans()):
        parts["triage"] = draw(triages())
        breaks.append({"kind": "triage-outage"})
    if draw(st.booleans()):
        shares = draw(st.fixed_dictionaries(dict.fromkeys(AFTER, st.sampled_from([0, 0.4, 1]))))
        parts["recontact"] = {"after": shares, "delay": draw(times("30s", "2min")), "at_most": 3}
        breaks.append({"kind": "platform-outage", "recontact": draw(st.sampled_from([None, 0.7]))})
    if draw(st.booleans()):
        parts["standby"] = STANDBY
    parts["faults"] = draw(faults(breaks))
    return load(parts)


def on_tens(workload: Workload) -> Workload:
    """The same customers with every duration rounded to 10 s, so that many things happen at one instant."""
    columns = ("gap_s", "handle_s", "patience_s", "reply_s")
    return replace(workload, **{name: np.round(getattr(workload, name), -1) for name in columns})


@st.composite
def _worlds(draw: st.DrawFn) -> World:
    """Any scenario, played on any seed, for the day or the window of a drill."""
    scenario = draw(scenarios())
    span = draw(st.sampled_from([day(scenario), window(scenario)]))
    workload = sample(scenario, draw(st.integers(0, 1000)), span)
    if draw(st.booleans()):
        workload = on_tens(workload)
    scheduled = timeline(scenario, span)
    return World(scenario, workload, scheduled, *play(scenario, workload, scheduled))


Worlds = st.SearchStrategy[World]


@pytest.fixture(scope="session")
def worlds() -> Worlds:
    """Any world."""
    return _worlds()
