"""The public names of the package, and what loading the command costs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import crestline

SOURCE = Path(__file__).resolve().parents[1] / "src"
HEAVY = {"gevent", "locust", "matplotlib", "numba", "pandas", "scipy", "simpy"}


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A child Python that finds the package, its output as text."""
    path = os.pathsep.join(filter(None, [str(SOURCE), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


def loaded(importtime: str) -> set[str]:
    """The top-level packages that ``-X importtime`` lists."""
    lines = [line for line in importtime.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines}


@pytest.mark.parametrize("name", [name for name in crestline.__all__ if not name.startswith("__")])
def test_each_public_name_exists_and_is_documented(name: str) -> None:
    """What the package lists can be had from it and says what it is."""
    public = getattr(crestline, name)
    assert callable(public)
    assert (public.__doc__ or "").strip()


def test_a_public_function_stays_a_function_when_its_verb_is_loaded() -> None:
    """``crestline.forecast`` is callable the second time as well: no module has taken its place."""
    first = crestline.forecast
    assert crestline.forecast is first
    assert callable(crestline.forecast)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    """A mistyped name says what there is."""
    with pytest.raises(AttributeError, match=r"'forcast'; its public names are .*forecast"):
        _ = crestline.forcast


def test_dir_lists_the_public_names() -> None:
    """Completion in a notebook shows what is meant to be used."""
    assert dir(crestline) == sorted(crestline.__all__)


def test_a_plain_script_can_forecast(tmp_path: Path) -> None:
    """A script of three lines works as it stands, without a guard against its own child processes."""
    script = tmp_path / "plain.py"
    script.write_text(
        "import crestline\n"
        'forecast = crestline.forecast(crestline.load("quick"), replications=2, seed=1)\n'
        'print(forecast.measures["frt_p90_s"].value > 0)\n',
        encoding="utf-8",
    )
    assert python(str(script)).stdout == "True\n"


def test_help_loads_nothing_heavy() -> None:
    """``crestline --help`` answers at once: it loads no statistics, figures, engines or load generator."""
    done = python("-X", "importtime", "-m", "crestline", "--help")
    assert "forecast" in done.stdout
    assert loaded(done.stderr) & HEAVY == set()


def test_import_alone_loads_none_of_the_rooms() -> None:
    """``import crestline`` costs nothing until a name is used."""
    done = python("-X", "importtime", "-c", "import crestline")
    assert loaded(done.stderr) & {*HEAVY, "numpy", "pydantic", "ruamel", "typer"} == set()
