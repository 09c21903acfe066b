"""The page on rehearsing a desk of one's own: its commands exist with these options, and what it names is there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import typer
from ruamel.yaml import YAML
from typer.core import TyperGroup

from crestline.cli.app import app
from crestline.live.adapters.basics import OPTIONAL
from crestline.scenario import load

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "loadtests" / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(
    {line[line.index("crestline") :] for line in PAGE.splitlines() if re.match(r"(\w+=\S+ )?crestline ", line)}
)


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_page_is_one(line: str) -> None:
    command = typer.main.get_command(app)
    words = shlex.split(line)[1:]
    while isinstance(command, TyperGroup):
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_every_verb_that_may_be_left_out_is_named() -> None:
    table = "\n".join(line for line in PAGE.splitlines() if line.startswith("|") and line.endswith("| no |"))
    assert set(re.findall(r"`(\w+)`", table)) >= {*OPTIONAL, "health"}


def test_every_load_test_of_the_page_is_one() -> None:
    for block in re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL):
        told = YAML(typ="safe").load(block)["load_test"]
        sets = [f"load_test.{key}={json.dumps(value)}" for key, value in told.items() if key not in ("from", "for")]
        assert load("monthly-drill", sets).load_test.max_rate > 0


def test_files_that_the_page_names_are_there() -> None:
    for name in re.findall(r"^\| `([\w./]+\.\w+)`", PAGE, flags=re.MULTILINE):
        assert (ROOT / "loadtests" / name).is_file(), name
    assert (ROOT / "tests" / "targets" / "start_helpdesk.py").is_file()
