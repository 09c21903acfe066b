"""When a live run can be trusted."""

from __future__ import annotations

import math
from typing import Any

import pytest

from crestline.gates import fault_gates, gates

GOOD: dict[str, Any] = {
    "planned": 1000,
    "sent": 1000,
    "dropped": 0,
    "held_back": 0,
    "workers": 1,
    "agents_planned": 40,
    "agents_live": 40,
    "cpu_share": 0.2,
    "hand_over_s": 1.0,
    "finished": True,
}
WHOLE = {"accepted": 1000, "lost": 0, "doubled": 0, "orphaned": 0}


def closed(integrity: dict[str, int] | None = None, **changes: object) -> list[str]:
    return [gate.name for gate in gates(GOOD | changes, 180.0, integrity=integrity) if not gate.ok]


# A run without flaw passes every gate.
def test_good_run_passes() -> None:
    assert closed(WHOLE) == []


# Every flaw closes its own gate and no other.
@pytest.mark.parametrize(
    ("changes", "gate"),
    [
        ({"finished": False}, "run finished"),
        ({"sent": 998}, "sent / planned"),
        ({"dropped": 1}, "dropped"),
        ({"held_back": 1}, "held back by max_rate"),
        ({"workers": 0}, "workers reported"),
        ({"workers": 2, "workers_planned": 3}, "workers reported"),
        ({"agents_live": 39}, "agents live / planned"),
        ({"cpu_share": 0.81}, "generator CPU"),
        ({"hand_over_s": 3.7}, "hand-over / handle time"),
    ],
)
def test_flaw_closes_its_gate(changes: dict[str, object], gate: str) -> None:
    assert closed(WHOLE, **changes) == [gate]


# A target that lost or doubled a contact makes the run worthless.
@pytest.mark.parametrize("flaw", ["lost", "doubled"])
def test_lost_contacts_close_a_gate(flaw: str) -> None:
    assert closed(WHOLE | {flaw: 1}) == [flaw]


# Where nothing was written down nothing can be trusted.
def test_killed_run_is_not_trusted() -> None:
    names = [gate.name for gate in gates({"finished": False}, None) if not gate.ok]
    assert {"run finished", "sent / planned", "dropped", "agents live / planned"} <= set(names)


# Of a target that promises nothing of the kind, contacts in two hands are a finding and no reason to doubt the run.
def test_doubled_contacts_of_a_target_without_atomic_claims() -> None:
    made = gates(GOOD, 180.0, integrity=WHOLE | {"doubled": 3}, atomic=False)
    assert [gate.name for gate in made if not gate.ok] == []


# Where nobody was to answer, nobody is missed.
def test_load_without_agents_asks_nothing_of_agents() -> None:
    alone = GOOD | {"agents_planned": 0, "agents_live": 0, "hand_over_s": None}
    made = gates(alone, None, agents=False)
    assert all(gate.ok for gate in made)
    assert not any("agents" in gate.name or "hand-over" in gate.name for gate in made)


# What an adapter raises for agents and the probe is counted nowhere else, and its cause is named.
def test_an_adapter_that_raises_is_not_trusted() -> None:
    assert closed(WHOLE, adapter_errors={}) == []
    assert closed(WHOLE, adapter_errors={"claim: KeyError": 3}) == ["adapter without errors: claim: KeyError"]


# A fault that may still be in force closes the gate; of one that never took effect the verdict itself speaks.
def test_a_fault_that_is_not_over_closes_the_gate() -> None:
    seen = [("wire", 60.0, "not undone"), ("wire", 90.0, ""), ("triage-outage", math.nan, "not seen to take effect")]
    assert [gate.name for gate in fault_gates(seen) if not gate.ok] == ["wire as planned: not undone"]
    assert len(fault_gates(seen, agents=False)) == 2
