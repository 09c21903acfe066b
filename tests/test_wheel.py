"""What is installed is all that is needed: the wheel, unpacked somewhere, plays a drill in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHANGES = ("load_test.from=10:03", "load_test.for=2min", "faults=[]", "objectives=['error_rate < 50%']")
BRIEF = [word for change in CHANGES for word in ("--set", change)]
SHIPPED = {path.name for path in (ROOT / "src/crestline/scenarios").glob("*.yaml")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this source tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("crestline-*-py3-none-any.whl")
    return made


def test_everything_that_runs_is_in_the_wheel_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        names = [name for name in content.namelist() if ".dist-info/" not in name]
    there = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src/crestline").rglob("*.py")}
    there |= {f"crestline/scenarios/{name}" for name in SHIPPED} | {"crestline/py.typed"}
    there |= {f"crestline/report/templates/{name}" for name in ("index.html.j2", "style.css")}
    assert there <= set(names)
    assert {name.split("/")[0] for name in names} == {"crestline"}
    assert [name for name in names if Path(name).suffix not in {".py", ".yaml", ".j2", ".css", ".md", ".typed"}] == []


def test_an_installed_wheel_plays_a_drill_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    with zipfile.ZipFile(wheel) as content:
        content.extractall(installed)
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "crestline", "drill", "quick", *BRIEF],
        cwd=empty, env=os.environ | {"PYTHONPATH": str(installed)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert [path.name for path in empty.iterdir()] == ["reports"]
    run = json.loads((empty / "reports/latest/run.json").read_text("utf-8"))
    assert (run["verdict"], run["integrity"]["lost"]) == ("met", 0)
    with zipfile.ZipFile(wheel) as content:
        (metadata,) = [name for name in content.namelist() if name.endswith("METADATA")]
        assert f"\nVersion: {run['versions']['crestline']}\n" in content.read(metadata).decode()
