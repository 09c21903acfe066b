"""The alerts of a run: a line for every level, and a table of all of them in every world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crestline.measures.alerts import Alert
from crestline.notify import what_got_through
from crestline.report import words
from crestline.report.figures import Twin
from crestline.report.record import Record
from crestline.units import format_clock

Run = Mapping[str, Any]
WORLDS = {"live": "raised live", "measured": "measured", "same_rows": "same rows", "forecast": "forecast"}


def alert_lines(run: Run) -> list[str]:
    """A line for every level that was raised: when first, how bad it was, and whether that was to be expected.

    Then one for every channel that was to be told of them.
    """
    rows = run.get("alerts") or ()
    levels = sorted({row["level"] for row in rows})
    raised = [_line(run, level, [row for row in rows if row["level"] == level]) for level in levels]
    return [*raised, *(f"sent to {line}" for line in what_got_through(run.get("notifications") or ()))]


def are_judged(run: Run) -> bool:
    """Whether there are alerts to a run: none where it is not known who answers."""
    return run.get("kind") != "load"


def none_raised(run: Run) -> str:
    """What stands where no alert does."""
    return "No alert was raised." if are_judged(run) else "Alerts are not judged: it was a load only (--no-agents)."


def _line(run: Run, level: int, rows: Sequence[Mapping[str, Any]]) -> str:
    by_world = {world: [row for row in rows if row["world"] == world] for world in WORLDS}
    if run.get("kind") != "drill":
        return f"level {level}, {rows[0]['what']}, limit {_limit(rows[0])}: {_days(run, by_world['forecast'])}"
    said = [f"[DRILL] level {level} {_raised(run, by_world['measured'])}"]
    if by_world["same_rows"]:
        said.append(f"on the same rows at {_clock(run, by_world['same_rows'][0])}")
    return "; ".join([*said, _days(run, by_world["forecast"])])


def _raised(run: Run, rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "not raised"
    again = f", {len(rows)} times in all" if len(rows) > 1 else ""
    first = rows[0]
    of = "" if first["level"] == 3 else "of "
    return f"raised at {_clock(run, first)}{again}: {_value(first)} {of}{first['what']}, limit {_limit(first)}"


def _days(run: Run, rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "on no day of the forecast"
    return f"on {words.quantity(rows[0]['days'], 'share')} of forecast days, first at {_clock(run, rows[0])} on average"


def alert_table(record: Record, raised: Sequence[Alert]) -> Twin | None:
    """All alerts; of a run that was judged before they were written down, those of the tables."""
    rows = record.run.get("alerts")
    if rows is None:
        rows = [{"world": record.main.name if record.main else "", "measure": a.measure} | vars(a) for a in raised]
    head = ("world", "level", "what", "raised", "until", "worst", "limit")
    return Twin(head, tuple(_cells(record.run, row) for row in rows)) if rows else None


def _cells(run: Run, row: Mapping[str, Any]) -> tuple[str, ...]:
    world, end = WORLDS.get(row["world"], row["world"]), row.get("end_s")
    if "days" in row:
        world += f", on {words.quantity(row['days'], 'share')} of days"
    over = words.NOTHING if end is None else _clock(run, row, "end_s")
    return world, str(row["level"]), row["what"], _clock(run, row), over, _value(row), _limit(row)


def _clock(run: Run, row: Mapping[str, Any], name: str = "at_s") -> str:
    return format_clock((run.get("day_start") or 0.0) + round(row[name]))


def _value(row: Mapping[str, Any]) -> str:
    return words.NOTHING if row.get("value") is None else _quantity(row, row["value"])


def _limit(row: Mapping[str, Any]) -> str:
    return _quantity(row, row["limit"])


def _quantity(row: Mapping[str, Any], value: float) -> str:
    return f"{value:.1f} x" if row["level"] == 3 else words.quantity(value, "share")
