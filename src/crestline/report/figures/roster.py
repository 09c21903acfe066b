"""The roster of a plan against the demand it is made for, group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crestline.report.figures import style
from crestline.report.figures.picture import Picture
from crestline.report.figures.roster_table import roster_table
from crestline.report.record import Record

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Cell = Mapping[str, Any]
_HEIGHT = 2.0  # inches, of a group


def roster(record: Record) -> Picture | None:
    """The picture; None where the run plans nothing."""
    made = record.run.get("plan") or {}
    twin = roster_table(record.run)
    if twin is None:
        return None
    groups: dict[str, list[Cell]] = {}
    for cell in made["cells"]:
        groups.setdefault(cell["group"], []).append(cell)

    def draw(figure: Figure, narrow: bool) -> None:
        every = figure.subplots(len(groups), 1, sharex=True, squeeze=False)[:, 0]
        for axes, (name, cells) in zip(every, groups.items(), strict=True):
            _draw(axes, name, cells, narrow=narrow)
        edges = _edges(next(iter(groups.values())))
        every[-1].set_xlim(edges[0], edges[-1])
        style.clock_axis(every[-1], edges[-1] - edges[0], record.clock, offset_s=record.day_start, narrow=narrow)
        every[-1].set_xlabel("time of day")

    height = 0.8 + _HEIGHT * len(groups)
    return Picture(
        name="roster",
        title=_title(groups),
        about="For every group the persons on duty (filled), the need before it was rounded and proven (dashed), and "
        "the persons who would be busy all the time if nobody ever waited (line)"
        + ("; dotted, the persons on duty by shifts." if "on_duty" in made["cells"][0] else "."),
        twin=twin,
        draw=draw,
        height=height,
        narrow_height=height,
    )


def _title(groups: Mapping[str, Sequence[Cell]]) -> str:
    totals = [sum(cells[i]["agents"] for cells in groups.values()) for i in range(len(next(iter(groups.values()))))]
    peak = max(range(len(totals)), key=lambda i: totals[i])
    parts = [f"{cells[peak]['agents']} {name}" for name, cells in groups.items()]
    start = next(iter(groups.values()))[peak]["start"]
    return f"Most people are needed from {start} on: {' and '.join(parts)}"


def _edges(cells: Sequence[Cell]) -> list[float]:
    return [*(cell["start_s"] for cell in cells), cells[-1]["start_s"] + cells[-1]["length_s"]]


def _or_nan(need: float | None) -> float:
    return float("nan") if need is None else need


def _draw(axes: Axes, name: str, cells: Sequence[Cell], *, narrow: bool) -> None:
    edges = _edges(cells)
    lines = {
        "on duty": ([cell["agents"] for cell in cells], style.BAND_TEXT, "-", 1.4),
        "need": ([_or_nan(cell["need"]) for cell in cells], style.SAME_ROWS, style.DASHED, 1.4),
        "offered": ([cell["offered_persons"] for cell in cells], style.MEASURED, "-", 2.0),
    }
    if "on_duty" in cells[0]:
        lines["by shifts"] = ([cell["on_duty"] for cell in cells], style.LIMIT, (0, (1, 1.5)), 1.4)
    axes.stairs(lines["on duty"][0], edges, fill=True, color=style.BAND, alpha=0.55)
    for word, (values, colour, dash, width) in lines.items():
        axes.stairs(values, edges, baseline=None, color=colour, ls=dash, lw=width, label=word)
    axes.set_ylim(bottom=0, top=axes.get_ylim()[1] * 1.05)
    axes.set_ylabel(f"{name}, persons")
    if axes.get_subplotspec().is_first_row():  # type: ignore[union-attr]
        style.legend(axes, columns=2 if narrow else 4)
