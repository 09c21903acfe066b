"""``crestline adapter new``: a file to start from, which is an adapter already."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crestline.errors import UsageError
from crestline.live import adapters
from crestline.live.adapters.basics import has
from crestline.verbs.adapter import new_adapter

ROOT = Path(__file__).parents[2]


# The file is loaded as it is, and its class is called as the file.
def test_a_new_adapter_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = new_adapter("my-desk", tmp_path)
    assert (made.path, made.name) == (tmp_path / "my_desk.py", "my_desk:MyDesk")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    kind = adapters.load(made.name)
    assert has(kind, "cleanup")
    assert not has(kind, "strike")
    assert "Skeleton" not in made.path.read_text(encoding="utf-8")


# Whoever has written something keeps it, and a name that no module can have is told.
def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine\.py: is there already"):
        new_adapter("mine", tmp_path)
    assert (tmp_path / "mine.py").read_text(encoding="utf-8") == "mine"
    for wrong in ("1st", "a/b", "class", ""):
        with pytest.raises(UsageError, match="expected the name of a Python module"):
            new_adapter(wrong, tmp_path)
    with pytest.raises(UsageError, match="cannot be written"):
        new_adapter("desk", tmp_path / "nowhere")


# Type checker and linter have nothing to say about it, and the command says what to do next.
def test_a_new_adapter_is_clean(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "crestline", "adapter", "new", "my_desk"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.split(":")[0]) == (0, "my_desk.py is written")
    assert done.stdout == "crestline adapter check my_desk:MyDesk --host http://127.0.0.1:8000\n"
    for tool in (["ruff", "check", "--config", str(ROOT / "pyproject.toml")], ["ruff", "format", "--check"]):
        subprocess.run([sys.executable, "-m", *tool, "my_desk.py"], cwd=tmp_path, check=True, timeout=60)
