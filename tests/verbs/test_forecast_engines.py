"""Which engine a forecast plays with, and what it says where the fast one is not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crestline.engine import NO_NUMBA

if TYPE_CHECKING:
    from tests.verbs.conftest import Run

FORECAST = ("forecast", "quick", "--replications", "3", "--format", "json", "--set", "demand.rate=600/h")


def told(out: str) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(out)
    return run


# Both engines give the same forecast; the account says which one played, and of what version its library is.
def test_either_engine_gives_the_same_forecast(run: Run) -> None:
    compiled, reference = (told(run(*FORECAST, "--engine", name).out) for name in ("compiled", "simpy"))
    assert compiled["measures"] == reference["measures"]
    assert compiled["intervals"] == reference["intervals"]
    assert (compiled["engine"], reference["engine"]) == ("compiled", "simpy")
    assert ("numba" in compiled["versions"], "numba" in reference["versions"]) == (True, False)


# Without numba the reference plays, and that is said; whoever asks for the compiled engine is refused.
def test_without_numba(run: Run, without_numba: dict[str, str]) -> None:
    done = run(*FORECAST, **without_numba)
    assert told(done.out)["engine"] == "simpy"
    assert NO_NUMBA in done.err
    refused = run(*FORECAST, "--engine", "compiled", **without_numba)
    assert (refused.code, refused.out) == (2, "")
    assert "--engine compiled: numba is not installed" in refused.err
    asked = run(*FORECAST, "--engine", "simpy", **without_numba)
    assert NO_NUMBA not in asked.err


# The first use translates the kernel, which takes its time and is said; the next finds it.
@pytest.mark.long
def test_the_first_use_is_announced(run: Run, tmp_path: Path) -> None:
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    first, second = (run(*FORECAST, **cache) for _ in range(2))
    assert "compiling the kernel, once (about 10 s)" in first.err
    assert "compiling" not in second.err
    assert told(first.out)["measures"] == told(second.out)["measures"]


def test_an_engine_that_is_not_there_is_refused(run: Run) -> None:
    done = run(*FORECAST, "--engine", "abacus")
    assert (done.code, done.out) == (2, "")
    assert done.err.strip() == "--engine abacus: no such engine; expected one of compiled, simpy"


# A cluster that does not answer is told of before anything is played.
def test_a_cluster_that_does_not_answer(run: Run) -> None:
    done = run(*FORECAST, "--cluster", "nonsense")
    assert (done.code, done.out, "Traceback" in done.err) == (2, "", False)
    assert "--cluster nonsense: " in done.err
