"""The screen at the end of a run, drawn from ``run.json``: a drill's, a forecast's, and the short one for CI.

Words carry the meaning; signs and colour only help, and both may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crestline.report import sentences, words
from crestline.report.figures.picture import Twin
from crestline.report.figures.roster_table import roster_table, shift_table
from crestline.report.objectives import ObjectiveLine, not_met, objective_lines
from crestline.report.step_table import step_table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

WIDTH = 100
_LABEL = 10
_QUIET = {"inconclusive": ("DOUBT", "LOAD", "WHY")}  # off a terminal: why a run cannot tell
_STYLES = {"met": "green", "missed": "bold red", "inconclusive": "yellow"}


def screen(width: int = WIDTH) -> Console:
    """Standard output as wide as the screen needs; wider where the terminal is; without colour off a terminal."""
    from rich.console import Console

    found = Console(highlight=False, emoji=False, markup=False)
    return Console(
        width=max(width, found.width if found.is_terminal else width),
        height=found.height,
        highlight=False,
        emoji=False,
        markup=False,
    )


def show(run: Mapping[str, Any], folder: Path | None, console: Console, *, quiet: bool = False) -> None:
    """Print what came out of a run; ``quiet`` keeps the verdict, what was not met, the load and where things are."""
    lines = objective_lines(run)
    if not quiet:
        console.print(_headline(run), soft_wrap=True)
    console.print(_verdict(run), soft_wrap=True)
    shown = not_met(lines) if quiet else lines
    if shown:
        console.print()
        console.print(_table(run, shown))
        console.print()
    for twin in (step_table(run), roster_table(run), shift_table(run)):
        if twin is not None and not quiet:
            _print_wide(console, _plain_table(twin))
    for label, text in _remarks(run, folder, quiet=quiet):
        _remark(console, label, text)


def _headline(run: Mapping[str, Any]) -> Text:
    from rich.text import Text

    return Text.assemble((f"{sentences.title(run)}  ", "bold"), "   ".join(sentences.headline(run)))


def _verdict(run: Mapping[str, Any]) -> Text:
    from rich.text import Text

    verdict = run.get("verdict") or "inconclusive"
    word = words.VERDICTS.get(verdict, verdict.upper())
    passes = words.PASSES.get(verdict, "")
    return Text.assemble(
        ("VERDICT   ", "bold"),
        (word, _STYLES.get(verdict, "")),
        f"   {passes}: {sentences.verdict_count(run)}   exit code {run.get('exit_code')}",
    )


def _table(run: Mapping[str, Any], lines: list[ObjectiveLine]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    forecast_only = run.get("kind") in sentences.MODELLED
    columns = _PLAN if run.get("kind") == "plan" else _FORECAST if forecast_only else _DRILL
    for heading in columns:
        table.add_column(heading, no_wrap=heading not in _BROKEN, overflow="fold")
    for line in lines:
        table.add_row(*_cells(line, columns))
    return table


_DRILL = ("", "OBJECTIVE", "limit", "measured", "[95 %]", "forecast", "same rows", "a day [5..95 %]", "")
_BROKEN = {"measured", "forecast", "same rows", "1 day in 20 is worse", "days that hold it"}  # where lines are short
_PLAN = ("", "OBJECTIVE", "limit", "value", "where it is closest", "")
_FORECAST = (
    "",
    "OBJECTIVE",
    "limit",
    "a day on average [95 %]",
    "1 day in 20 is worse",
    "days that hold it",
    "",
)


def _cells(line: ObjectiveLine, columns: tuple[str, ...]) -> list[Text | str]:
    from rich.text import Text

    style = _STYLES.get(line.result, "")
    sign, word = Text(line.sign, style), Text(line.word, style)
    if columns == _PLAN:
        return [sign, line.name.removesuffix(" each interval"), line.limit, line.forecast, line.why, word]
    if columns == _FORECAST:
        mean = f"{line.forecast} {line.forecast_interval}".rstrip()
        return [sign, line.name, line.limit, mean, line.worse, line.held, word]
    middle = [line.measured, line.interval, line.forecast, line.same_rows, line.band]
    return [sign, line.name, line.limit, *middle, word]


def _print_wide(console: Console, table: Table) -> None:
    """Print a table as wide as it is, so that none of its numbers is cut off."""
    before = console.width
    console.width = 10 * WIDTH
    console.width = max(before, console.measure(table).maximum)
    console.print(table)
    console.width = before
    console.print()


def _plain_table(twin: Twin) -> Table:
    """A table of the report as it stands; numbers to the right."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for heading, cells in zip(twin.head, zip(*twin.rows, strict=True), strict=True):
        numbers = all(cell[:1].isdigit() or cell == words.NOTHING for cell in cells) and ":" not in cells[0]
        table.add_column(heading.replace(" need", "\nneed"), justify="right" if numbers else "left", no_wrap=True)
    for row in twin.rows:
        table.add_row(*row)
    return table


def _remarks(run: Mapping[str, Any], folder: Path | None, *, quiet: bool) -> Iterator[tuple[str, str]]:
    """The labelled lines below the table."""
    said = sentences.remarks(run)
    yield from (remark for remark in said if not quiet or remark[0] in _QUIET.get(run.get("verdict") or "", ("LOAD",)))
    if folder is not None:
        yield "FILES", f"{folder / 'report' / 'index.html'}   junit.xml   summary.md"
    if run.get("command"):
        yield "AGAIN", str(run["command"])


def _remark(console: Console, label: str, text: str) -> None:
    """One labelled line; paths and commands are never broken, so that they can be copied."""
    from rich.table import Table
    from rich.text import Text

    if label in {"TRY", "FILES", "AGAIN"}:
        console.print(Text.assemble((label.ljust(_LABEL), "bold"), text), soft_wrap=True)
        return
    grid = Table.grid()
    grid.add_column(width=_LABEL)
    grid.add_column(overflow="fold")
    grid.add_row(Text(label, "bold"), text)
    console.print(grid)
