"""What a fault breaks must be there, and faults of one kind come one after the other."""

import re
from typing import Any

import pytest

from crestline.errors import ScenarioError
from crestline.scenario import load

HOOK = "kind: command, inject: [break], undo: [mend]"


def refused(small: dict[str, Any], *faults: str) -> list[str]:
    """What is said about the sound scenario with these faults."""
    with pytest.raises(ScenarioError) as error:
        load(small, [f"faults=[{', '.join(f'{{{fault}}}' for fault in faults)}]"])
    return [re.sub(r"^--set \d+: ", "", problem.message) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        (["kind: slow-agents, at: '09:00', for: 5min, factor: 2, group: exprt"],
         'faults[0].group: "exprt" is no group of agents; did you mean expert?'),
        (["kind: demand-spike, at: '09:00', for: 5min, factor: 2, contact: refnd"],
         'faults[0].contact: "refnd" is no contact type; did you mean refund?'),
        (["kind: demand-spike, at: '09:00', for: 5min, factor: 50%"],
         "faults[0].factor: got 50 %, expected more than 100 %"),
        (["kind: storage-stall, at: '09:00', for: 5min", "kind: storage-stall, at: '09:04', for: 5min"],
         "faults[1].at: strikes before the storage-stall of 09:00 is over, at 09:05"),
        (["kind: triage-outage, at: '09:00', for: 5min", HOOK + ", as: triage-outage, at: '09:05', for: 5min"],
         "faults[1].at: strikes before the triage-outage of 09:00 is over, at 09:06"),
        (["kind: triage-worse, at: '09:00', for: 5min, resolves: 80%",
          "kind: triage-worse, at: '09:10', for: 5min, resolves: 70%"],
         "faults[1].resolves: differs from that of the triage-worse of 09:00; expected the same"),
        (["kind: triage-brownut, at: '09:00', for: 5min"],
         'faults[0].kind: got "triage-brownut"; did you mean triage-brownout?'),
    ],
)  # fmt: skip
def test_faults_that_do_not_fit_are_told(small: dict[str, Any], faults: list[str], message: str) -> None:
    assert message in refused(small, *faults)


@pytest.mark.parametrize("kind", ["triage-brownout", "pool-freeze", "triage-worse, resolves: 80%"])
def test_a_fault_of_the_bot_needs_a_bot(small: dict[str, Any], kind: str) -> None:
    small = {key: part for key, part in small.items() if key != "triage"}
    told = refused(small, f"kind: {kind}, at: '09:00', for: 5min", f"{HOOK}, as: triage-outage, at: '09:20', for: 1min")
    assert told == [
        "faults[0].kind: the scenario has no triage that could fail",
        "faults[1].as: the scenario has no triage that could fail",
    ]


def test_faults_of_different_kinds_may_overlap(small: dict[str, Any]) -> None:
    stall = "{kind: storage-stall, at: '09:00', for: 5min}"
    spike = "{kind: demand-spike, at: '09:01', for: 5min, factor: 2}"
    assert len(load(small, [f"faults=[{stall}, {spike}]"]).faults) == 2
