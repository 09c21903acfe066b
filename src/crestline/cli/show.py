"""A run printed on standard output, in the format that was asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from crestline.cli.options import Format
from crestline.units import format_level


def print_run(run: Mapping[str, Any], folder: Path | None, out_format: Format, *, quiet: bool = False) -> None:
    """Print what came out of a run."""
    from crestline.report import canary, summary, terminal

    told = canary.markdown if run["kind"] == "canary" else summary.summary
    if out_format is Format.json:
        typer.echo(json.dumps(run, indent=1, allow_nan=False, ensure_ascii=False))
    elif out_format is Format.markdown:
        typer.echo(told(run))
    elif run["kind"] == "canary":
        canary.show(run, terminal.screen())
    else:
        terminal.show(run, folder, terminal.screen(), quiet=quiet)


def rerun(
    verb: str,
    scenario: str,
    seed: int,
    sets: Sequence[str] | None,
    level: float | None,
    without: Sequence[str] | None = None,
) -> list[str]:
    """The words of the command that does the same again."""
    words = ["crestline", verb, scenario, "--seed", str(seed)]
    for each in sets or ():
        words += ["--set", each]
    for each in without or ():
        words += ["--without", each]
    return words + (["--level", format_level(level).replace(" ", "")] if level is not None else [])
