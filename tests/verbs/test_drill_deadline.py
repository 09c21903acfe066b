"""A drill that must not take longer than it may: what was seen until then is reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.verbs.conftest import Run


@pytest.mark.long
def test_a_deadline_ends_the_run_and_leaves_a_report(run: Run, slow: Callable[..., list[str]]) -> None:
    """Five minutes in thirty seconds, stopped after two; the command that does the same again says so, too."""
    done = run(*slow(), "--deadline", "2s")
    assert (done.code, done.run["exit_code"], done.run["verdict"]) == (5, 5, "inconclusive")
    assert "stopped by a guard: deadline of 2 s" in done.err
    assert "Traceback" not in done.err
    assert done.run["load"]["stopped_by"] == "deadline of 2 s"
    assert 0 < done.run["load"]["sent"] < 200
    assert "--set load_test.deadline=2s" in done.run["command"]
    assert (done.latest / "report" / "index.html").exists()
