"""The handbook as a drill replayed it: a sentence or two, and a table by the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crestline.report import words
from crestline.report.figures import Twin
from crestline.units import format_clock, format_duration

Run = Mapping[str, Any]
Row = Mapping[str, Any]
UNMARKED = "nobody: not marked as done"
HEAD = ("due", "phase", "step", "who", "done", "in time?", "by")


def replay_lines(run: Run) -> list[str]:
    """How many steps were done in time, which were late, and how many nobody could play."""
    rows = run.get("handbook") or ()
    done = [row for row in rows if row["done_s"] is not None]
    if not done:
        return []
    slack = _slack(run)
    late = [row for row in done if row["done_s"] > row["due_s"] + slack]
    said = [f"{len(done) - len(late)} of {len(done)} steps that a drill can see were done in time"]
    said += [f"{format_duration(row['done_s'] - row['due_s'])} late: {row['step']}" for row in late]
    people = sum(row["by"].startswith("nobody") for row in rows)
    if people:
        are = "step is people's and was" if people == 1 else "steps are people's and were"
        attended = any(row["by"] == UNMARKED for row in rows)
        why = "nobody marked them as done" if attended else "the run was unattended or ended before"
        said.append(f"{people} {are} not played: {why}")
    return said


def replay_table(run: Run) -> Twin | None:
    """Every step, by the time at which it was due."""
    rows: Sequence[Row] = run.get("handbook") or ()
    if not rows:
        return None
    slack = _slack(run)
    return Twin(HEAD, tuple(_cells(run, row, slack) for row in rows))


def _slack(run: Run) -> float:
    """Nothing is known more finely than by one look."""
    return float(next((fault["resolution_s"] for fault in run.get("faults") or ()), 0.0))


def _cells(run: Run, row: Row, slack: float) -> tuple[str, ...]:
    due, done = row["due_s"], row["done_s"]
    who = row.get("who") or row["role"]
    if done is None:
        return _clock(run, due), row["phase"], row["step"], who, words.NOTHING, words.NOTHING, row["by"]
    late = f"{format_duration(done - due)} late" if done > due + slack else "yes"
    return _clock(run, due), row["phase"], row["step"], who, _clock(run, done), late, row["by"]


def _clock(run: Run, instant_s: float) -> str:
    return format_clock(float(run.get("day_start") or 0.0) + round(instant_s))
