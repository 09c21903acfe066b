"""``crestline adapter check`` against a real desk, and against nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crestline import launch
from crestline.live.adapters import DESK
from crestline.scenario import load
from crestline.verbs import desk


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
