"""A drill that misses what was asked: its exit code, and what it says would help."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.verbs.conftest import Run

Words = Callable[..., list[str]]


def test_a_missed_objective_gives_exit_code_1_and_says_what_would_help(run: Run, brief: Words) -> None:
    """The bot alone takes six seconds: nothing that can be tried holds a second, and the nearest is named."""
    done = run(*brief("objectives=['frt p90 < 1s']"), "--format", "json")
    assert (done.code, done.run["exit_code"], done.run["verdict"]) == (1, 1, "missed")
    assert json.loads(done.out) == done.run
    (step,) = done.run["next"]
    assert step["passes"] is False
    assert step["set"].count("=") == 1
    again = run("report", str(done.latest))
    assert again.code == 1
    assert "helps most, but would not be enough for frt p90" in " ".join(again.out.split())
