"""What a gray release came to, as tables: its steps, and what other ways of rolling out would have done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crestline.report import words
from crestline.report.figures.picture import Twin
from crestline.report.summary import table
from crestline.units import format_duration, format_share

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Plain = Mapping[str, Any]
SAID = {"promote": "PROMOTED", "roll back": "ROLLED BACK", "inconclusive": "INCONCLUSIVE"}
NAMES = {"errors": "errors", "frt": "first response", "resolution": "not resolved"}
WIDEST = 1000  # characters of a table
GIVEN = "no old version"  # in a step that leaves it no contacts


def headline(run: Plain) -> str:
    """One line: what it is, how it ended and why."""
    why = f": {run['why']}" if run["why"] else ""
    return f"{SAID[run['decision']]}{why}   exit code {run['exit_code']}"


def met(run: Plain) -> str:
    """How many contacts met the new version, and how many came out worse for it."""
    if run.get("exposed") is None or (run["world"] != "simulated" and "harmed_interval" not in run):
        return "how many contacts met the new version was not counted"
    exposed = f"{run['exposed']:,} contacts met the new version"
    if run["world"] == "simulated":
        return f"{exposed}; {run['harmed']:,} of all contacts came out worse than they would have without it"
    low, high = run["harmed_interval"]
    return f"{exposed}; about {run['harmed']:,} [{low:,}, {high:,}] were harmed, by the old version's rate at that time"


def steps(run: Plain) -> Twin:
    """A row for every step: what was decided, and how the new version compared."""
    head = ("share", "from", "lasted", "contacts", *(f"{NAMES[name]}: old, new" for name in NAMES), "decision", "why")
    return Twin(head, tuple(_step(step) for step in run["steps"]))


def _step(step: Plain) -> tuple[str, ...]:
    lasted = words.NOTHING if step["decided_s"] is None else format_duration(step["decided_s"] - step["from_s"])
    cells = [_pair(step["compared"].get(name)) for name in NAMES]
    count = f"{step['candidate']:,} of {step['candidate'] + step['baseline']:,}"
    return (format_share(step["share"]), step["start"], lasted, count, *cells, step["decision"], step["why"])


def compared(run: Plain) -> Twin:
    """A row for every measure of every step: old and new, the difference with its bound, and what was decided."""
    head = ("share", "from", "contacts", "of", "old", "new", "worse by", "at most", "margin", "decision", "why")
    rows: list[tuple[str, ...]] = []
    for step in run["steps"]:
        what = (format_share(step["share"]), step["start"], f"{step['candidate']:,} new, {step['baseline']:,} old")
        end = (step["decision"], step["why"])
        measures = [one for name in NAMES if (one := step["compared"].get(name))]
        rows += [(*what, *_measure(one), *end) for one in measures[:1]]
        rows += [("", "", "", *_measure(one), "", "") for one in measures[1:]]
        rows += [(*what, *(words.NOTHING for _ in range(6)), *end)] if not measures else []
    return Twin(head, tuple(rows))


def _measure(one: Plain) -> tuple[str, ...]:
    values = (one[name] for name in ("baseline", "candidate", "worse_by", "at_most", "margin"))
    old, new, worse_by, at_most, margin = (_signed(value, one["unit"]) for value in values)
    return (f"{NAMES[one['measure']]}{' !' if one['harm'] else ''}", old, new, worse_by, at_most, margin)


def _signed(value: float | None, unit: str) -> str:
    return f"-{_value(-value, unit)}" if value is not None and value < 0 else _value(value, unit)


def _pair(one: Plain | None) -> str:
    if one is None:
        return GIVEN
    old, new = (_value(one[version], one["unit"]) for version in ("baseline", "candidate"))
    return f"{old}, {new}{' !' if one['harm'] else ''}"


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return words.NOTHING
    return format_share(value) if unit == "share" else format_duration(value)


def policies(run: Plain) -> Twin:
    """A row for every way of rolling out: how it ended on how many days, and what it cost."""
    head = ("steps", "promoted", "rolled back", "inconclusive", "decided after", "met the new version", "harmed")
    return Twin(head, tuple(_policy(each) for each in run["policies"]))


def _policy(each: Plain) -> tuple[str, ...]:
    after = words.NOTHING if each["decided_after_s"] is None else format_duration(each["decided_after_s"])
    counts = (str(each[name]) for name in ("promoted", "rolled_back", "inconclusive"))
    return (each["policy"], *counts, after, f"{each['exposed']:,.0f}", f"{each['harmed']:,.0f}")


def markdown(run: Plain) -> str:
    """The whole of it, for the summary of a CI system."""
    return "\n".join(_lines(run)) + "\n"


def _lines(run: Plain) -> Iterator[str]:
    yield f"## {SAID[run['decision']]}: {run['scenario']}"
    yield from ("", f"{headline(run)}. {run['about_run']}. {met(run)}.", "")
    yield from table(*_parts(steps(run)))
    if run["policies"]:
        yield ""
        yield from table(*_parts(policies(run)))
    yield from ("", f"Again: `{run['command']}`")


def _parts(twin: Twin) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    return twin.head, twin.rows


def show(run: Plain, console: Console) -> None:
    """Print it on a screen."""
    from rich.table import Table

    console.print(f"CANARY  {run['scenario']}   {run['about_run']}   seed {run['seed']}", soft_wrap=True)
    console.print(f"VERDICT   {headline(run)}", soft_wrap=True)
    console.print(f"MET       {met(run)}", soft_wrap=True)
    for twin in (steps(run), *([policies(run)] if run["policies"] else [])):
        drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for heading in twin.head:
            drawn.add_column(heading, no_wrap=True)
        for row in twin.rows:
            drawn.add_row(*row)
        console.print()
        _print_wide(console, drawn)
    console.print()
    console.print(f"AGAIN     {run['command']}", soft_wrap=True)


def _print_wide(console: Console, drawn: Table) -> None:
    """Print a table as wide as it is, so that nothing of it is cut off."""
    before = console.width
    console.width = WIDEST
    console.width = max(before, console.measure(drawn).maximum)
    console.print(drawn)
    console.width = before
