"""The container files: what they name is there, and the flags that they give exist."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text("utf-8"))
LINES = [line for line in (DEPLOY / "Dockerfile").read_text("utf-8").splitlines() if line and line[0] != "#"]
STEPS = [line.split(maxsplit=1) for line in LINES]
LOCUSTFILE = ROOT / "src" / "crestline" / "locustfile.py"


def steps(word: str) -> list[str]:
    """What follows a word of the Dockerfile, wherever it stands."""
    return [rest for step, rest in STEPS if step == word]


@cache
def flags() -> set[str]:
    """Every flag that Locust knows with this project's locustfile."""
    told = subprocess.run([sys.executable, "-m", "locust", "--help"], capture_output=True, text=True, check=True)
    own = re.findall(r'add_argument\("(--[a-z-]+)"', LOCUSTFILE.read_text("utf-8"))
    return {*re.findall(r"--[a-z][a-z-]*", told.stdout), *own}


def test_the_image_is_made_of_files_that_are_there() -> None:
    """And of none that the list of what may be copied leaves out; nobody in it is root."""
    sources = [name for copied in steps("COPY") for name in copied.split()[:-1]]
    allowed = {
        line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"
    }
    assert [name for name in sources if not (ROOT / name).exists()] == []
    assert set(sources) == allowed
    assert steps("FROM") == ["python:3.12-slim"]
    assert steps("USER") == ["crestline"]
    assert steps("ENTRYPOINT") == ['["locust"]']
    assert any("--constraint constraints.txt ." in run for run in steps("RUN"))


def test_the_locustfile_is_found_where_the_container_starts() -> None:
    """``locust`` without ``-f`` reads its settings from the project's file, which is copied with what it names."""
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    (locustfile,) = re.findall(r'^locustfile = "(.*)"', settings, re.MULTILINE)
    assert (ROOT / locustfile).exists()
    assert locustfile.split("/")[0] in {name for copied in steps("COPY") for name in copied.split()}


@pytest.mark.parametrize("service", ["master", "worker"])
def test_services_give_flags_that_exist(service: str) -> None:
    given = {word.split("=")[0] for word in COMPOSE["services"][service]["command"]}
    assert given - flags() == set()
    assert f"--{service}" in given


def test_services_are_of_one_image_and_share_what_runs_leave() -> None:
    master, worker = (COMPOSE["services"][name] for name in ("master", "worker"))
    build = master["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).exists()
    assert master["image"] == worker["image"]
    assert "--master-host=master" in worker["command"]
    assert worker["deploy"]["replicas"] == "${WORKERS:-2}"
    assert "--expect-workers=${WORKERS:-2}" in master["command"]
    (place,) = steps("WORKDIR")
    assert f"reports:{place}/reports" in master["volumes"]
    assert set(COMPOSE["volumes"]) == {"reports"}


def test_every_variable_is_explained() -> None:
    """A stranger learns from the page beside the files what can be set, and each flag on that page exists."""
    told = (DEPLOY / "README.md").read_text("utf-8")
    variables = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    assert variables == set(re.findall(r"^\| `([A-Z_]+)` \|", told, re.MULTILINE))
    assert "TARGET:?" in (DEPLOY / "compose.yaml").read_text("utf-8"), "without a target nothing may start"
    for line in told.splitlines():
        if line.startswith("locust "):
            assert set(re.findall(r"--[a-z][a-z-]*", line)) - flags() == set()
