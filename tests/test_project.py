"""The project's own set-up: versions without addresses, a bootstrap that says what is missing, files that are there."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def plain(name: str) -> str:
    """A distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def project_copy(folder: Path) -> Path:
    """The files that set-up reads, in a folder without a ``.venv``."""
    (folder / "scripts").mkdir()
    for name in ("scripts/bootstrap", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder / "scripts" / "bootstrap"


def bootstrap(script: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The set-up script under exactly this environment: no home, nothing inherited."""
    return subprocess.run(["/bin/sh", str(script)], env=environment, capture_output=True, text=True, check=False)


def test_constraints_hold_names_and_versions_alone() -> None:
    """Nobody's index, file or hash is written down: any index that has these versions will do."""
    assert [line for line in CONSTRAINTS if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)] == []


def test_each_dependency_is_constrained_once() -> None:
    """What the project asks for, with its extras, checks and benchmarks, is installed in one known version."""
    fixed = [plain(line.split("==")[0]) for line in CONSTRAINTS]
    extras = PROJECT["project"]["optional-dependencies"]
    asked = [PROJECT["project"]["dependencies"], *extras.values(), *PROJECT["dependency-groups"].values()]
    wanted = {plain(match[0]) for text in chain(*asked) if (match := re.match(r"[A-Za-z0-9._-]+", text))}
    assert len(fixed) == len(set(fixed))
    assert wanted - set(fixed) == set()


def test_constraints_are_in_order() -> None:
    """A version is found at a glance and a change shows as one line."""
    assert sorted(CONSTRAINTS, key=str.casefold) == CONSTRAINTS


def test_without_a_python_the_set_up_says_what_to_install(tmp_path: Path) -> None:
    """Where there is neither a fitting Python nor uv, one line says so, the code is 2, and nothing is left behind."""
    script = project_copy(tmp_path)
    (tmp_path / "empty").mkdir()
    done = bootstrap(script, PATH=str(tmp_path / "empty"))
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"bootstrap: no Python 3\.11 or newer .* install .*\n", done.stderr)
    assert not (tmp_path / ".venv").exists()


def test_a_python_that_does_not_fit_is_named(tmp_path: Path) -> None:
    """$PYTHON is taken at its word and never replaced silently."""
    script = project_copy(tmp_path)
    done = bootstrap(script, PATH="/usr/bin:/bin", PYTHON=str(tmp_path / "python2"))
    assert done.returncode == 2
    assert done.stderr.startswith(f"bootstrap: PYTHON={tmp_path}/python2 is no Python 3.11 or newer")
    assert done.stderr.count("\n") == 1


def test_a_venv_without_its_stamp_is_made_anew(tmp_path: Path) -> None:
    """A half-made ``.venv`` is not trusted."""
    script = project_copy(tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    bootstrap(script, PATH="/usr/bin:/bin", PYTHON="/nowhere/python")
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(("script", "shell"), [("scripts/bootstrap", "sh"), (".ci/run", "bash")])
def test_scripts_are_executable_and_parse(script: str, shell: str) -> None:
    """The scripts can be started as they are, and the shell they name understands them."""
    path = ROOT / script
    assert path.stat().st_mode & 0o111
    assert path.read_text(encoding="utf-8").splitlines()[0].endswith(shell)
    subprocess.run([shell, "-n", str(path)], check=True)


@pytest.mark.parametrize("name", ["LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "README.md", "reports/README.md"])
def test_the_papers_are_there(name: str) -> None:
    """Licence, changes, how to take part, how to read a report."""
    assert (ROOT / name).read_text(encoding="utf-8").strip()


def test_the_changes_name_the_version() -> None:
    """The version of the package has its section in the change notes."""
    import crestline

    assert f"## {crestline.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
