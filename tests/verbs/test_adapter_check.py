"""``crestline adapter check`` against a real desk, and against nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
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

SLOW = """
import pathlib
import time

from crestline.live.adapters.desk import DeskAdapter


class Slow(DeskAdapter):
    def claim(self, agent, turn, wait, done=None):
        if turn == 10:
            pathlib.Path("racing").touch()
        time.sleep(0.02 if turn < 10 else 0.5)
        return super().claim(agent, turn, wait, done)
"""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A reference desk of the quick scenario on a free port."""
    settings = tmp_path_factory.mktemp("desk") / "desk.json"
    settings.write_text(json.dumps(desk.settings(load("quick"), 60.0)), encoding="utf-8")
    child = launch.start_desk(desk.command(settings), log=settings.with_name("desk.log"))
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


# Two agents after one contact, fifty times: the desk declares that only one gets it, and keeps its word. A contact of
# somebody else waits in the queue all the while, and still does when the check is over.
def test_two_agents_race_for_contacts_of_their_own(host: str) -> None:
    with closing(Wire(host)) as wire:
        stranger = DeskAdapter(wire).open(opening("somebody-else", 0, "order"))
        done = check(DESK, "--host", host, "--scenario", "quick", "--race")
        events = DeskAdapter(wire).poll(stranger.id, 0, 0.0)
        DeskAdapter(wire).abandon(stranger.id)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [event.kind for event in events][-1:] == ["queued"]
    race, claims = done.stdout.splitlines()[-2:]
    assert race.endswith("50 contacts, each claimed by two agents at one instant")
    assert claims.endswith("none of 50 contacts was given to both")


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


# Another machine is spoken to only where the scenario allows it, and somebody says so.
def test_another_machine_is_asked_about() -> None:
    there = ("--host", "http://192.0.2.1", "--scenario", "quick")
    refused, unasked = check(DESK, *there, "--yes"), check(DESK, *there, "--set", "load_test.allowed_hosts=[192.0.2.1]")
    assert (refused.returncode, unasked.returncode) == (4, 4)
    assert "load_test.allowed_hosts" in refused.stderr
    assert "add --yes" in unasked.stderr


# Whoever ends a check in the middle of a race leaves nobody logged in and nothing in a queue.
def test_interrupted_check_leaves_nothing_behind(host: str, tmp_path: Path) -> None:
    (tmp_path / "slow_desk.py").write_text(SLOW, encoding="utf-8")
    command = [sys.executable, "-m", "crestline", "adapter", "check", "slow_desk:Slow", "--host", host, "--race"]
    with subprocess.Popen([*command, "--scenario", "quick"], cwd=tmp_path, stderr=subprocess.PIPE, text=True) as child:
        last = time.monotonic() + 30
        while not (tmp_path / "racing").exists() and time.monotonic() < last:
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=30)
    assert (child.returncode, said) == (130, "interrupted by SIGINT\n")
    with closing(Wire(host)) as wire:
        health = DeskAdapter(wire).health()
    assert (health.agents, sum(health.queues.values())) == (0, 0)


# A class that cannot be made is told in a line, without a traceback.
def test_an_adapter_that_cannot_be_made(host: str, tmp_path: Path) -> None:
    (tmp_path / "no_desk.py").write_text(
        "from crestline.live.adapters.desk import DeskAdapter\n\n\nclass No(DeskAdapter):\n"
        "    def __init__(self, http, more):\n        pass\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "crestline", "adapter", "check", "no_desk:No", "--host", host]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "cannot be made (TypeError" in done.stderr
