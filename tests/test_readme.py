"""The README is true: its commands run, and what it names exists."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


class Block(NamedTuple):
    """The commands of one code block marked ``<!-- run -->``, or ``<!-- run: CODE -->``, and how each is to end."""

    commands: tuple[str, ...]
    code: int


def blocks(text: str) -> list[Block]:
    """The marked code blocks; comments and continuation lines are read as a shell reads them."""
    found = re.findall(r"<!-- run(?:: (\d+))? -->\n+```\w*\n(.*?)```", text, flags=re.DOTALL)
    return [Block(commands(body), int(code or 0)) for code, body in found]


def commands(body: str) -> tuple[str, ...]:
    """One command a line."""
    lines = body.replace("\\\n", " ").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))


def environment() -> dict[str, str]:
    """The child's environment: the package is found from any folder."""
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"}


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A ``crestline`` command as a child; the part behind ``>`` names the file that takes its output."""
    words = shlex.split(command, comments=True)
    target = folder / words[words.index(">") + 1] if ">" in words else None
    words = words[: words.index(">")] if target else words
    assert words[0] == "crestline", f"only crestline commands are run here, got {command!r}"
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if target:
        target.write_text(done.stdout, encoding="utf-8")
    return done


def verbs() -> set[str]:
    """The verbs the command has, read from its help."""
    done = run("crestline --help", ROOT)
    return set(re.findall(r"^\W*([a-z]+)\s", done.stdout, flags=re.MULTILINE))


@pytest.mark.parametrize("block", blocks(README), ids=lambda block: block.commands[0])
def test_marked_commands_run(block: Block, tmp_path: Path) -> None:
    """Commands marked to be run end as the README says, one after the other in an empty folder."""
    for command in block.commands:
        done = run(command, tmp_path)
        assert done.returncode == block.code, f"{command}\n{done.stdout}\n{done.stderr}"


def test_there_are_marked_commands() -> None:
    """The marks have not been lost in an edit."""
    assert blocks(README)


def test_verbs_named_exist() -> None:
    """Every ``crestline VERB`` in the README is a verb."""
    named = set(re.findall(r"\bcrestline ([a-z]+)\b", "\n".join(re.findall(r"```.*?```|`[^`\n]+`", README, re.DOTALL))))
    assert named
    assert named - verbs() == set()


def test_files_named_exist() -> None:
    """Every link and every path in the section "Where things are" leads somewhere."""
    links = {link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link}
    tree = README.split("## Where things are")[1].split("\n## ")[0]
    paths = set(re.findall(r"^([\w./-]+/[\w./-]*|[\w-]+\.\w+|Makefile)\s", tree, flags=re.MULTILINE))
    assert paths
    assert [name for name in sorted(links | paths) if not (ROOT / name).exists()] == []


def test_make_targets_named_exist() -> None:
    """Every ``make TARGET`` in the README is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make ([a-z]+)`?", README)):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
