"""How far a long piece of work is: a living line on a terminal, a line now and then where nobody watches."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crestline.cli import progress

ON_TERMINAL = """
import os, runpy, sys
os.open(os.ttyname(0), os.O_RDWR)  # the leader of a session makes it its terminal
sys.argv[0] = "crestline"
runpy.run_module("crestline", run_name="__main__")
"""
LONG = ["load_test.from=10:03", "load_test.for=2min", "load_test.ramp=0s", "load_test.time_scale=4", "faults=[]"]


def test_off_a_terminal_there_is_a_line_every_half_minute(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([100.0 + second for second in range(0, 91, 2)])
    now = 100.0
    monkeypatch.setattr("crestline.cli.progress.time.monotonic", lambda: now)
    with progress.talk("work") as said:
        said.say("begins")
        for now in clock:
            said.update(f"after {now - 100:.0f} s")
    assert capsys.readouterr().err.splitlines() == ["begins", "after 0 s", "after 30 s", "after 60 s", "after 90 s"]


def test_work_is_drawn_as_a_bar(capsys: pytest.CaptureFixture[str]) -> None:
    """The whole of it full, nothing empty; how long the rest takes is said once it can be told."""
    assert progress.bar(0.0) == "┄" * 24
    assert progress.bar(0.5) == "━" * 12 + "┄" * 12
    assert progress.bar(2.0) == "━" * 24
    for share, rest in ((0.0, ""), (0.25, ", about 0 s left")):
        with progress.talk("work") as said:
            said.reached(share, "3 days")
        assert capsys.readouterr().err == f"{progress.bar(share)}  3 days{rest}\n"


# A drill on a real terminal, which is then ended by the key that everybody uses.
def test_on_a_terminal_one_line_lives_until_ctrl_c(tmp_path: Path) -> None:
    terminal, end = pty.openpty()
    words = ["drill", "quick", *(word for change in LONG for word in ("--set", change))]
    child = subprocess.Popen(
        [sys.executable, "-c", ON_TERMINAL, *words], cwd=tmp_path, stdin=end, stdout=end, stderr=end,
        start_new_session=True, env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
    )  # fmt: skip
    os.close(end)
    shown, asked = "", False
    last = time.monotonic() + 60
    while time.monotonic() < last:
        try:
            shown += os.read(terminal, 65536).decode("utf-8", "replace")
        except OSError:  # its other end is closed
            break
        if not asked and len(re.findall(r"contacts sent", shown)) > 3:
            os.write(terminal, b"\x03")
            asked = True
    os.close(terminal)
    assert child.wait(10) == 130
    said = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)
    assert "Traceback" not in said
    assert said.index("plays ") < said.index("live ") < said.index("contacts sent")
    assert "\x1b[2K" in shown, "the line is drawn over"
    assert "stopping  interrupted by SIGINT" in said
    assert "VERDICT   INCONCLUSIVE" in said
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l"), "the cursor is back"
