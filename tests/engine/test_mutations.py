"""The check of identity is not empty: a compiled engine that goes wrong in one place does not pass it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from crestline.engine import reference
from crestline.scenario import Scenario, load
from crestline.tables import Timeline, Workload
from crestline.workload import day, sample, timeline

from .any_scenario import on_multiples
from .bits import Tables, differences
from .mutants import Edit, copy_of_kernel

SEEDS = (4, 5)
TYPE = {"share": 0.5, "handle_time": {"exponential": {"mean": "1min"}}, "patience": {"exponential": {"mean": "1min"}}}
BUSY: dict[str, Any] = {
    "name": "busy",
    "day": {"length": "20min"},
    "demand": {"rate": "400/h"},
    "contacts": {"order": TYPE | {"queue_limit": 4}, "refund": TYPE},
    "agents": {
        "first": {"skills": ["order", "refund"], "on_duty": {"00:00": 2, "00:05": 1, "00:10": 3, "00:15": 2}},
        "second": {"skills": ["refund"], "on_duty": 1},
    },
    "vip": {"share": 0.3},
    "recontact": {"after": {"abandoned": 0.8, "agent_resolved": 0.3}, "delay": {"constant": "1min"}},
    "standby": {
        "group": "first",
        "agents": 2,
        "call_when": "longest_wait > 20s",
        "call_in": "1min",
        "release_after": "1min",
    },
    "triage": {
        "reply_time": {"exponential": {"mean": "20s"}},
        "accuracy": 0.6,
        "pool": {
            "workers": 2,
            "at_most": 6,
            "slots": 2,
            "scale_out_at": 0.5,
            "step": 2,
            "start_up": "1min",
            "scale_in_after": "30s",
        },
    },
    "faults": [
        {"kind": "triage-outage", "at": "00:01", "for": "1min", "notice": "10s"},
        {"kind": "triage-outage", "at": "00:13", "for": "10s", "notice": "0s"},
        {"kind": "slow-agents", "at": "00:05", "for": "2min", "factor": 2, "group": "first"},
        {"kind": "storage-stall", "at": "00:09:30", "for": "1min"},
        {"kind": "retry-storm", "at": "00:08", "for": "3min", "delay": "20s"},
    ],
}
POOL = BUSY["triage"]["pool"] | {"slots": 3, "scale_out_at": 1, "step": 4, "scale_in_after": "0s"}
CALM = BUSY | {
    "contacts": {"order": TYPE | {"bot": "skip"}, "refund": TYPE},
    "agents": {
        "first": {"skills": ["refund", "order"], "on_duty": {"00:00": 7, "00:05": 5, "00:10": 7}},
        "second": {"skills": ["refund"], "on_duty": 2},
    },
    "standby": BUSY["standby"] | {"call_when": "longest_wait > 5s", "call_in": "30s"},
    "triage": BUSY["triage"]
    | {
        "reply_time": {"exponential": {"mean": "1min"}},
        "pool": POOL,
        "breaker": {"failures": 2, "timeout": "90s", "open_for": "20s"},
    },
}
World = tuple[Scenario, Workload, Timeline]

AGENTS, BREAKER, CLOCK, LINES = "agents.py", "breaker.py", "clock.py", "lines.py"
RECORDER, SETUP, STANDBY_AGENTS = "recorder.py", "setup.py", "standby.py"
TRIAGE_POOL, WORKERS = "triage.py", "workers.py"
MUTATIONS: dict[str, list[Edit]] = {
    "VIPs come after all others": [
        Edit(AGENTS, "rank_of_contact(contact.vip != 0,", "rank_of_contact(contact.vip == 0,")
    ],
    "patience runs from the arrival, not from the queue": [
        Edit(
            AGENTS,
            "plan(world, contact.since_s + contact.patience_s",
            "plan(world, contact.planned_s + contact.patience_s",
        )
    ],
    "who has left still stands in line": [
        Edit(AGENTS, "import end, note_change", "import end, note_change, note_end"),
        Edit(AGENTS, "    lines.take_out(world.contacts, world.lines[2 * contact.skill + contact.vip], place)\n", ""),
        Edit(AGENTS, "end(world, place, ABANDONED)", "note_end(world, place, ABANDONED, world.clock[0].now_s)"),
    ],
    "who has left is still counted in line": [
        Edit(
            LINES,
            "        contacts[after].before = before\n    line.count -= 1",
            "        contacts[after].before = before",
        )
    ],
    "a step of the shifts forgets standby agents": [
        Edit(SETUP, "np.diff(staffing.slots, prepend=0).tolist()", "staffing.slots"),
        Edit(CLOCK, "agents.change(world, row, of)", "agents.change(world, row, of - world.groups[row].slots)"),
    ],
    "a recontact's row is skipped": [
        Edit(
            RECORDER,
            "following, again_u = wide(contact.next),",
            "following, again_u = wide(contacts[contact.next].next),",
        )
    ],
    "handle time runs from the queue, not from the claim": [
        Edit(AGENTS, "clock.now_s + contact.handle_s, RESOLVE", "contact.queued_s + contact.handle_s, RESOLVE")
    ],
    "a transfer loses its place": [
        Edit(AGENTS, "contact.since_s = contact.queued_s", "contact.since_s = world.clock[0].now_s")
    ],
    "contacts are given back in the opposite order": [
        Edit(TRIAGE_POOL, "contact.since_s = world.clock[0].now_s", "contact.since_s = -contact.row")
    ],
    "the worker with the highest number comes first": [
        Edit(WORKERS, "workers[(place - 1) >> 1].free > number", "workers[(place - 1) >> 1].free < number"),
        Edit(
            WORKERS,
            "workers[below + 1].free < workers[below].free",
            "workers[below + 1].free > workers[below].free",
        ),
        Edit(WORKERS, "if number <= workers[below].free", "if number >= workers[below].free"),
    ],
    "a start that was planned before a strike counts": [
        Edit(
            TRIAGE_POOL,
            "world.workers[number]\n    if life != clock.lives:",
            "world.workers[number]\n    if life < 0:",
        )
    ],
    "a full queue does not count its VIPs": [
        Edit(AGENTS, "world.lines[2 * skill].count + world.lines[2 * skill + 1].count", "world.lines[2 * skill].count")
    ],
    "arrivals come before all else of their instant": [
        Edit(
            CLOCK,
            "clock.arrival_s < time_s or (clock.arrival_s == time_s and arrival < key)",
            "clock.arrival_s <= time_s",
        )
    ],
    "the control tick comes before all else of its instant": [
        Edit(CLOCK, "world.events[0].time_s <= time_s:", "world.events[0].time_s < time_s:")
    ],
    "of equal instants in line the later comer is first": [
        Edit(LINES, "while before != NOBODY and precedes(contacts, place, before):", "while False:")
    ],
    "calm is remembered from the last time on standby": [
        Edit(STANDBY_AGENTS, "    clock.calm_since_s = math.nan\n", "")
    ],
    "the last instant is left out": [
        Edit(CLOCK, "time_s > world.settings[0].last_s", "time_s >= world.settings[0].last_s")
    ],
    "a stall ends and nobody looks": [Edit(CLOCK, "        agents.dispatch(world, group)\n", "        pass\n")],
    "slow agents are slow for the group before": [
        Edit(AGENTS, "world.handle_factors[clock.condition, group]", "world.handle_factors[clock.condition, group - 1]")
    ],
    "agents end contacts during a stall": [
        Edit(AGENTS, "        put_off(world, place, RESOLVE)\n        return\n", "        pass\n")
    ],
    "a storm keeps the usual delay": [
        Edit(RECORDER, "condition.retry_share, condition.retry_delay_s", "condition.retry_share, delay_s")
    ],
    "the breaker never closes again": [Edit("rules.py", "        return BREAKER_CLOSED\n", "        return state\n")],
    "a success does not end a row of failures": [
        Edit(BREAKER, "failures_in_a_row(clock.failures, has_failed)", "clock.failures + has_failed")
    ],
    "a failed trial leaves the breaker closed": [
        Edit(BREAKER, "breaker_after(clock.breaker, clock.failures,", "breaker_after(0, has_failed,")
    ],
    "half-open lets everybody in": [Edit(BREAKER, "        clock.breaker = HALF_OPEN\n", "")],
    "attempts from before the breaker opened count": [
        Edit(BREAKER, "world.contacts[place].row == clock.trial)", "True)")
    ],
    "who has timed out keeps its slot": [
        Edit(TRIAGE_POOL, "        let_go(world, place)\n    give_back", "        pass\n    give_back")
    ],
    "satisfaction counts from the queue": [Edit(RECORDER, "contact.claimed_s\n    else", "contact.queued_s\n    else")],
}


@cache
def worlds() -> list[tuple[World, Tables]]:
    """A few fixed worlds full of ties, and what the reference makes of them."""
    made = []
    for seed, parts in product(SEEDS, (BUSY, CALM)):
        scenario = load(parts)
        workload = on_multiples(10, sample(scenario, seed, day(scenario)))
        scheduled = replace(timeline(scenario, day(scenario)), drain_s=0.0)
        made.append(((scenario, workload, scheduled), reference.play(scenario, workload, scheduled)))
    return made


def test_unchanged_copy_gives_the_same_tables(tmp_path: Path) -> None:
    """What is run here is the kernel: without an edit nothing differs."""
    kernel = copy_of_kernel(tmp_path, "kernel_unchanged")
    assert [differences(kernel.play(*world), expected) for world, expected in worlds()] == [[]] * len(worlds())


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_mutation_is_caught(tmp_path: Path, mutation: str) -> None:
    """At least one table differs."""
    number = list(MUTATIONS).index(mutation)
    kernel = copy_of_kernel(tmp_path, f"kernel_mutated_{number}", MUTATIONS[mutation])
    assert any(differences(kernel.play(*world), expected) for world, expected in worlds())
