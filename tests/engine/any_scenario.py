"""Half an hour of anything that a scenario can hold: what is true of these is true of all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from crestline.scenario import Scenario, load
from crestline.tables import Timeline, Workload
from crestline.workload import day, sample, timeline, window

AFTER = ("abandoned", "failed", "rejected", "bot_resolved", "agent_resolved")
DURATIONS = ("gap_s", "handle_s", "patience_s", "reply_s")
MINUTES = 30
WHOLE = {"from": "00:00", "for": "30min", "ramp": "5min"}
LATE = {"from": "00:05", "for": "25min", "ramp": "0s"}
Parts = dict[str, Any]


class Asked(NamedTuple):
    """What an engine is asked to play."""

    scenario: Scenario
    workload: Workload
    timeline: Timeline


def times(*means: str) -> st.SearchStrategy[Parts]:
    """Distributions around some means; constants let events meet at one instant, and some last no time at all."""
    mean = st.sampled_from(means)
    exponential = mean.map(lambda m: {"exponential": {"mean": m}})
    return st.one_of(exponential, mean.map(lambda m: {"constant": m}), st.just({"constant": "0s"}))


def clock(minute: int) -> str:
    return f"00:{minute:02}"


def contact_types(names: list[str]) -> st.SearchStrategy[Parts]:
    contact_type = st.fixed_dictionaries(
        {
            "bot": st.sampled_from(["triage", "triage", "skip"]),
            "bot_resolves": st.sampled_from([0, 0.5, 1]),
            "queue_limit": st.sampled_from([None, None, 0, 2]),
            "handle_time": times("1min", "5min"),
            "patience": st.one_of(st.just("never"), times("20s", "3min")),
        }
    )
    shared = contact_type.map(lambda made: made | {"share": 1 / len(names)})
    return st.fixed_dictionaries(dict.fromkeys(names, shared))


@st.composite
def groups(draw: st.DrawFn, names: list[str]) -> Parts:
    """One group that has every skill in some order, and perhaps others with a few."""
    count = st.integers(0, 5)
    made = {}
    for group, fewest in (("first", len(names)), ("second", 1), ("third", 1))[: draw(st.integers(1, 3))]:
        steps = st.fixed_dictionaries(
            {"00:00": count, "00:10": count, draw(st.sampled_from(["00:20", "00:13:07"])): count}
        )
        made[group] = {
            "skills": draw(st.permutations(names))[: draw(st.integers(fewest, len(names)))],
            "on_duty": draw(st.one_of(count, steps)),
            "availability": draw(st.sampled_from([1, 0.5])),
            "chats": draw(st.integers(1, 3)),
        }
    return made


def breakers() -> st.SearchStrategy[Parts]:
    """Circuit breakers that open easily, so that they go through all their states in half an hour."""
    length = st.sampled_from(["10s", "20s", "1min"])
    return st.fixed_dictionaries({"failures": st.integers(1, 3), "timeout": length, "open_for": length})


@st.composite
def triages(draw: st.DrawFn) -> Parts:
    workers = draw(st.integers(1, 3))
    return {
        "reply_time": draw(times("10s", "40s")),
        "accuracy": draw(st.sampled_from([1, 0.6, 0])),
        "transfer_after": draw(st.sampled_from(["0s", "30s"])),
        "when_down": draw(st.sampled_from(["queue", "reject"])),
        "breaker": draw(st.one_of(st.none(), breakers())),
        "pool": {
            "workers": workers,
            "at_most": workers + draw(st.integers(0, 5)),
            "slots": draw(st.integers(1, 3)),
            "scale_out_at": draw(st.sampled_from([0.5, 1])),
            "step": draw(st.integers(1, 3)),
            "start_up": draw(st.sampled_from(["0s", "30s", "1min"])),
            "scale_in_after": draw(st.sampled_from(["0s", "1min"])),
        },
    }


@st.composite
def standbys(draw: st.DrawFn, names: list[str]) -> Parts:
    return {
        "group": draw(st.sampled_from(names)),
        "agents": draw(st.integers(1, 3)),
        "call_when": draw(st.sampled_from(["longest_wait > 0s", "longest_wait > 20s"])),
        "call_in": draw(st.sampled_from(["0s", "1min"])),
        "release_after": draw(st.sampled_from(["0s", "1min"])),
    }


@st.composite
def strikes(draw: st.DrawFn, kind: Parts) -> list[Parts]:
    """A fault that does not strike, strikes once, or twice with time to come back between."""
    first, second = st.integers(5, 14), st.integers(19, MINUTES - 1)
    lasts = st.sampled_from(["1s", "1min", "3min"])
    at = draw(st.sampled_from([(), (first,), (second,), (first, second)]))
    return [kind | {"at": clock(draw(minute)), "for": draw(lasts)} for minute in at]


@st.composite
def faults(draw: st.DrawFn, parts: Parts) -> list[Parts]:
    """Any of the kinds that the scenario can suffer, all of them together included."""
    leave = {"kind": "agents-leave", "group": draw(st.sampled_from(list(parts["agents"]))), "share": 0.5}
    kinds: list[Parts] = [leave, {"kind": "platform-outage"}]
    if "recontact" in parts:
        kinds[-1]["recontact"] = draw(st.sampled_from([None, 0.7]))
    if "triage" in parts:
        kinds.append({"kind": "triage-outage", "notice": draw(st.sampled_from(["0s", "5s", "2min"]))})
    return [fault for kind in kinds for fault in draw(strikes(kind))]


FOR_A_WHILE: list[Parts] = [
    {"kind": "storage-stall"},
    {"kind": "slow-agents", "factor": 2},
    {"kind": "demand-spike", "factor": 3},
    {"kind": "retry-storm", "share": 0.9, "delay": "30s"},
    {"kind": "wire", "how": "latency", "delay": "20s"},
    {"kind": "wire", "how": "errors", "share": 0.5},
    {"kind": "wire", "how": "refuse"},
    {"kind": "wire", "how": "hang"},
]
OF_THE_BOT: list[Parts] = [
    {"kind": "triage-brownout", "how": "slow", "factor": 3},
    {"kind": "triage-brownout", "how": "stop"},
    {"kind": "triage-worse", "resolves": 0.5, "accuracy": 0.3},
    {"kind": "pool-freeze"},
]


@st.composite
def odd_faults(draw: st.DrawFn, parts: Parts) -> list[Parts]:
    """Faults during which something is out of the ordinary, any of them together; they may begin and end as one."""
    kinds = FOR_A_WHILE + (OF_THE_BOT if "triage" in parts else [])
    picked = draw(st.lists(st.sampled_from(kinds), max_size=4, unique_by=lambda kind: kind["kind"]))
    faults = [fault for kind in picked for fault in draw(strikes(kind))]
    groups = st.sampled_from([None, *parts["agents"]])
    return [fault | {"group": draw(groups)} if fault["kind"] == "slow-agents" else fault for fault in faults]


@st.composite
def scenarios(draw: st.DrawFn, *rates: str, odd: bool = False) -> Scenario:
    """Any scenario at one of these rates: every feature is there or not, whatever others are."""
    names = ["order", "refund", "complaint"][: draw(st.integers(1, 3))]
    parts: Parts = {
        "name": "any",
        "day": {"length": f"{MINUTES}min"},
        "demand": {"rate": draw(st.sampled_from(rates))},
        "contacts": draw(contact_types(names)),
        "agents": draw(groups(names)),
        "vip": {"share": draw(st.sampled_from([0, 0.2, 0.5]))},
        "recovery": {"bucket": draw(st.sampled_from(["7s", "10s", "30s"])), "give_up": "10min"},
        "load_test": draw(st.sampled_from([WHOLE, LATE])),
    }
    if draw(st.sampled_from([True, True, False])):
        parts["triage"] = draw(triages())
    if draw(st.booleans()):
        shares = draw(st.fixed_dictionaries(dict.fromkeys(AFTER, st.sampled_from([0, 0.4, 1]))))
        parts["recontact"] = {"after": shares, "delay": draw(times("30s", "2min")), "at_most": draw(st.integers(0, 4))}
    if draw(st.booleans()):
        parts["standby"] = draw(standbys(list(parts["agents"])))
    if draw(st.booleans()):
        parts["satisfaction"] = {
            "near": "0s",
            "near_share": 1,
            "far": "1min",
            "far_share": draw(st.sampled_from([0, 1])),
        }
    struck = draw(faults(parts)) + (draw(odd_faults(parts)) if odd else [])
    return load(parts | {"faults": struck})


def on_multiples(step_s: int, workload: Workload) -> Workload:
    """The same customers with every duration a multiple of ``step_s``, so that many things happen at one instant."""
    return replace(workload, **{name: np.round(getattr(workload, name) / step_s) * step_s for name in DURATIONS})


@st.composite
def asked(draw: st.DrawFn, *rates: str, odd: bool = False) -> Asked:
    """Any scenario at one of these rates, for the day or the window of a drill, perhaps beyond its measured end.

    With ``odd`` something may be out of the ordinary for a while. Durations are as drawn, or whole multiples of 1 s
    or 10 s.
    """
    scenario = draw(scenarios(*rates, odd=odd))
    span = draw(st.sampled_from([day(scenario), window(scenario)]))
    workload = sample(scenario, draw(st.integers(0, 1000)), span)
    step_s = draw(st.sampled_from([0, 1, 10, 10]))
    stop_s = draw(st.sampled_from([None, None, (span.end_s + span.horizon_s) / 2]))
    workload = on_multiples(step_s, workload) if step_s else workload
    return Asked(scenario, workload, timeline(scenario, span, stop_s=stop_s))
