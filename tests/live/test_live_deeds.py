"""What hooks do: commands that leave something behind or do not end, and secrets in what they say."""

from __future__ import annotations

import os
import sys
import time

import psutil  # type: ignore[import-untyped]
import pytest

from crestline.live.faults.deeds import Failed, perform

WITHIN_S = 10.0
LONG = 60


def python(text: str) -> dict[str, object]:
    return {"kind": "command", "argv": [sys.executable, "-c", text]}


# What a command starts and leaves running is its own business, as with a daemon.
def test_a_command_that_leaves_something_running_has_ended() -> None:
    leave = f"import subprocess, sys; print(subprocess.Popen(['sleep', '{LONG}']).pid)"
    told = perform(python(leave), WITHIN_S)
    left = int(told.rpartition(" ")[2])
    assert "ended with code 0" in told
    os.kill(left, 9)


def test_a_command_that_does_not_end_is_ended_with_its_children() -> None:
    name = f"{LONG}.25"  # seconds, and how its child is known
    stay = f"import subprocess; subprocess.run(['sleep', '{name}'])"
    with pytest.raises(Failed, match=r"had not ended after 1\.0 s"):
        perform(python(stay), 1.0)
    last = time.monotonic() + WITHIN_S
    while any(name in each.info["cmdline"] for each in psutil.process_iter(["cmdline"]) if each.info["cmdline"]):
        assert time.monotonic() < last
        time.sleep(0.05)


def test_a_secret_is_hidden_before_what_is_said_is_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "hunter2" * 20
    monkeypatch.setenv("WORD", secret)
    said = python("import sys; print('x' * 150 + sys.argv[1]); sys.exit(1)")
    said["argv"] = [*said["argv"], "${WORD}"]  # type: ignore[misc]
    with pytest.raises(Failed) as failed:
        perform(said, WITHIN_S)
    assert "hunter2" not in str(failed.value)
