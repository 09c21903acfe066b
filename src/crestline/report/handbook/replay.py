"""The handbook as a drill replayed it: a sentence or two, and a table by the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crestline.report import words
from crestline.report.figures import Twin
from crestline.units import format_clock, format_duration

Run = Mapping[str, Any]
Row = Mapping[str, Any]
UNATTENDED = " (unattended run)"
UNMARKED, NOBODY = "nobody: not marked as done", f"nobody{UNATTENDED}"
LATER = "nobody yet: due after the drill"
REASONS = {
    UNMARKED: "{} for people, and nobody marked {} as done",
    NOBODY: "{} for people, and the run was unattended",
    LATER: "{} due after the drill",
}  # why steps were not done, by who did them
HEAD = ("due", "phase", "step", "fault", "who", "done", "in time?", "by")


def replay_lines(run: Run) -> list[str]:
    """How many steps were done in time, which were late or early, how many were not done and why."""
    rows = run.get("handbook") or ()
    done = [row for row in rows if row["done_s"] is not None]
    if not done:
        return []
    slack = _slack(run)
    late = [row for row in done if row["done_s"] > row["due_s"] + slack]
    in_time, what = len(done) - len(late), "1 step" if len(done) == 1 else f"{len(done)} steps"
    said = [f"of {what} done, {in_time} {'was' if in_time == 1 else 'were'} in time"]
    said += [f"{format_duration(row['done_s'] - row['due_s'])} late: {_named(run, row)}" for row in late]
    said += [f"done before the fault: {_named(run, row)}" for row in done if _is_early(row)]
    for by, why in REASONS.items():
        count = sum(row["by"] == by for row in rows)
        if count:
            said.append(why.format(*(("1 step is", "it") if count == 1 else (f"{count} steps are", "them"))))
    return said


def replay_table(run: Run) -> Twin | None:
    """Every step, by the time at which it was due; and the fault that it belongs to, where the run has several."""
    rows: Sequence[Row] = run.get("handbook") or ()
    if not rows:
        return None
    slack = _slack(run)
    table = (HEAD, *(_cells(run, row, slack) for row in rows))
    head, *told = table if _has_several(run) else ((*cells[:3], *cells[4:]) for cells in table)
    return Twin(head, tuple(told))


def _has_several(run: Run) -> bool:
    return len(run.get("faults") or ()) > 1


def _fault(run: Run, row: Row) -> str:
    """As the lines on faults call it; runs of before know no more than its kind."""
    planned_s = row.get("fault_planned_s")
    kind: str = row.get("fault") or words.NOTHING
    return kind if planned_s is None else f"{kind} at {_clock(run, planned_s)}"


def _named(run: Run, row: Row) -> str:
    return f"{row['step']} ({_fault(run, row)})" if _has_several(run) else row["step"]


def _is_early(row: Row) -> bool:
    effective_s = row.get("fault_effective_s")
    return effective_s is not None and row["done_s"] < effective_s


def _slack(run: Run) -> float:
    """Nothing is known more finely than by one look."""
    return float(next((fault["resolution_s"] for fault in run.get("faults") or ()), 0.0))


def _cells(run: Run, row: Row, slack: float) -> tuple[str, ...]:
    asked = (_clock(run, row["due_s"]), row["phase"], row["step"], _fault(run, row), row.get("who") or row["role"])
    if row["done_s"] is None:
        return *asked, words.NOTHING, words.NOTHING, row["by"]
    return *asked, _clock(run, row["done_s"]), _in_time(row, slack), row["by"]


def _in_time(row: Row, slack: float) -> str:
    late_s = row["done_s"] - row["due_s"]
    if late_s > slack:
        return f"{format_duration(late_s)} late"
    return "yes, before the fault" if _is_early(row) else "yes"


def _clock(run: Run, instant_s: float) -> str:
    return format_clock(float(run.get("day_start") or 0.0) + round(instant_s))
