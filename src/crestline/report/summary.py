"""The run in markdown: for the job summary of a CI system, and for pasting into a ticket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crestline.report import sentences, words
from crestline.report.figures.roster_table import roster_table, shift_table
from crestline.report.objectives import objective_lines
from crestline.report.step_table import step_table

MOST_BYTES = 1024 * 1000  # GitHub cuts job summaries off at 1024 kB
_HEAD = ("", "objective", "limit", "measured", "95 %", "forecast", "same rows", "a day, 5..95 %", "result")


def summary(run: Mapping[str, Any]) -> str:
    """The whole summary."""
    text = "\n".join(_lines(run)) + "\n"
    if len(text.encode()) <= MOST_BYTES:
        return text
    return text.encode()[:MOST_BYTES].decode(errors="ignore") + "\n\n(cut off; the rest is in run.json)\n"


def _lines(run: Mapping[str, Any]) -> Iterator[str]:
    verdict = run.get("verdict") or "inconclusive"
    yield f"## {words.VERDICTS.get(verdict, verdict)}: {run.get('scenario')}"
    yield ""
    yield sentences.verdict_sentence(run)
    yield ""
    done = ", ".join(sentences.headline(run))
    yield f"{words.PASSES.get(verdict, '')}: {sentences.verdict_count(run)}. This was {done}."
    yield from _objectives(run)
    for twin in (step_table(run), roster_table(run), shift_table(run)):
        if twin is not None:
            yield ""
            yield from table(twin.head, twin.rows)
    yield from _remarks(run)
    if run.get("command"):
        yield from ("", f"Again: `{run['command']}`")


def _objectives(run: Mapping[str, Any]) -> Iterator[str]:
    lines = objective_lines(run)
    if not lines:
        return
    yield ""
    rows = [
        (
            line.sign,
            line.name,
            line.limit,
            line.measured,
            line.interval,
            line.forecast,
            line.same_rows,
            line.band,
            f"**{line.word}**",
        )
        for line in lines
    ]
    yield from table(_HEAD, rows)


def _remarks(run: Mapping[str, Any]) -> Iterator[str]:
    said = [f"- {label.capitalize()}: {_escaped(text)}" for label, text in sentences.remarks(run)]
    if said:
        yield ""
        yield from said


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A markdown table."""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_escaped(cell) for cell in row)} |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
