"""Faults of the wire and of somebody else's tools, as a scenario says them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crestline.errors import ScenarioError
from crestline.scenario import dump, load
from crestline.units import parse_byte_rate, spell_byte_rate

WHEN = {"at": "10:05", "for": "30s"}
SWITCH = "http://127.0.0.1:8000/break"
GOOD: list[dict[str, Any]] = [
    {"kind": "wire", "how": "latency", "delay": "3s"},
    {"kind": "wire", "how": "jitter", "jitter": "1s"},
    {"kind": "wire", "how": "bandwidth", "rate": "20kB/s"},
    {"kind": "wire", "how": "errors", "share": "30%", "status": 429, "paths": ["/conversations"]},
    {"kind": "command", "inject": ["touch", "broken"], "undo": ["rm", "broken"], "as": "triage-outage"},
    {
        "kind": "http",
        "inject": {"url": SWITCH, "json": {"token": "${WORD}"}, "headers": {"Authorization": "Bearer ${WORD}"}},
        "undo": {"method": "delete", "url": SWITCH, "status": 204},
    },
    {
        "kind": "chaos",
        "inject": {"module": "chaosk8s.pod.actions", "func": "terminate_pods", "arguments": {"qty": 2}},
        "undo": {"module": "chaosk8s.deployment.actions", "func": "scale_deployment"},
    },
]


def with_fault(fault: dict[str, Any]) -> list[str]:
    return [f"faults={json.dumps([fault | WHEN])}", "objectives=[]"]


@pytest.mark.parametrize("fault", GOOD, ids=lambda fault: f"{fault['kind']} {fault.get('how', '')}")
def test_what_is_written_is_read_again(fault: dict[str, Any], tmp_path: Path) -> None:
    """The resolved copy in a run folder says the same; secrets stay names in it."""
    scenario = load("quick", with_fault(fault))
    copy = tmp_path / "scenario.yaml"
    copy.write_text(dump(scenario), encoding="utf-8")
    assert load(copy).faults == scenario.faults


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "wire", "how": "latency"}, "how: latency needs delay; expected how much later every answer comes"),
        ({"kind": "wire", "how": "hang", "paths": ["/a"]}, "paths: has no effect with how: hang; it belongs to errors"),
        ({"kind": "wire", "how": "errors", "paths": ["a"]}, 'paths[0]: got "a", expected the beginning of a path'),
        ({"kind": "wire", "how": "errors", "status": 99}, "status: got 99, expected the status of an answer"),
        ({"kind": "wire", "how": "bandwidth", "rate": "20/s"}, 'rate: got "20/s", expected a rate of bytes'),
        ({"kind": "command", "inject": ["a"]}, "undo: missing; expected how it is taken back"),
        ({"kind": "command", "inject": ["a"], "undo": []}, "undo: got nothing, expected a program and its arguments"),
        ({"kind": "command", "inject": "a b", "undo": ["a"]}, 'inject: got "a b", expected a list'),
        (
            GOOD[5] | {"inject": {"url": "http://ann:pw@x.example/"}},
            "url: expected an address without user",
        ),
        (GOOD[5] | {"inject": {"url": SWITCH, "json": {"a": {"api_key": "x"}}}}, "json.a.api_key: a secret must not"),
        (GOOD[5] | {"inject": {"url": SWITCH, "headers": {"X-Token": "abc"}}}, "headers.X-Token: a secret must not"),
        (GOOD[5] | {"inject": {"url": f"{SWITCH}?on=0&token=abc"}}, "token: a secret must not"),
        (GOOD[4] | {"undo": ["rm", "--password=abc", "broken"]}, "password: a secret must not"),
        (GOOD[6] | {"undo": {"module": "a b", "func": "f"}}, 'module: got "a b", expected a name in Python'),
    ],
)
def test_what_cannot_be_says_what_to_do(fault: dict[str, Any], words: str) -> None:
    """Every mistake with its place and what was expected."""
    with pytest.raises(ScenarioError, match=re.escape(words)):
        load("quick", with_fault(fault))


def test_rates_of_bytes_are_spelled_as_they_are_read() -> None:
    """A thousand bytes are a kilobyte, as on the wire."""
    assert [parse_byte_rate(text) for text in ("500B/s", "20kB/s", "1.5 MB / s")] == [500.0, 20_000.0, 1_500_000.0]
    rates = (500.0, 20_000.0, 1_500_000.0, 2e6)
    assert [spell_byte_rate(rate) for rate in rates] == [
        "500B/s",
        "20kB/s",
        "1500kB/s",
        "2MB/s",
    ]


def test_there_is_one_wire_and_it_has_one_fault_at_a_time() -> None:
    """The next begins when the last has been seen to be gone."""
    hang, reset = {"kind": "wire", "how": "hang"} | WHEN, {"kind": "wire", "how": "reset", "for": "30s"}

    def then(at: str) -> list[str]:
        return [f"faults={json.dumps([hang, reset | {'at': at}])}", "objectives=[]"]

    assert len(load("quick", then("10:05:40")).faults) == 2
    with pytest.raises(ScenarioError, match="strikes before the wire of 10:05 is over, at 10:05:30"):
        load("quick", then("10:05:30"))  # the first is still to be seen gone
    with pytest.raises(ScenarioError, match="strikes before the wire of 10:05 is over, at 10:05:30"):
        load("quick", then("10:05:29"))
