"""``crestline doctor``: what is here, what could be broken, and why not the rest."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from crestline.__main__ import main
from crestline.errors import TARGET
from crestline.live.faults import INJECT, ON_TARGET

WHEN = {"at": "10:05", "for": "30s"}
NOWHERE = "http://127.0.0.1:9"


def examined(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, Any]]:
    code = main(["doctor", *args, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def broken_by(*faults: dict[str, Any]) -> Sequence[str]:
    return ("quick", "--set", f"faults={json.dumps([fault | WHEN for fault in faults])}", "--set", "objectives=[]")


def test_without_a_scenario_every_kind_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A reference desk started for a drill can suffer all there are; nothing is refused by looking."""
    code, told = examined(capsys)
    assert code == 0
    assert {fault["kind"] for fault in told["faults"]} == set(INJECT)
    assert [fault for fault in told["faults"] if not fault["can"] and fault["kind"] != "chaos"] == []
    assert told["machine"]["cores"] >= 1
    assert told["machine"]["executable"] == sys.executable
    assert {package["name"] for package in told["packages"]} >= {"locust", "simpy"}


def test_a_host_needs_the_token(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the target would have to do it does only for those who know the word; the rest needs nobody's leave."""
    monkeypatch.delenv("CRESTLINE_DESK_TOKEN", raising=False)
    code, told = examined(capsys, "--host", NOWHERE)
    assert code == 0
    refused = {fault["kind"]: fault["why"] for fault in told["faults"] if not fault["can"]}
    assert refused.keys() - {"chaos"} == ON_TARGET
    assert "set CRESTLINE_DESK_TOKEN" in refused["triage-outage"]


def test_a_host_is_asked_whether_it_lets_itself_be_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that does not answer is a reason, too; and a scenario that cannot be played so ends with 4."""
    monkeypatch.setenv("CRESTLINE_DESK_TOKEN", "word")
    code, told = examined(capsys, "quick", "--host", NOWHERE)
    assert code == TARGET
    assert [(fault["kind"], fault["at"], fault["can"]) for fault in told["faults"]] == [
        ("triage-outage", "10:04", False),
        ("agents-leave", "10:08", True),
        ("platform-outage", "10:09", False),
    ]
    assert "no answer" in told["faults"][0]["why"]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"kind": "command", "inject": ["no-such-tool"], "undo": ["true"]}, "inject: no-such-tool is not there"),
        (
            {"kind": "http", "inject": {"url": "https://x.example/"}, "undo": {"url": NOWHERE}},
            "neither this machine nor",
        ),
        (
            {"kind": "http", "inject": {"url": NOWHERE, "json": {"token": "${NOT_SET}"}}, "undo": {"url": NOWHERE}},
            "the environment variable NOT_SET is not set",
        ),
        (
            {"kind": "chaos", "inject": {"module": "no_such", "func": "f"}, "undo": {"module": "shutil", "func": "f"}},
            "no_such is not installed here|Chaos Toolkit is not installed",
        ),
        ({"kind": "web-worker-kill", "every": "1s"}, "of real time between two kills"),
    ],
)
def test_what_cannot_be_done_is_said_before_a_drill(
    fault: dict[str, Any], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the doctor, and by the drill itself before it starts anything; both with code 4."""
    code, told = examined(capsys, *broken_by(fault))
    assert code == TARGET
    assert not told["faults"][0]["can"]
    assert main(["drill", *broken_by(fault), "--dry-run"]) == TARGET
    said = capsys.readouterr().err
    assert said.startswith(f"faults[0]: {fault['kind']} cannot be brought about: ")
    for text in (told["faults"][0]["why"], said):
        assert any(part in text for part in why.split("|"))


def test_errors_cannot_be_put_into_what_is_encrypted(capsys: pytest.CaptureFixture[str]) -> None:
    """Other faults of the wire can."""
    faults = [{"kind": "wire", "how": "errors"}, {"kind": "wire", "how": "reset", "at": "10:08"}]
    code, told = examined(capsys, *broken_by(*faults[:1]), "--host", "https://127.0.0.1:9")
    assert code == TARGET
    assert "TLS hides" in told["faults"][0]["why"]
    code, told = examined(capsys, *broken_by(*faults[1:]), "--host", "https://127.0.0.1:9")
    assert (code, told["faults"][0]["can"]) == (0, True)


def test_people_read_it_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """A line per thing, and the reason behind a no."""
    assert main(["doctor", *broken_by({"kind": "command", "inject": ["no-such-tool"], "undo": ["true"]})]) == TARGET
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told if not line.startswith(" ")] == [
        "CRESTLINE", "MACHINE", "FILES", "KERNEL", "BROWSER", "PACKAGES", "FAULTS",
    ]  # fmt: skip
    assert " ".join(told[-1].split()) == "command at 10:05 no: inject: no-such-tool is not there, or cannot be run"
