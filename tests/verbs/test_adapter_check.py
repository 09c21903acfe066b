"""``crestline adapter check`` against a real desk, and against nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crestline import launch
from crestline.live.adapters import DESK
from crestline.live.adapters.check import Step, opening
from crestline.live.adapters.desk import DeskAdapter
from crestline.live.adapters.race import Race
from crestline.live.wire import Wire
from crestline.scenario import load
from crestline.verbs import desk
from crestline.verbs.adapter import exit_code, judged


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """A reference desk of the quick scenario on a free port."""
    settings = tmp_path / "desk.json"
    settings.write_text(json.dumps(desk.settings(load("quick"), 60.0)), encoding="utf-8")
    child = launch.start_desk(desk.command(settings), log=tmp_path / "desk.log")
    yield child.told
    child.stop()


def check(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crestline", "adapter", "check", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


# Every verb of the reference desk's adapter answers, each on a line with what it told.
def test_reference_desk_passes(host: str) -> None:
    done = check(DESK, "--host", host, "--scenario", "quick")
    verbs = [line.split()[0] for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"login", "open", "claim", "reply", "poll", "rate", "abandon", "logout"} <= set(verbs)
    assert "FAILED" not in done.stdout


# Two agents after one contact, fifty times: the reference desk declares that only one gets it, and keeps its word.
def test_reference_desk_gives_a_contact_to_one_agent(host: str) -> None:
    done = check(DESK, "--host", host, "--scenario", "quick", "--race", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    race, claims = done.stdout.splitlines()[-2:]
    assert race.endswith("50 contacts, each claimed by two agents at one instant")
    assert claims.endswith("none of 50 contacts was given to both")


# A contact of somebody else waits in the queue all the while, and still does when the check is over.
def test_contacts_of_others_are_left_alone(host: str) -> None:
    with closing(Wire(host)) as wire:
        stranger = DeskAdapter(wire).open(opening("somebody-else", 0, "order"))
        done = check(DESK, "--host", host, "--scenario", "quick", "--race")
        assert done.returncode == 0, done.stdout + done.stderr
        events = DeskAdapter(wire).poll(stranger.id, 0, 0.0)
    assert [event.kind for event in events][-1:] == ["queued"]


# What is declared and does not hold is missed; what is not declared is told, and no more.
def test_what_a_race_says() -> None:
    seen = Race(pairs=50, doubled=3, nobody=10)
    declared, undeclared = judged(seen, declared=True), judged(seen, declared=False)
    assert (exit_code([declared]), exit_code([undeclared])) == (1, 0)
    assert "3 of 50 contacts were given to both agents (7.5 %): doubled work" in declared.told
    assert "3 of 50 contacts were given to both agents (7.5 %): doubled work" in undeclared.told
    assert exit_code([judged(Race(50, 0, 0), declared=True)]) == 0
    assert "nobody got any" in judged(Race(5, 0, 5), declared=False).told
    assert exit_code([declared, Step("race", ok=False, told="", took_s=0.0)]) == 4


# Where nobody answers the first verb that needs the target fails, and the code is that of an unreachable target.
def test_nobody_there() -> None:
    done = check(DESK, "--host", "http://127.0.0.1:9", "--scenario", "quick")
    assert done.returncode == 4
    assert done.stdout.splitlines()[-1].split()[:2] == ["health", "FAILED"]
    assert "Traceback" not in done.stderr


# A class that is not there is told in words, with what was expected.
def test_no_such_adapter() -> None:
    done = check("nowhere:Adapter", "--host", "http://127.0.0.1:9")
    assert done.returncode == 2
    assert "expected module:CLASS" in done.stderr
